from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rights
from accounts.api.views import OpenView
from aqad.lib.api.pagination import paginate
from aqad.lib.api.serializers import ReasonInput
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.views import View
from aqad.lib.web.limits import Limit
from retailers import selectors, services
from retailers.api import serializers
from retailers.models import Address, Retailer


class RegisterView(OpenView):
    limits = (Limit("register", by="address"),)

    @extend_schema(
        request=serializers.RetailerRegistration, responses={201: serializers.RegisteredRetailerOutput}
    )
    def post(self, request: Request) -> Response:
        values = self.input(serializers.RetailerRegistration)
        retailer = services.register_retailer(**values, language=request.LANGUAGE_CODE)
        return Response(serializers.RegisteredRetailerOutput(retailer).data, status=status.HTTP_201_CREATED)


class ProfileView(View):
    roles = ("retailer",)

    @extend_schema(responses=serializers.RetailerOutput)
    def get(self, request: Request) -> Response:
        return Response(serializers.RetailerOutput(selectors.retailer_of(request.user)).data)

    @extend_schema(request=serializers.RetailerProfile, responses=serializers.RetailerOutput)
    def patch(self, request: Request) -> Response:
        retailer = selectors.retailer_of(request.user)
        retailer = services.update_profile(
            retailer, by=rights.actor(request), **self.input(serializers.RetailerProfile)
        )
        return Response(serializers.RetailerOutput(retailer).data)


class AddressesView(View):
    roles = ("retailer",)

    @extend_schema(parameters=[PageQuery], responses=page_of(serializers.AddressOutput))
    def get(self, request: Request) -> Response:
        addresses = selectors.retailer_of(request.user).addresses.order_by("-is_default", "id")
        return paginate(request, addresses, lambda each: serializers.AddressOutput(each).data)

    @extend_schema(request=serializers.AddressInput, responses={201: serializers.AddressOutput})
    def post(self, request: Request) -> Response:
        retailer = selectors.retailer_of(request.user)
        address = services.add_address(
            retailer, by=rights.actor(request), **self.input(serializers.AddressInput)
        )
        return Response(serializers.AddressOutput(address).data, status=status.HTTP_201_CREATED)


class AddressView(View):
    roles = ("retailer",)

    @extend_schema(responses=serializers.AddressOutput)
    def get(self, request: Request, address_id: int) -> Response:
        return Response(serializers.AddressOutput(self._own(address_id)).data)

    @extend_schema(request=serializers.AddressInput, responses=serializers.AddressOutput)
    def patch(self, request: Request, address_id: int) -> Response:
        changes = self.input(serializers.AddressInput, partial=True)
        address = services.change_address(self._own(address_id), by=rights.actor(request), **changes)
        return Response(serializers.AddressOutput(address).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, address_id: int) -> Response:
        services.remove_address(self._own(address_id), by=rights.actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _own(self, address_id: int) -> Address:
        return selectors.get_address(selectors.retailer_of(self.request.user), address_id)


class RetailersView(View):
    roles = ("admin",)
    staff_right = "retailers.view_retailer"

    @extend_schema(
        parameters=[serializers.RetailerQuery, PageQuery], responses=page_of(serializers.RetailerOutput)
    )
    def get(self, request: Request) -> Response:
        wanted = self.query(serializers.RetailerQuery)
        retailers = Retailer.objects.visible_to(request.user).filter(**wanted).order_by("id")
        return paginate(request, retailers, lambda each: serializers.RetailerOutput(each).data)


class RetailerView(View):
    roles = ("admin",)
    staff_right = "retailers.view_retailer"

    @extend_schema(responses=serializers.RetailerOutput)
    def get(self, request: Request, code: str) -> Response:
        return Response(serializers.RetailerOutput(selectors.get_retailer(code, user=request.user)).data)


class SuspendView(View):
    roles = ("admin",)
    staff_right = "retailers.change_retailer"

    @extend_schema(request=ReasonInput, responses=serializers.RetailerOutput)
    def post(self, request: Request, code: str) -> Response:
        retailer = selectors.get_retailer(code, user=request.user)
        retailer = services.suspend_retailer(retailer, **self.input(ReasonInput), by=rights.actor(request))
        return Response(serializers.RetailerOutput(retailer).data)


class ReinstateView(View):
    roles = ("admin",)
    staff_right = "retailers.change_retailer"

    @extend_schema(request=None, responses=serializers.RetailerOutput)
    def post(self, request: Request, code: str) -> Response:
        retailer = selectors.get_retailer(code, user=request.user)
        return Response(
            serializers.RetailerOutput(services.reinstate_retailer(retailer, by=rights.actor(request))).data
        )
