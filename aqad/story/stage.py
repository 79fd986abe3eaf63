"""The stage: who plays, what has come about so far, and the ways to look at it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aqad.story import telling
from aqad.story.backstage import AuditLog, Mailbox
from aqad.story.errors import Differs
from aqad.story.http import Person

PATIENCE = 60.0  # seconds within which workers must have done their part
Found = TypeVar("Found")


@dataclass
class Stage:
    """`tag` makes the parties of this run fresh; the codes are filled in as the story goes."""

    tag: str
    admin: Person
    vendor: Person
    retailer: Person
    driver: Person
    mailbox: Mailbox | None
    audit_log: AuditLog | None
    vendor_code: str = ""
    retailer_code: str = ""
    product: str = ""
    address: int = 0
    order: str = ""
    payment: str = ""
    redirect_url: str = ""
    declined_order: str = ""
    declined_checkout: str = ""
    declined_payment: str = ""
    partner: str = ""
    delivery: str = ""
    licence: bytes = field(default=b"", repr=False)


def check(what: str, found: Any, expected: Any) -> None:
    """Go on only if it is as expected, and say so."""
    if found != expected:
        raise Differs(what, expected=expected, found=found)
    telling.right(what if found is True else f"{what}: {found}")


def eventually(what: str, look: Callable[[], Found | None]) -> Found:
    """What `look` finds, as soon as it finds anything."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise Differs(what, expected=f"within {PATIENCE:.0f} s", found="nothing")
        time.sleep(0.1)
    return found


def expect_status(person: Person, path: str, status: str) -> Any:
    """Wait until the thing at `path` has this status; tell it."""

    def look() -> Any:
        thing = person.peek(path)
        return thing if thing.get("status") == status else None

    thing = eventually(f"{path} becomes {status}", look)
    telling.behind("status", f"{thing['id']} is {status}")
    return thing


def expect_told(stage: Stage, person: Person, kind: str, about: str) -> None:
    """Wait until the inbox holds this message, and its mail lies in the mailbox."""

    def look() -> str | None:
        messages = person.peek("/api/notifications?page_size=100")["results"]
        found = (line["title"] for line in messages if (line["kind"], line["about"]) == (kind, about))
        return next(found, None)

    title = eventually(f"{person.name} is told {kind} about {about}", look)
    telling.behind("inbox", f"{person.name}: {title}")
    expect_mail(stage, person, title)


def expect_mail(stage: Stage, person: Person, subject: str) -> str:
    """Wait for a mail and return the path of the link in it; nothing where mails cannot be seen from here."""
    if (mailbox := stage.mailbox) is None:
        return ""
    mail = eventually(f"a mail “{subject}” to {person.email}", lambda: mailbox.find(person.email, subject))
    telling.behind("mail", f"{person.email}: {subject}")
    text = mail.get_body(("plain",))
    link = re.search(r"^https?://[^/\s]+(/\S+)$", text.get_content() if text else "", re.MULTILINE)
    return link[1] if link else ""


def expect_audit(stage: Stage, code: str, line: str) -> None:
    """The audit log has this line about `code`, where it can be read from here."""
    if stage.audit_log is None:
        return
    lines = stage.audit_log.lines_about(code)
    if line not in lines:
        raise Differs(f"the audit log about {code}", expected=line, found="; ".join(lines) or "nothing")
    telling.behind("audit", line)


def expect_stock(stage: Stage, on_hand: int, reserved: int) -> None:
    """The vendor's figures, and that the ledger's movements add up to them."""
    ledger = stage.vendor.peek(f"/api/products/{stage.product}/stock?page_size=100")
    movements = ledger["movements"]
    figures = (ledger["on_hand"], ledger["reserved"], ledger["available"])
    if figures != (on_hand, reserved, on_hand - reserved):
        raise Differs("the stock", expected=(on_hand, reserved, on_hand - reserved), found=figures)
    summed = [sum(line[f"{name}_change"] for line in movements) for name in ("on_hand", "reserved")]
    if summed != [on_hand, reserved]:
        raise Differs("the sums of the stock ledger", expected=[on_hand, reserved], found=summed)
    newest = movements[0]
    cause = f"{newest['kind']} {newest['on_hand_change'] or newest['reserved_change']:+d}"
    said = f"on hand {on_hand}, reserved {reserved}, available {on_hand - reserved}"
    telling.behind("stock", f"{stage.product} {said} (last: {cause})")
