"""How a vendor joins AQAD: the application with its documents, and the page behind the mailed link."""

import logging
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.forms import EmailForm, PersonFields
from accounts.joining import limit_registrations
from accounts.views import page
from aqad.lib import uae
from aqad.lib.errors import DomainError, NotFound, Unavailable
from aqad.lib.files.clean_file import BadFile
from aqad.lib.text.form_fields import CodeField, FigureField, NameField
from aqad.lib.web.bodies import takes_files
from aqad.lib.web.checked_form import CheckedForm
from aqad.lib.web.kept_uploads import KeptUploads
from vendors import selectors, services
from vendors.api.serializers import APPLICATION_MAX_BYTES, Clean, Correction, FilesLast, VendorRegistration
from vendors.models import Vendor, VendorDocument

logger = logging.getLogger(__name__)

BROWSER_HOLDS_FILES = "X-Browser-Holds-Files"  # sent by static/js/upload.js
PAPERS = "application/pdf,image/png,image/jpeg"
PICTURES = "image/png,image/jpeg,image/webp"
NAMES = {
    VendorDocument.Kind.TRADE_LICENSE: _("Trade licence"),
    VendorDocument.Kind.VAT_CERTIFICATE: _("VAT certificate"),
}


class Paper(forms.FileField):
    """`kept` names the file that is here already from the last time, if one is."""

    kept = ""


def paper(label: Any, *, accept: str = PAPERS, required: bool = True, help_text: Any = "") -> Paper:
    widget = forms.FileInput(attrs={"accept": accept})
    return Paper(label=label, required=required, widget=widget, help_text=help_text)


class CompanyFields(forms.Form):
    """How the fields of a company that sells look."""

    company_name = NameField(
        label=_("Company name"),
        help_text=_("As it stands on the trade licence."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    trade_license_number = CodeField(
        label=_("Trade licence number"), widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    trade_license_authority = NameField(
        label=_("Issued by"), required=False, help_text=_("For example Dubai Economy and Tourism.")
    )
    trade_license_expiry_date = FigureField(
        label=_("Valid until"), required=False, widget=forms.TextInput(attrs={"type": "date"})
    )
    trn = FigureField(
        label=_("Tax registration number (TRN)"),
        help_text=_("15 digits, as on the VAT certificate."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    emirate = CodeField(
        label=_("Emirate"), widget=forms.Select(choices=[("", _("Choose an emirate")), *uae.EMIRATES])
    )
    address = NameField(
        label=_("Address of the warehouse"),
        required=False,
        help_text=_("Drivers pick the goods up here."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class VendorForm(CompanyFields, PersonFields, CheckedForm):
    serializer: ClassVar[type[FilesLast]] = VendorRegistration

    trade_license = paper(NAMES[VendorDocument.Kind.TRADE_LICENSE])
    vat_certificate = paper(NAMES[VendorDocument.Kind.VAT_CERTIFICATE])
    logo = paper(_("Logo"), accept=PICTURES, required=False)


class CorrectionForm(CompanyFields, CheckedForm):
    """What an applicant may mend: the company's details, and a file for each document that was rejected."""

    serializer: ClassVar[type[FilesLast]] = Correction

    phone = PersonFields.base_fields["phone"]

    def __init__(self, vendor: Vendor, data: Any = None, files: Any = None) -> None:
        initial = {name: getattr(vendor, name) for name in (*CompanyFields.base_fields, "phone")}
        super().__init__(data, files, initial=initial)
        for document in selectors.current_documents(vendor):
            if document.status == VendorDocument.Status.REJECTED:
                self.fields[document.kind] = paper(_name(document), help_text=document.note)


@never_cache
@sensitive_post_parameters("password")
@page
@takes_files(APPLICATION_MAX_BYTES)
def register(request: HttpRequest) -> HttpResponse:
    """An application with its documents; it waits for a decision, and a link to it is mailed."""
    if request.method == "POST":
        limit_registrations(request)
    kept = KeptUploads(request.session, "vendor-registration")
    form = VendorForm(request.POST or None, kept.added_to(request.FILES) or None)
    if request.method == "POST" and form.is_valid():
        try:
            values = VendorRegistration.with_documents(form.checked)
            services.register_vendor(**values, language=request.LANGUAGE_CODE)
            kept.forget()
            return redirect("register-vendor-sent")
        except DomainError as error:
            form.refuse(error)
    _keep(request, form, kept)
    return render(request, "vendors/register.html", {"form": form, "dropped": _dropped(request, form, kept)})


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next with an application."""
    return render(request, "vendors/register_sent.html")


@never_cache
@page
@takes_files(APPLICATION_MAX_BYTES)
def application(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the mailed link: where the application stands, and a form while there is something to mend."""
    try:
        vendor = selectors.by_application_link(token)
    except NotFound:
        return render(
            request, "vendors/application_link.html", {"form": EmailForm(), "over": True}, status=404
        )
    kept = KeptUploads(request.session, f"application-{vendor.code}")
    form = _correction(request, vendor, kept)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            services.correct_application(vendor, **Correction.with_documents(form.checked))
            kept.forget()
            messages.success(request, gettext("Thank you. We check it again and write to you."))
            return redirect(request.path)
        except DomainError as error:
            form.refuse(error)
    if form is not None:
        _keep(request, form, kept)
    dropped = form is not None and _dropped(request, form, kept)
    return render(request, "vendors/application.html", {**_shown(vendor), "form": form, "dropped": dropped})


@never_cache
@page
def application_link(request: HttpRequest) -> HttpResponse:
    """A new link for whoever lost the mail, or whose link is too old."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.send_application_link(form.cleaned_data["email"])
        messages.success(request, gettext("If an application has this address, a link is on its way to it."))
        return redirect("sign-in")
    return render(request, "vendors/application_link.html", {"form": form})


def _correction(request: HttpRequest, vendor: Vendor, kept: KeptUploads) -> CorrectionForm | None:
    if vendor.status != Vendor.Status.REJECTED:
        return None
    sent = (request.POST, kept.added_to(request.FILES)) if request.method == "POST" else ()
    return CorrectionForm(vendor, *sent)


def _shown(vendor: Vendor) -> dict[str, Any]:
    documents = [(_name(each), each) for each in selectors.current_documents(vendor)]
    return {"vendor": vendor, "documents": documents}


def _keep(request: HttpRequest, form: VendorForm | CorrectionForm, kept: KeptUploads) -> None:
    """Hold the good files of a refused form, unless a script in the browser does; its fields say so."""
    may_hold = BROWSER_HOLDS_FILES not in request.headers and not form.is_unavailable
    if form.errors and may_hold:
        for name, clean in form.serializer.files.items():
            if name in request.FILES and name not in form.errors:
                _keep_one(name, clean, request.FILES[name], form, kept)
    for name, field in form.fields.items():
        if isinstance(field, Paper) and name not in form.errors:
            field.kept = "".join(kept.names.get(name, []))


def _keep_one(name: str, clean: Clean, file: Any, form: forms.Form, kept: KeptUploads) -> None:
    try:
        kept.keep(name, [(clean(file), file.name)])
    except BadFile as error:
        form.add_error(name, str(error.message))
    except Unavailable:
        logger.warning("the file of a refused form was not held", exc_info=True)


def _dropped(request: HttpRequest, form: forms.Form, kept: KeptUploads) -> bool:
    """Whether files came that neither the browser nor AQAD still has: the page asks for them kindly."""
    return bool(form.errors) and any(name not in kept.names | form.errors for name in request.FILES)


def _name(document: VendorDocument) -> Any:
    return NAMES[VendorDocument.Kind(document.kind)]
