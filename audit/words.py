"""What the log keeps in words of its own, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from aqad.lib.naming import CHOICE, THING

ACTORS = {
    "System": _("System"),
    "Admin": _("Admin"),
    "Vendor": _("Vendor"),
    "Retailer": _("Retailer"),
    "Driver": _("Driver"),
}
DEEDS = (
    pgettext_lazy("did", "accepted"),
    pgettext_lazy("did", "added an address to"),
    pgettext_lazy("did", "added an image to"),
    pgettext_lazy("did", "adjusted stock of"),
    pgettext_lazy("did", "approved"),
    pgettext_lazy("did", "archived"),
    pgettext_lazy("did", "asked to change the e-mail address of"),
    pgettext_lazy("did", "assigned"),
    pgettext_lazy("did", "began"),
    pgettext_lazy("did", "began to check"),
    pgettext_lazy("did", "cancelled"),
    pgettext_lazy("did", "changed"),
    pgettext_lazy("did", "changed an address of"),
    pgettext_lazy("did", "changed an image of"),
    pgettext_lazy("did", "changed the access of"),
    pgettext_lazy("did", "changed the e-mail address of"),
    pgettext_lazy("did", "changed the password of"),
    pgettext_lazy("did", "changed the rights of"),
    pgettext_lazy("did", "checked"),
    pgettext_lazy("did", "closed"),
    pgettext_lazy("did", "collected"),
    pgettext_lazy("did", "completed"),
    pgettext_lazy("did", "confirmed"),
    pgettext_lazy("did", "confirmed the password of"),
    pgettext_lazy("did", "corrected"),
    pgettext_lazy("did", "corrected the stock of"),
    pgettext_lazy("did", "could not read"),
    pgettext_lazy("did", "created"),
    pgettext_lazy("did", "deleted"),
    pgettext_lazy("did", "delivered"),
    pgettext_lazy("did", "ended a session of"),
    pgettext_lazy("did", "ended the other sessions of"),
    pgettext_lazy("did", "ended the sessions of"),
    pgettext_lazy("did", "expired"),
    pgettext_lazy("did", "exported"),
    pgettext_lazy("did", "failed"),
    pgettext_lazy("did", "failed to confirm the password of"),
    pgettext_lazy("did", "failed to deliver"),
    pgettext_lazy("did", "forgot"),
    pgettext_lazy("did", "gave up"),
    pgettext_lazy("did", "hid"),
    pgettext_lazy("did", "imported products"),
    pgettext_lazy("did", "invited"),
    pgettext_lazy("did", "made ready"),
    pgettext_lazy("did", "noted"),
    pgettext_lazy("did", "paid"),
    pgettext_lazy("did", "paused"),
    pgettext_lazy("did", "picked up"),
    pgettext_lazy("did", "placed"),
    pgettext_lazy("did", "published"),
    pgettext_lazy("did", "re-assigned"),
    pgettext_lazy("did", "refunded"),
    pgettext_lazy("did", "refused"),
    pgettext_lazy("did", "registered"),
    pgettext_lazy("did", "reinstated"),
    pgettext_lazy("did", "rejected"),
    pgettext_lazy("did", "removed an address of"),
    pgettext_lazy("did", "removed an image from"),
    pgettext_lazy("did", "removed the second factor of"),
    pgettext_lazy("did", "renewed the recovery codes of"),
    pgettext_lazy("did", "reported a problem with"),
    pgettext_lazy("did", "requested"),
    pgettext_lazy("did", "reset the second factor of"),
    pgettext_lazy("did", "resubmitted"),
    pgettext_lazy("did", "resumed"),
    pgettext_lazy("did", "retried"),
    pgettext_lazy("did", "returned"),
    pgettext_lazy("did", "sent"),
    pgettext_lazy("did", "set up the second factor of"),
    pgettext_lazy("did", "shipped"),
    pgettext_lazy("did", "succeeded"),
    pgettext_lazy("did", "suspended"),
    pgettext_lazy("did", "took back"),
    pgettext_lazy("did", "took out"),
    pgettext_lazy("did", "took over"),
    pgettext_lazy("did", "tried again"),
    pgettext_lazy("did", "uploaded"),
    pgettext_lazy("did", "used a recovery code of"),
    pgettext_lazy("did", "verified the e-mail address of"),
    pgettext_lazy("did", "withdrew"),
)


def actor_words(label: str) -> str:
    """Who acted: `Vendor V1001`."""
    role, space, code = label.partition(" ")
    return f"{ACTORS.get(role, role)}{space}{code}"


def kind_word(kind: str) -> str:
    """What kind of thing it happened to, by the name of its model."""
    return pgettext(THING, kind[:1].lower() + kind[1:])


def deed_word(verb: str) -> str:
    """What was done. A verb that is not among DEEDS stays as it is."""
    return pgettext("did", verb)


def state_word(status: str) -> str:
    """A state by the name that its model's choices give it."""
    return pgettext(CHOICE, status.replace("_", " ").title()) if status else ""
