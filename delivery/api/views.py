from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import KEY_HEADER, idempotent
from aqad.lib import codes
from aqad.lib.api.json import Parser
from aqad.lib.api.pagination import paginate
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.uploads import Multipart
from aqad.lib.api.views import View
from aqad.lib.errors import Invalid
from aqad.lib.files.images import IMAGE_MAX_BYTES
from aqad.lib.files.storage import delete_private, stored_files
from aqad.lib.web.bodies import with_files
from delivery import selectors, services
from delivery.api import answers, shapes
from delivery.api.serializers import (
    AssignInput,
    DeliveryQuery,
    DriverInput,
    NewDriverInput,
    PartnerInput,
)
from delivery.models import Delivery, DeliveryPartner
from delivery.reports import StepInput, step
from orders.models import Order


class PartnersView(View):
    roles = ("admin",)
    staff_right = {"GET": "delivery.view_deliverypartner", "POST": "delivery.add_deliverypartner"}

    @extend_schema(parameters=[PageQuery], responses=page_of(shapes.PartnerShape))
    def get(self, request: Request) -> Response:
        """Delivery partners, oldest first."""
        return paginate(request, selectors.partners(), answers.partner_answer)

    @extend_schema(request=PartnerInput, responses={201: shapes.PartnerShape})
    def post(self, request: Request) -> Response:
        """Add a delivery partner."""
        partner = services.create_partner(**self.input(PartnerInput), by=request.user)
        return Response(answers.partner_answer(partner), status=201)


class PartnerView(View):
    roles = ("admin",)
    staff_right = {"GET": "delivery.view_deliverypartner", "PATCH": "delivery.change_deliverypartner"}

    @extend_schema(responses=shapes.PartnerShape)
    def get(self, request: Request, code: str) -> Response:
        """One delivery partner."""
        return Response(answers.partner_answer(_partner(code)))

    @extend_schema(request=PartnerInput, responses=shapes.PartnerShape)
    def patch(self, request: Request, code: str) -> Response:
        """Change a delivery partner. An inactive one gets no more work."""
        partner = _partner(code)
        changes = self.input(PartnerInput, partial=True)
        return Response(answers.partner_answer(services.update_partner(partner, by=request.user, **changes)))


class DriversView(View):
    roles = ("admin",)
    staff_right = {"GET": "delivery.view_driver", "POST": "delivery.add_driver"}

    @extend_schema(parameters=[PageQuery], responses=page_of(shapes.DriverShape))
    def get(self, request: Request, code: str) -> Response:
        """The partner's drivers."""
        return paginate(request, selectors.drivers_of(_partner(code)), answers.driver_answer)

    @extend_schema(request=NewDriverInput, responses={201: shapes.DriverShape})
    def post(self, request: Request, code: str) -> Response:
        """Add a driver; without a password an invitation is mailed."""
        partner = _partner(code)
        driver = services.add_driver(partner, **self.input(NewDriverInput), by=request.user)
        return Response(answers.driver_answer(driver), status=201)


class DriverView(View):
    roles = ("admin",)
    staff_right = "delivery.change_driver"

    @extend_schema(request=DriverInput, responses=shapes.DriverShape)
    def patch(self, request: Request, code: str, driver_id: int) -> Response:
        """Change a driver, or end and restore access."""
        driver = get_object_or_404(selectors.drivers_of(_partner(code)), pk=driver_id)
        changes = self.input(DriverInput, partial=True)
        return Response(answers.driver_answer(services.update_driver(driver, by=request.user, **changes)))


class DeliveriesView(View):
    roles = {"GET": ("driver", "retailer", "vendor", "admin"), "POST": ("admin",)}
    staff_right = {"GET": "delivery.view_delivery", "POST": "delivery.change_delivery"}

    @extend_schema(parameters=[DeliveryQuery, PageQuery], responses=page_of(shapes.DeliveryShape))
    def get(self, request: Request) -> Response:
        """What you may see, newest first."""
        found = selectors.deliveries_of(request.user, **self.query(DeliveryQuery))
        return paginate(request, found, lambda delivery: answers.delivery_answer(delivery, request.user))

    @extend_schema(request=AssignInput, responses=shapes.DeliveryShape)
    def post(self, request: Request) -> Response:
        """Assign or re-assign by hand, before pick-up."""
        asked = self.input(AssignInput)
        order = Order.objects.filter(pk=codes.parse(asked["order"], "ORD") or 0).first()
        partner = DeliveryPartner.objects.filter(pk=codes.parse(asked["partner"], "DP") or 0).first()
        if order is None or partner is None:
            field = "order" if order is None else "partner"
            raise Invalid(errors={field: [_("There is none with this code.")]})
        return _answer(request, services.assign_by_hand(order, partner, by=request.user))


class DeliveryView(View):
    roles = ("driver", "retailer", "vendor", "admin")
    staff_right = "delivery.view_delivery"

    @extend_schema(responses=shapes.DeliveryShape)
    def get(self, request: Request, code: str) -> Response:
        """One delivery; the retailer alone sees its PIN."""
        return _answer(request, _visible(request, code))


class StatusView(View):
    roles = ("driver",)
    parser_classes = (Parser, Multipart)
    longest_body = with_files(IMAGE_MAX_BYTES)

    @extend_schema(parameters=[KEY_HEADER], request=StepInput, responses=shapes.DeliveryShape)
    def post(self, request: Request, code: str) -> Response:
        """Report a step; multipart with a photo. Takes an `Idempotency-Key`."""
        delivery = _visible(request, code)
        values = self.input(StepInput)
        reported = step(values)
        with stored_files():  # the PIN is tried and the photo stored before the transaction begins
            proof = services.prepare_step(delivery, reported, photo=values.get("photo"), by=request.user)
            response = self._report(request, delivery, reported, proof)
        if proof.photo and response.has_header("Idempotent-Replayed"):
            delete_private(proof.photo)  # the first request's photo is the one that counts
        return response

    @idempotent("delivery-status")
    def _report(
        self, request: Request, delivery: Delivery, reported: services.Step, proof: services.Proof
    ) -> Response:
        return _answer(request, services.report_step(delivery, reported, proof=proof, by=request.user))


def _answer(request: Request, delivery: Delivery) -> Response:
    """Read anew: what was just written, loaded as a list would."""
    found = selectors.deliveries_of(request.user).get(pk=delivery.pk)
    return Response(answers.delivery_answer(found, request.user))


def _visible(request: Request, code: str) -> Delivery:
    visible = Delivery.objects.visible_to(request.user)
    return get_object_or_404(visible, pk=codes.parse(code, Delivery.CODE_PREFIX))


def _partner(code: str) -> DeliveryPartner:
    return get_object_or_404(DeliveryPartner, pk=codes.parse(code, DeliveryPartner.CODE_PREFIX))
