from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rights
from accounts.api.serializers import Email
from accounts.api.views import OpenView
from aqad.lib.api.json import Parser
from aqad.lib.api.pagination import paginate
from aqad.lib.api.permissions import ANYONE
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.uploads import Multipart
from aqad.lib.api.views import View
from aqad.lib.errors import NotFound
from aqad.lib.files.documents import DOCUMENT_MAX_BYTES
from aqad.lib.files.images import IMAGE_MAX_BYTES
from aqad.lib.web.bodies import with_files
from aqad.lib.web.limits import Limit
from vendors import selectors, services
from vendors.api import serializers
from vendors.models import Vendor, VendorDocument


def _is_staff(request: Request) -> bool:
    """Whether the caller reads as staff; staff without the right to see vendors see what the public sees."""
    user = request.user
    return user.is_authenticated and user.role == "admin" and user.has_perm("vendors.view_vendor")


class RegisterView(OpenView):
    parser_classes = (Multipart,)
    longest_body = with_files(serializers.APPLICATION_MAX_BYTES)
    limits = (Limit("register", by="address"),)

    @extend_schema(
        request=serializers.VendorRegistration, responses={201: serializers.RegisteredVendorOutput}
    )
    def post(self, request: Request) -> Response:
        values = serializers.VendorRegistration.with_documents(self.input(serializers.VendorRegistration))
        vendor = services.register_vendor(**values, language=request.LANGUAGE_CODE)
        return Response(serializers.RegisteredVendorOutput(vendor).data, status=status.HTTP_201_CREATED)


class ProfileView(View):
    roles = ("vendor",)
    parser_classes = (Parser, Multipart)
    longest_body = with_files(IMAGE_MAX_BYTES)

    @extend_schema(responses=serializers.ProfileOutput)
    def get(self, request: Request) -> Response:
        return Response(serializers.ProfileOutput(selectors.vendor_of(request.user)).data)

    @extend_schema(request=serializers.VendorProfile, responses=serializers.ProfileOutput)
    def patch(self, request: Request) -> Response:
        vendor = selectors.vendor_of(request.user)
        vendor = services.update_profile(
            vendor, by=rights.actor(request), **self.input(serializers.VendorProfile)
        )
        return Response(serializers.ProfileOutput(vendor).data)


class RenewalView(View):
    roles = ("vendor",)
    parser_classes = (Multipart,)
    longest_body = with_files(DOCUMENT_MAX_BYTES)

    @extend_schema(request=serializers.Renewal, responses={201: serializers.DocumentOutput})
    def post(self, request: Request, kind: str) -> Response:
        if kind not in VendorDocument.Kind.values:
            raise NotFound()
        vendor = selectors.vendor_of(request.user)
        document = services.renew_document(
            vendor, kind, **self.input(serializers.Renewal), by=rights.actor(request)
        )
        return Response(serializers.DocumentOutput(document).data, status=status.HTTP_201_CREATED)


class ApplicationView(OpenView):
    parser_classes = (Parser, Multipart)
    longest_body = with_files(serializers.APPLICATION_MAX_BYTES)

    @extend_schema(responses=serializers.ApplicationOutput)
    def get(self, request: Request, token: str) -> Response:
        return Response(serializers.ApplicationOutput(selectors.by_application_link(token)).data)

    @extend_schema(request=serializers.Correction, responses=serializers.ApplicationOutput)
    def post(self, request: Request, token: str) -> Response:
        vendor = selectors.by_application_link(token)
        values = serializers.Correction.with_documents(self.input(serializers.Correction))
        vendor = services.correct_application(vendor, **values)
        return Response(serializers.ApplicationOutput(vendor).data)


class ApplicationLinkView(OpenView):
    @extend_schema(request=Email, responses={202: None})
    def post(self, request: Request) -> Response:
        services.send_application_link(**self.input(Email))
        return Response(status=status.HTTP_202_ACCEPTED)


class VendorsView(View):
    roles = ANYONE

    @extend_schema(
        parameters=[serializers.VendorQuery, PageQuery], responses=page_of(serializers.PublicOutput)
    )
    def get(self, request: Request) -> Response:
        wanted = self.query(serializers.VendorQuery)
        if not _is_staff(request):
            vendors = Vendor.objects.active().order_by("id")
            return paginate(request, vendors, lambda each: serializers.PublicOutput(each).data)
        found = selectors.with_documents(Vendor.objects.filter(**wanted).order_by("id"))
        reader = {"user": request.user}
        return paginate(request, found, lambda each: serializers.AdminOutput(each, context=reader).data)


class VendorView(View):
    roles = ANYONE

    @extend_schema(responses=serializers.PublicOutput)
    def get(self, request: Request, code: str) -> Response:
        if _is_staff(request):
            vendor = selectors.get_vendor(code, user=request.user)
            return Response(serializers.AdminDetail(vendor, context={"user": request.user}).data)
        return Response(serializers.PublicOutput(selectors.get_public_vendor(code)).data)


class AdminView(View):
    """One decision of an admin about one vendor."""

    roles = ("admin",)
    staff_right = "vendors.change_vendor"

    def answer(self, vendor: Vendor) -> Response:
        return Response(serializers.AdminDetail(vendor, context={"user": self.request.user}).data)

    def vendor(self, code: str) -> Vendor:
        return selectors.get_vendor(code, user=self.request.user)

    def decide(self, service: Callable[..., Vendor], code: str, asked: type[serializers.Seen]) -> Response:
        by = rights.actor(self.request)
        return self.answer(service(self.vendor(code), **self.input(asked), by=by))

    def judge(self, service: Callable[..., VendorDocument], code: str, kind: str, asked: Any) -> Response:
        vendor = self.vendor(code)
        service(vendor, kind, **self.input(asked), by=rights.actor(self.request))
        return self.answer(vendor)


class AcceptDocumentView(AdminView):
    staff_right = "vendors.change_vendordocument"

    @extend_schema(request=serializers.Acceptance, responses=serializers.AdminDetail)
    def post(self, request: Request, code: str, kind: str) -> Response:
        return self.judge(services.accept_document, code, kind, serializers.Acceptance)


class RejectDocumentView(AdminView):
    staff_right = "vendors.change_vendordocument"

    @extend_schema(request=serializers.Note, responses=serializers.AdminDetail)
    def post(self, request: Request, code: str, kind: str) -> Response:
        return self.judge(services.reject_document, code, kind, serializers.Note)


class ApproveView(AdminView):
    @extend_schema(request=serializers.Seen, responses=serializers.AdminDetail)
    def post(self, request: Request, code: str) -> Response:
        return self.decide(services.approve_vendor, code, serializers.Seen)


class RejectView(AdminView):
    @extend_schema(request=serializers.DecisionReason, responses=serializers.AdminDetail)
    def post(self, request: Request, code: str) -> Response:
        return self.decide(services.reject_vendor, code, serializers.DecisionReason)


class SuspendView(AdminView):
    @extend_schema(request=serializers.DecisionReason, responses=serializers.AdminDetail)
    def post(self, request: Request, code: str) -> Response:
        return self.decide(services.suspend_vendor, code, serializers.DecisionReason)


class ReinstateView(AdminView):
    @extend_schema(request=serializers.Seen, responses=serializers.AdminDetail)
    def post(self, request: Request, code: str) -> Response:
        return self.decide(services.reinstate_vendor, code, serializers.Seen)
