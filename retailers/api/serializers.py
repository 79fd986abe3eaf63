from typing import Any

from rest_framework import serializers

from accounts.api.serializers import PasswordField
from aqad.lib.api.serializers import EmailField, EmirateField, Input, PhoneField, TrnField
from retailers.models import Address, Retailer


class _Text(serializers.CharField):
    """A text that may be left out or empty."""

    def __init__(self, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, required=False, allow_blank=True, **kwargs)


class AddressInput(Input):
    label = _Text(60)  # type: ignore[assignment] # a field of this name, not the serializer's own
    contact_name = _Text(120)
    phone = PhoneField(required=False, allow_blank=True)
    line1 = serializers.CharField(max_length=160)
    line2 = _Text(160)
    area = _Text(80)
    city = _Text(80)
    emirate = EmirateField()
    makani = _Text(12)
    po_box = _Text(20)
    is_default = serializers.BooleanField(required=False)


class RetailerRegistration(Input):
    name = serializers.CharField(max_length=120)
    email = EmailField()
    phone = PhoneField()
    password = PasswordField()
    company_name = serializers.CharField(max_length=160)
    trade_license_number = _Text(60)
    trn = TrnField(required=False, allow_blank=True)
    address = AddressInput(required=False)


class RetailerProfile(Input):
    company_name = serializers.CharField(max_length=160, required=False)
    phone = PhoneField(required=False)
    trade_license_number = _Text(60)
    trn = TrnField(required=False, allow_blank=True)


class RetailerQuery(Input):
    status = serializers.ChoiceField(Retailer.Status.choices, required=False)


class RegisteredRetailerOutput(serializers.Serializer[Retailer]):
    id = serializers.CharField(source="code")
    status = serializers.CharField()
    company_name = serializers.CharField()
    email = serializers.EmailField()


class RetailerOutput(RegisteredRetailerOutput):
    phone = serializers.CharField()
    trade_license_number = serializers.CharField()
    trn = serializers.CharField()
    created_at = serializers.DateTimeField()


class AddressOutput(serializers.Serializer[Address]):
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    contact_name = serializers.CharField()
    phone = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    area = serializers.CharField()
    city = serializers.CharField()
    emirate = serializers.CharField()
    makani = serializers.CharField()
    po_box = serializers.CharField()
    is_default = serializers.BooleanField()
