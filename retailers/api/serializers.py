from typing import Any

from rest_framework import serializers

from accounts.api.serializers import PasswordField
from aqad.lib.api.serializers import EmirateField, Input, PhoneField, TrnField
from aqad.lib.api.texts import CodeField, EmailField, FigureField, NameField
from retailers.models import Address, Retailer

OPTIONAL: dict[str, Any] = {"required": False, "allow_blank": True}


class AddressInput(Input):
    label = NameField(max_length=60, **OPTIONAL)  # type: ignore[assignment] # a field of this name, not the serializer's own
    contact_name = NameField(max_length=120, **OPTIONAL)
    phone = PhoneField(required=False, allow_blank=True)
    line1 = NameField(max_length=160)
    line2 = NameField(max_length=160, **OPTIONAL)
    area = NameField(max_length=80, **OPTIONAL)
    city = NameField(max_length=80, **OPTIONAL)
    emirate = EmirateField()
    makani = FigureField(max_length=12, **OPTIONAL)
    po_box = FigureField(max_length=20, **OPTIONAL)
    is_default = serializers.BooleanField(required=False)


class RetailerRegistration(Input):
    name = NameField(max_length=120)
    email = EmailField()
    phone = PhoneField()
    password = PasswordField()
    company_name = NameField(max_length=160)
    trade_license_number = CodeField(max_length=60, **OPTIONAL)
    trn = TrnField(required=False, allow_blank=True)
    address = AddressInput(required=False)


class RetailerProfile(Input):
    company_name = NameField(max_length=160, required=False)
    phone = PhoneField(required=False)
    trade_license_number = CodeField(max_length=60, **OPTIONAL)
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
