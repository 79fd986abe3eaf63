"""Everything people are told, and how: one table.

A text may name `%(about)s` (the code of what it is about) and whatever stands in the event's context.
Add a kind here, then call `notifications.services.notify` with every name its texts use.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Kind:
    """The words and the ways of one kind of message. `action` labels the button of its link, if any."""

    title: Any
    body: Any
    mail: bool = True
    inbox: bool = True
    action: Any = ""

    @property
    def names(self) -> set[str]:
        """What the texts need from the context."""
        return set(_PLACEHOLDER.findall(f"{self.title} {self.body}")) - {"about"}


# Lines that follow the body where the context has a value under that name.
EXTRA_LINES: Mapping[str, Any] = {
    "reason": _("Reason: %(reason)s"),
    "pin": _("Your delivery PIN is %(pin)s. Tell it to the driver only when the goods are in front of you."),
}

DOCUMENTS: Mapping[str, Any] = {
    "trade_license": _("Trade licence"),
    "vat_certificate": _("VAT certificate"),
}

KINDS: Mapping[str, Kind] = {
    # Companies and people
    "vendor_registered": Kind(
        _("We have received your application"),
        _(
            "Thank you for registering %(company)s on AQAD. We check your documents, usually within two "
            "working days, and write to you. The link in our mail shows where your application stands."
        ),
        action=_("See my application"),
    ),
    "vendor_resubmitted": Kind(
        _("%(company)s has mended its application"),
        _("New documents or corrected details of %(company)s (%(about)s) wait for your decision."),
    ),
    "vendor_approved": Kind(
        _("%(company)s is approved"),
        _("Welcome to AQAD. Sign in, list your products, and retailers can order from you at once."),
    ),
    "vendor_rejected": Kind(
        _("Your application needs a correction"),
        _(
            "We could not approve %(company)s yet. Open your application, mend what is listed here and send "
            "it again: nothing else you entered is lost."
        ),
        action=_("Mend my application"),
    ),
    "vendor_suspended": Kind(
        _("%(company)s is suspended"),
        _(
            "Your products are hidden, open orders that you had not accepted are rejected, and nobody of "
            "%(company)s can sign in. Write to us if you think this is a mistake."
        ),
    ),
    "vendor_reinstated": Kind(
        _("%(company)s is active again"),
        _("You can sign in as before, and your products are on sale again."),
    ),
    "document_runs_out": Kind(
        _("A document of %(company)s runs out on %(day)s"),
        _(
            "Send us the renewed one before that day, and you keep selling without a break. Without it your "
            "products are hidden from the day after."
        ),
        action=_("Send the renewed document"),
    ),
    "vendor_paused": Kind(
        _("Your products are hidden: a document is missing"),
        _(
            "A required document of %(company)s has run out or does not count any more, so retailers cannot "
            "order new goods from you. Orders that you have go on. Send a valid document: your products are "
            "on sale again as soon as we have accepted it."
        ),
        action=_("Send the document"),
    ),
    "vendor_resumed": Kind(
        _("Your products are on sale again"),
        _("The documents of %(company)s are in order, and retailers can order from you again."),
    ),
    "application_link": Kind(
        _("Your link to your application"),
        _("With this link you see where the application of %(company)s stands. Earlier links have ended."),
        inbox=False,
        action=_("See my application"),
    ),
    "verify_email": Kind(
        _("Please confirm your e-mail address"),
        _("Confirm that this address is yours, so that we can reach you about your orders."),
        inbox=False,
        action=_("Confirm my address"),
    ),
    "password_reset": Kind(
        _("Choose a new password"),
        _(
            "Somebody, probably you, asked for a new password. The link works once, for one hour. If it was "
            "not you, do nothing: your password stays as it is."
        ),
        inbox=False,
        action=_("Choose a new password"),
    ),
    "invitation": Kind(
        _("%(company)s invites you to AQAD"),
        _("An account has been made for you. Choose a password within seven days and you can start."),
        inbox=False,
        action=_("Choose my password"),
    ),
    "password_changed": Kind(
        _("Your password was changed"),
        _(
            "All other sessions have ended. If it was not you, choose a new password now with "
            "“Forgot password” and write to us."
        ),
    ),
    "email_change": Kind(
        _("Please confirm your new e-mail address"),
        _(
            "With this link you sign in with this address from now on, and we write to you here. It works "
            "once, for one hour. If you did not ask for it, do nothing: nothing changes."
        ),
        inbox=False,
        action=_("Use this address"),
    ),
    "email_change_taken": Kind(
        _("This e-mail address has an account already"),
        _(
            "Somebody, perhaps you, wanted to use this address for another account of AQAD. That is not "
            "possible, because yours has it. Nothing changed: sign in as before, or write to us if you need "
            "both accounts."
        ),
        inbox=False,
    ),
    "email_change_asked": Kind(
        _("Somebody asked to change your e-mail address"),
        _(
            "We sent a link to the new address; until it is used, everything stays as it is. If it was not "
            "you, somebody knows your password: choose a new one now, and the link is dead."
        ),
    ),
    "email_changed": Kind(
        _("Your e-mail address was changed"),
        _(
            "You sign in with the new address from now on, and other sessions have ended. If it was not you, "
            "write to us at once."
        ),
    ),
    "second_factor_on": Kind(
        _("Your second factor is set up"),
        _(
            "From now on you sign in with your password and a code of your authenticator app. All other "
            "sessions have ended. If it was not you, write to AQAD at once."
        ),
    ),
    "recovery_code_used": Kind(
        _("Somebody signed in with one of your recovery codes"),
        _(
            "Recovery codes left: %(left)s. If it was you, set up your authenticator app again. If it was "
            "not you, write to AQAD at once."
        ),
    ),
    "second_factor_off": Kind(
        _("Your second factor is off"),
        _(
            "From now on you sign in with your password alone. All other sessions have ended. If it was not "
            "you, choose a new password with “Forgot password” and write to AQAD at once."
        ),
    ),
    "second_factor_reset": Kind(
        _("Your second factor was removed"),
        _(
            "%(by)s removed your second factor, and all your sessions have ended. Sign in with your "
            "password to set up a new one."
        ),
    ),
    "retailer_suspended": Kind(
        _("%(company)s is suspended"),
        _("Nobody of %(company)s can sign in or order. Write to us if you think this is a mistake."),
    ),
    "retailer_reinstated": Kind(_("%(company)s is active again"), _("You can sign in and order as before.")),
    "import_checked": Kind(
        _("Your sheet is checked"),
        _(
            "%(filename)s: %(new)s new, %(changed)s changed, %(refused)s with errors. "
            "Confirm to take it over."
        ),
        mail=False,
    ),
    "import_done": Kind(
        _("Your sheet is taken over"),
        _("%(filename)s: %(new)s products created, %(changed)s changed, %(refused)s rows left out."),
        mail=False,
    ),
    "import_refused": Kind(
        _("Your sheet needs a correction"),
        _("%(filename)s was not taken over, nothing has changed. Look at what is wrong and send it again."),
        mail=False,
    ),
    "import_failed": Kind(
        _("Your sheet could not be worked on"),
        _("Something on our side stood in the way of %(filename)s. Please send it again, or write to us."),
        mail=False,
    ),
    # Orders
    "order_received": Kind(
        _("New Order Received"),
        _("%(retailer)s ordered for %(total)s: %(order)s. Please accept or reject it within two days."),
    ),
    "order_created": Kind(
        _("Order Successfully Created"),
        _("We have noted your order %(order)s with %(vendor)s for %(total)s."),
    ),
    "order_accepted": Kind(
        _("Order %(order)s is accepted"),
        _("%(vendor)s has accepted your order and is preparing it. We tell you when it is on its way."),
    ),
    "order_ready": Kind(
        _("Order %(order)s is packed"), _("%(vendor)s has packed your order. A driver picks it up next.")
    ),
    "order_shipped": Kind(
        _("Order %(order)s has been picked up"), _("The driver has taken over your goods from %(vendor)s.")
    ),
    "order_out_for_delivery": Kind(
        _("Order %(order)s is on its way to you"), _("The driver is coming to your address now.")
    ),
    "order_delivered": Kind(
        _("Order %(order)s is delivered"),
        _("Your goods from %(vendor)s have been handed over, and the order is completed. Thank you."),
    ),
    "delivery_failed": Kind(
        _("Order %(order)s could not be delivered"),
        _("The driver could not hand over your goods. They try again, or bring them back to %(vendor)s."),
    ),
    "order_returned": Kind(
        _("Order %(order)s went back"),
        _("Your goods are back at %(vendor)s. What you paid for them is refunded."),
    ),
    "order_returned_vendor": Kind(
        _("Order %(order)s came back to you"),
        _("The goods for %(retailer)s could not be delivered and count as your stock again."),
    ),
    "order_rejected": Kind(
        _("Order %(order)s was rejected"),
        _("%(vendor)s cannot deliver your order. What you paid for it is refunded."),
    ),
    "order_cancelled": Kind(
        _("Order %(order)s is cancelled"),
        _("Your order with %(vendor)s will not be delivered. What you paid for it is refunded."),
    ),
    "order_cancelled_vendor": Kind(
        _("Order %(order)s is cancelled"),
        _("The order of %(retailer)s is cancelled: do not prepare it. Its goods are free for sale again."),
    ),
    "order_unanswered": Kind(
        _("Order %(order)s was rejected for you"),
        _(
            "The order of %(retailer)s got no answer in time, so AQAD rejected it and its goods are free for "
            "sale again. Please answer new orders sooner."
        ),
    ),
    # Money
    "payment_received": Kind(
        _("Payment received for %(about)s"), _("Your payment has arrived, and the vendor has your order.")
    ),
    "payment_failed": Kind(
        _("Payment for %(about)s did not go through"),
        _(
            "No money was taken and the goods are no longer held for you. While they are still sold you can "
            "pay again within 24 hours."
        ),
    ),
    "order_payment_failed": Kind(
        _("Payment for %(about)s did not go through"),
        _("The retailer's payment failed. The goods that were held for it are free for sale again."),
    ),
    "late_payment": Kind(
        _("Your payment for %(about)s goes back"),
        _("It arrived when the goods were no longer held for you. We refund all of it; you need do nothing."),
    ),
    "late_payment_vendor": Kind(
        _("Order %(order)s stays closed"),
        _("The retailer's payment came too late and is refunded. There is nothing for you to deliver."),
    ),
    "refund_succeeded": Kind(
        _("%(amount)s refunded"),
        _("We have sent back %(amount)s for %(about)s. Your bank may need a few days to show it."),
    ),
    "refund_failed": Kind(
        _("A refund for %(about)s failed"),
        _("The gateway refused the refund. The money is still owed: look at the payment and try again."),
    ),
    # Delivery
    "delivery_assigned": Kind(
        _("Delivery %(about)s is yours"),
        _("Please pick up order %(order)s at %(vendor)s and take it to %(retailer)s."),
    ),
    "delivery_reassigned": Kind(
        _("Delivery %(about)s is no longer yours"),
        _("Another partner carries order %(order)s of %(vendor)s now: please do not pick it up."),
    ),
    "delivery_cancelled": Kind(
        _("Delivery %(about)s is cancelled"),
        _("Order %(order)s of %(vendor)s was cancelled: please do not pick it up."),
    ),
    "delivery_waiting": Kind(
        _("Delivery %(about)s waits for a partner"),
        _("No active partner serves the emirate of order %(order)s. Assign one by hand or add a partner."),
    ),
    "problem_reported": Kind(
        _("%(retailer)s reports a problem with order %(order)s"),
        _("Please see to report %(about)s and close it when it is settled."),
    ),
    "delivery_completed_vendor": Kind(
        _("Order %(order)s is delivered"), _("%(retailer)s has your goods, and the order is completed.")
    ),
}
