from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import rights, services
from accounts.models import User
from accounts.password_again import asks_password_again
from accounts.second_factor import has_second_factor
from aqad.lib.admin import CappedPaginator, ReasonForm, SearchByCode, act_on_each, required_reason
from aqad.lib.errors import AlreadyExists
from aqad.lib.text.form_fields import EmailField, NameField, PhoneField
from audit.history import WithHistory

RIGHTS = ("is_superuser", "groups", "user_permissions")


class InvitationForm(forms.ModelForm):
    """A new staff member, who chooses the password by a mailed link."""

    class Meta:
        model = User
        fields = ("email", "name", "phone", "language", "groups")
        field_classes: ClassVar = {"email": EmailField, "name": NameField, "phone": PhoneField}

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        try:
            services.refuse_taken_email(email)
        except AlreadyExists as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return email


class PersonForm(forms.ModelForm):
    """A corrected e-mail is not taken over at once: a link to it is mailed."""

    class Meta:
        model = User
        fields = ("email", "name", "phone", "language", *RIGHTS)
        field_classes: ClassVar = {"email": EmailField, "name": NameField, "phone": PhoneField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = False
            self.fields["email"].help_text = _(
                "Another one is mailed a link, and counts once that is opened."
            )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not email or email == self.instance.email:
            return self.instance.email
        try:
            services.refuse_taken_email(email)
        except AlreadyExists as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return email


@admin.register(User)
class UserAdmin(WithHistory, SearchByCode):
    list_display = ("email", "name", "role", "code", "access", "last_login")
    list_filter = ("role", "access", "language", "groups")
    search_people = ("pk",)
    search_fields = ("=phone",)
    search_texts = ("email", "name")
    search_help_text = _("E-mail, name (three letters or more), phone as +971…, or the code of a company")
    paginator = CappedPaginator
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": (("email", "role", "code", "access"), ("name", "phone", "language"))}),
        (_("Sign-in"), {"fields": (("email_verified_at", "last_login", "created_at"), "second_factor")}),
        (_("Rights"), {"fields": RIGHTS}),
    )
    form = PersonForm
    readonly_fields = (
        *("role", "code", "access", "email_verified_at", "last_login", "created_at"),
        "second_factor",
    )
    action_form = ReasonForm
    actions = ("send_reset_link", "end_sessions", "deactivate", "reactivate", "reset_second_factor")

    def history_codes(self, thing: User) -> list[str]:
        """The log names people of a company by its code, others by their e-mail."""
        return [thing.code or thing.email, thing.email]

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user: User) -> bool:
        return has_second_factor(user)

    # Forms ------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if obj is None:
            kwargs |= {"form": InvitationForm, "fields": InvitationForm.Meta.fields}
        return super().get_form(request, obj, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": InvitationForm.Meta.fields}),)
        return self.fieldsets if obj.is_staff else self.fieldsets[:2]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights are given to staff only, by a superuser, and never to oneself."""
        if obj is None:
            return ()
        may = request.user.is_superuser and obj.is_staff and obj.pk != request.user.pk
        is_over = obj.access == User.Access.DEACTIVATED
        return (*self.readonly_fields, *(() if may else RIGHTS), *(("email",) if is_over else ()))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """What gives or takes rights asks for the password again: a new staff member, and a present one."""
        about_staff = object_id is None or self._is_of_staff(request, object_id)
        if request.method == "POST" and request.user.is_superuser and about_staff:
            return self._save_after_password(request, object_id, *args, **kwargs)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _is_of_staff(self, request: HttpRequest, object_id: str) -> bool:
        """Read as Django reads it: one key can be written in many ways."""
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        person = self.get_object(request, unquote(object_id), to_field)
        return person is not None and person.is_staff

    @asks_password_again
    def _save_after_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        by = rights.actor(request)
        if not change:
            invited = services.invite_staff(**form.cleaned_data, by=by)
            obj.pk = invited.pk
            return
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name not in RIGHTS}
        if email := changes.pop("email", ""):
            self._correct_email(request, obj, email)
        if changes:
            services.update_person(obj, by=by, **changes)

    def _correct_email(self, request: HttpRequest, person: User, email: str) -> None:
        person.refresh_from_db(fields=["email"])  # the form has put the new one there already
        if email == person.email:
            return
        services.correct_email(person, email=email, by=rights.actor(request))
        said = _("A link was mailed to %(email)s. The address counts once the person has opened it.")
        self.message_user(request, said % {"email": email})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Rights go through the service, which ends the sessions of whoever has other ones now."""
        if not set(RIGHTS) & set(form.changed_data) or not change:
            return
        services.change_rights(
            form.instance,
            groups=form.cleaned_data["groups"],
            permissions=form.cleaned_data["user_permissions"],
            is_superuser=form.cleaned_data["is_superuser"],
            by=rights.actor(request),
        )

    # Who may ----------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        over_staff = isinstance(obj, User) and obj.is_staff and not request.user.is_superuser
        return not over_staff and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_end_sessions_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.end_sessions")

    def has_deactivate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.deactivate_user")

    def has_reactivate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.reactivate_user")

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.reset_second_factor")

    # Actions ----------------------------------------------------------------------------------

    @admin.action(description=_("Mail a link to choose a new password"), permissions=["change"])
    def send_reset_link(self, request: HttpRequest, users: QuerySet[User]) -> None:
        act_on_each(self, request, users, lambda user: services.request_reset(user.email))

    @admin.action(description=_("End all sessions (with a reason)"), permissions=["end_sessions"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._with_reason(request, users, services.sign_out_everywhere)

    @admin.action(description=_("Deactivate (with a reason)"), permissions=["deactivate"])
    @asks_password_again
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._with_reason(request, users, services.deactivate)

    @admin.action(description=_("Reactivate (with a reason)"), permissions=["reactivate"])
    def reactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._with_reason(request, users, services.reactivate)

    @admin.action(description=_("Reset the second factor (with a reason)"), permissions=["reset"])
    @asks_password_again
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self._with_reason(request, users, services.reset_second_factor)

    def _with_reason(self, request: HttpRequest, users: QuerySet[User], service: Any) -> None:
        by = rights.actor(request)
        act_on_each(self, request, users, lambda user: service(user, by=by, reason=required_reason(request)))
