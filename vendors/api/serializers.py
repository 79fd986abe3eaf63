from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts import services as accounts
from accounts.api.serializers import PasswordField
from accounts.models import User
from aqad.lib.api.serializers import (
    EmirateField,
    Input,
    MoneyField,
    PhoneField,
    ReasonInput,
    TrnField,
)
from aqad.lib.api.texts import CodeField, DateField, EmailField, FreeTextField, NameField
from aqad.lib.errors import DomainError
from aqad.lib.files.clean_file import BadFile, CleanFile, Upload
from aqad.lib.files.documents import DOCUMENT_MAX_BYTES, clean_document
from aqad.lib.files.fields import CleanDocumentField, CleanImageField
from aqad.lib.files.images import IMAGE_MAX_BYTES, LOGO, clean_image
from aqad.lib.files.storage import private_url, public_url
from vendors import selectors
from vendors.history import version_of
from vendors.models import Vendor, VendorDocument

Clean = Callable[[Upload], CleanFile]
# Who applies is not signed in, nor is the holder of a mailed link.
DOCUMENTS: dict[str, Clean] = dict.fromkeys(
    VendorDocument.Kind.values, partial(clean_document, stranger=True)
)
APPLICATION_MAX_BYTES = len(DOCUMENTS) * DOCUMENT_MAX_BYTES + IMAGE_MAX_BYTES


class FilesLast(Input):
    """A form whose files are looked into only when every other field is good: that costs the most."""

    files: dict[str, Clean] = {}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        errors = {}
        for name, clean in self.files.items():
            if name not in attrs:
                continue
            try:
                attrs[name] = clean(attrs[name])
            except BadFile as error:
                errors[name] = [ErrorDetail(str(error.message), code=error.code)]
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    @staticmethod
    def with_documents(values: dict[str, Any]) -> dict[str, Any]:
        """The same values with the documents under one name, by kind."""
        documents = {kind: values.pop(kind) for kind in DOCUMENTS if kind in values}
        return {**values, "documents": documents}


class VendorRegistration(FilesLast):
    files = {**DOCUMENTS, "logo": partial(clean_image, rules=LOGO, stranger=True)}

    name = NameField(max_length=120)
    email = EmailField()
    phone = PhoneField()
    password = PasswordField()
    company_name = NameField(max_length=160)
    trade_license_number = CodeField(max_length=60)
    trade_license_authority = NameField(max_length=120, required=False, allow_blank=True)
    trade_license_expiry_date = DateField(required=False)
    trn = TrnField()
    emirate = EmirateField()
    address = NameField(max_length=300, required=False, allow_blank=True)
    trade_license = serializers.FileField()
    vat_certificate = serializers.FileField()
    logo = serializers.FileField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        person = User(email=attrs["email"], name=attrs["name"])
        _check(lambda: accounts.check_new_password(attrs["password"], user=person))
        accounts.refuse_taken_email(attrs["email"])
        return super().validate(attrs)


class Correction(FilesLast):
    files = DOCUMENTS

    company_name = NameField(max_length=160, required=False)
    phone = PhoneField(required=False)
    trade_license_number = CodeField(max_length=60, required=False)
    trade_license_authority = NameField(max_length=120, required=False, allow_blank=True)
    trade_license_expiry_date = DateField(required=False)
    trn = TrnField(required=False)
    emirate = EmirateField(required=False)
    address = NameField(max_length=300, required=False, allow_blank=True)
    trade_license = serializers.FileField(required=False)
    vat_certificate = serializers.FileField(required=False)


class Renewal(Input):
    file = CleanDocumentField()
    expiry_date = DateField(required=False)


class VendorProfile(Input):
    phone = PhoneField(required=False)
    emirate = EmirateField(required=False)
    address = NameField(max_length=300, required=False, allow_blank=True)
    min_order_value = MoneyField(required=False)
    logo = CleanImageField(LOGO, required=False)


class Seen(Input):
    """What was looked at, so that nobody decides over another's decision."""

    seen = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The `version` decided about: 409 `changed_meanwhile` if anything happened since.",
    )


class DecisionReason(ReasonInput, Seen):
    pass


class Note(Seen):
    note = FreeTextField(max_length=1000)


class Acceptance(Seen):
    expiry_date = DateField(required=False)


class VendorQuery(Input):
    status = serializers.ChoiceField(Vendor.Status.choices, required=False)


class RegisteredVendorOutput(serializers.Serializer[Vendor]):
    id = serializers.CharField(source="code")
    status = serializers.CharField()
    company_name = serializers.CharField()
    email = serializers.EmailField()


class PublicOutput(serializers.Serializer[Vendor]):
    """What anyone may know of an active vendor."""

    id = serializers.CharField(source="code")
    company_name = serializers.CharField()
    emirate = serializers.CharField()
    logo = serializers.SerializerMethodField()

    def get_logo(self, vendor: Vendor) -> str | None:
        return public_url(vendor.logo) if vendor.logo else None


class DocumentOutput(serializers.Serializer[VendorDocument]):
    kind = serializers.CharField()
    status = serializers.CharField()
    note = serializers.CharField()
    expiry_date = serializers.DateField(allow_null=True)
    url = serializers.SerializerMethodField()
    uploaded_at = serializers.DateTimeField()

    def get_url(self, document: VendorDocument) -> str:
        """A link that works for a few minutes."""
        return private_url(document.file)


class StateOutput(serializers.Serializer[VendorDocument]):
    """A document without its file: a mailed link may have been passed on."""

    kind = serializers.CharField()
    status = serializers.CharField()
    note = serializers.CharField()
    expiry_date = serializers.DateField(allow_null=True)
    uploaded_at = serializers.DateTimeField()


class ApplicationOutput(RegisteredVendorOutput):
    phone = serializers.CharField()
    trade_license_number = serializers.CharField()
    trade_license_authority = serializers.CharField()
    trade_license_expiry_date = serializers.DateField(allow_null=True)
    trn = serializers.CharField()
    emirate = serializers.CharField()
    address = serializers.CharField()
    reason = serializers.CharField(source="decision_reason")
    documents = serializers.SerializerMethodField()

    @extend_schema_field(StateOutput(many=True))
    def get_documents(self, vendor: Vendor) -> Any:
        return [StateOutput(each).data for each in selectors.current_documents(vendor)]


class ProfileOutput(ApplicationOutput):
    """What a vendor sees of itself."""

    tin = serializers.CharField()
    selling_paused_at = serializers.DateTimeField(allow_null=True)
    logo = serializers.SerializerMethodField()
    min_order_value = MoneyField()
    created_at = serializers.DateTimeField()

    def get_logo(self, vendor: Vendor) -> str | None:
        return public_url(vendor.logo) if vendor.logo else None

    @extend_schema_field(DocumentOutput(many=True))
    def get_documents(self, vendor: Vendor) -> Any:
        return [DocumentOutput(each).data for each in selectors.current_documents(vendor)]


class StaffDocumentOutput(StateOutput):
    url = serializers.SerializerMethodField()

    def get_url(self, document: VendorDocument) -> str | None:
        """As a vendor's own; null for staff who do not review documents."""
        may = self.context["user"].has_perm("vendors.view_vendordocument")
        return private_url(document.file) if may else None


class AdminOutput(ProfileOutput):
    """What staff see of any vendor. The context's `user` is who looks."""

    decided_at = serializers.DateTimeField(allow_null=True)
    warnings = serializers.SerializerMethodField()

    def get_warnings(self, vendor: Vendor) -> list[str]:
        """`trn_check_digit`: the TRN's last digit does not fit; some real ones do not."""
        return selectors.warnings_about(vendor)

    @extend_schema_field(StaffDocumentOutput(many=True))
    def get_documents(self, vendor: Vendor) -> Any:
        found = selectors.current_documents(vendor)
        return [StaffDocumentOutput(each, context=self.context).data for each in found]


class AdminDetail(AdminOutput):
    version = serializers.SerializerMethodField()

    def get_version(self, vendor: Vendor) -> int:
        """Grows with whatever is decided or changed; decisions take it as `seen`."""
        return version_of(vendor)


def _check(check: Callable[[], None]) -> None:
    """Turn a refusal of fields into the serializer's own, so that it stands beside the others."""
    try:
        check()
    except DomainError as error:
        raise serializers.ValidationError(error.errors) from error
