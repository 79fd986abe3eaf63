"""One person: why exactly the account cannot sign in."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.failed_sign_ins import subject_of
from accounts.models import OneTimeLink, TokenFamily, User
from aqad.lib.web import limits
from audit.models import Entry
from operations.doctor.findings import Finding, Table
from operations.doctor.login import second_factor
from operations.doctor.words import clock, masked, span

Reason = tuple[str, str]  # what is wrong, what to do
SHOWN = 10
OF_A_PERSON = ("login_email", "login_known", "password", "code", "reset")


def examine(email: str) -> Finding:
    name = _("The account %(email)s") % {"email": email}
    user = User.objects.with_email(email).first()
    if user is None:
        sentence = _("There is no account with the e-mail %(email)s.") % {"email": email}
        step = _("Ask for the address that was registered, or have the person register.")
        return Finding(name, sentence, wrong=True, next_step=step, tables=_blocked_table(email))
    reasons = [*_of_the_account(user), *_of_the_limit(user), *second_factor.reasons(user)]
    tables = [_facts(user), *_blocked_table(email, user), _sessions(user), _history(user)]
    tables = [table for table in tables if table.rows]
    if not reasons:
        sentence = _("%(email)s can sign in with the right password.") % {"email": email}
        return Finding(name, sentence, tables=tables)
    (sentence, step), *more = reasons
    if more:
        tables.insert(0, Table(_("What else stands in the way"), [_("reason"), _("what to do")], more))
    return Finding(name, sentence, wrong=True, next_step=step, tables=tables)


def _of_the_account(user: User) -> list[Reason]:
    access, who = User.Access, {"email": user.email}
    found = {
        access.PENDING_APPROVAL: (
            _("%(email)s waits for approval: the application is not decided.") % who,
            _("Decide about the vendor's application."),
        ),
        access.REJECTED: (
            _("%(email)s cannot sign in: the application was rejected.") % who,
            _("The link in the rejection mail lets the vendor send the documents again."),
        ),
        access.SUSPENDED: (
            _("%(email)s cannot sign in: the company is suspended.") % who,
            _("Reinstate the company when the reason for it is gone."),
        ),
        access.DEACTIVATED: (
            _("%(email)s cannot sign in: the account was closed.") % who,
            _("A closed account stays closed; see its history for who closed it."),
        ),
    }
    reasons = [found[access(user.access)]] if user.access != access.ACTIVE else []
    if not user.has_usable_password():
        reasons.append(_of_the_password(user))
    return reasons


def _of_the_password(user: User) -> Reason:
    invitation = user.links.filter(purpose=OneTimeLink.Purpose.INVITATION).order_by("-pk").first()
    values = {"email": user.email}
    step = _("Mail a link to choose a new password, from the person's page.")
    if invitation is None:
        return _("%(email)s has no password.") % values, step
    values["at"] = clock(invitation.expires_at)
    if invitation.used_at is None and invitation.expires_at > timezone.now():
        return _("%(email)s has not taken the invitation, which is good until %(at)s.") % values, step
    return _("%(email)s has not taken the invitation, which ended at %(at)s.") % values, step


def _of_the_limit(user: User) -> list[Reason]:
    values = {"email": user.email}
    reasons = []
    if seconds := limits.is_blocked("login_email", subject_of(user.email)):
        values["at"] = clock(timezone.now() + timedelta(seconds=seconds))
        sentence = _(
            "%(email)s is locked until %(at)s on devices and from addresses that are not known: too many "
            "tries with a wrong password."
        )
        step = _(
            "Where the person signed in before it goes on. Elsewhere wait until then, or mail a link for a "
            "new password: the browser that opens it is known."
        )
        reasons.append((sentence % values, step))
    if seconds := limits.is_blocked("code", f"user:{user.pk}"):
        values["at"] = clock(timezone.now() + timedelta(seconds=seconds))
        sentence = _("%(email)s is locked until %(at)s: too many wrong codes of the second factor.")
        reasons.append((sentence % values, _("Wait until then.")))
    return reasons


def _blocked_table(email: str, user: User | None = None) -> list[Table]:
    """What refuses this e-mail or person; each known device and address has a count of its own."""
    subjects = {subject_of(email), *([f"user:{user.pk}"] if user else [])}
    rows = [
        (one.limit, masked(one.subject), span(one.seconds))
        for one in limits.blocked_now()
        if one.limit in OF_A_PERSON and one.subject.partition(" ")[0] in subjects
    ]
    columns = [_("limit"), _("who"), _("for another")]
    return [Table(_("Limits that refuse this person"), columns, rows)] if rows else []


def _facts(user: User) -> Table:
    link = user.links.filter(
        purpose=OneTimeLink.Purpose.PASSWORD_RESET, used_at=None, expires_at__gt=Now()
    ).first()
    rows: list[tuple[Any, ...]] = [
        (_("role"), user.role),
        (_("company"), user.code or "–"),
        (_("access"), user.access),
        (_("password"), _("set") if user.has_usable_password() else _("none")),
        (_("e-mail verified"), clock(user.email_verified_at)),
        (_("last sign-in"), clock(user.last_login)),
        (_("link for a new password, good until"), clock(link.expires_at if link else None)),
        *second_factor.facts(user),
    ]
    return Table(_("The account"), [_("what"), _("how it is")], rows)


def _sessions(user: User) -> Table:
    families = TokenFamily.objects.filter(user=user).order_by("-created_at")[:SHOWN]
    rows = [
        (clock(one.created_at), clock(one.expires_at), clock(one.ended_at), one.ended_because or "–")
        for one in families
    ]
    columns = [_("signed in"), _("good until"), _("ended"), _("because")]
    return Table(_("Sessions of apps"), columns, rows)


def _history(user: User) -> Table:
    entries = Entry.objects.filter(object_code__in=[user.email, *filter(None, [user.code])]).order_by("-id")
    rows = [
        (clock(one.at), one.actor_label, one.verb, one.object_code, one.reason) for one in entries[:SHOWN]
    ]
    columns = [_("at"), _("who"), _("did"), _("to"), _("reason")]
    return Table(_("Audit entries of the person and the company"), columns, rows)
