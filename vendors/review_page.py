"""All that a reviewer sees of one vendor, put together for the page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from accounts.models import User
from audit.models import Entry
from notifications.kinds import DOCUMENTS
from vendors import checks, history, presence, queue, review_words, selectors
from vendors.models import Vendor, VendorDocument
from vendors.reasons import DOCUMENT
from vendors.review_forms import STEPS, AcceptForm, ReasonForm, SeenForm

Status = VendorDocument.Status
DECIDING = "vendors.change_vendor"
JUDGING = "vendors.change_vendordocument"
HISTORY_SHOWN = 30


def language_of(vendor: Vendor) -> str:
    """The language in which the vendor is written to."""
    return str(selectors.owner_of(vendor).language)


def workspace(
    vendor: Vendor,
    user: User,
    *,
    document: int | None = None,
    since: int | None = None,
    refused: Mapping[str, SeenForm] = MappingProxyType({}),
) -> dict[str, Any]:
    """The page's context. `document` is the one to show, `since` the version whose followers are news.

    `refused` are forms that come back with what was typed: `accept_form`, `reject_form`.
    """
    documents = list(vendor.documents.select_related("decided_by"))
    entries = list(history.entries_about(vendor)[:HISTORY_SHOWN])
    version = entries[0].pk if entries else 0
    before, after = queue.neighbours(vendor)
    viewer = _viewer(vendor, user, documents, document, version)
    missing = queue.missing_of(vendor)
    return {
        "vendor": vendor,
        "version": version,
        "company": review_words.company_of(vendor),
        "checks": checks.checks_of(vendor, documents),
        "since": queue.since_of(vendor),
        "before": before,
        "after": after,
        "others": presence.enter(vendor, user),
        "news": [_line(each) for each in entries if since is not None and each.pk > since],
        "history": [_line(each) for each in entries],
        "corrections": _corrections(entries),
        "steps": _steps(vendor, user),
        "missing": [(DOCUMENTS[each.kind], review_words.STATES[each.state]) for each in missing],
        **viewer,
        **{name: form for name, form in refused.items() if name in viewer},
    }


def _line(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "deed": review_words.deed(entry), "paper": review_words.paper_of(entry)}


def _corrections(entries: list[Entry]) -> list[tuple[Any, str, str]]:
    """What changed since the last decision, while nobody has decided anew."""
    for entry in entries:
        if entry.verb == "corrected":
            return review_words.corrections_in(entry)
        if entry.object_kind == "Vendor" and entry.verb in ("approved", "rejected"):
            break
    return []


def _steps(vendor: Vendor, user: User) -> list[tuple[str, Any, bool]]:
    """What may be decided now: step, label, whether it can be done yet."""
    if not user.has_perm(DECIDING):
        return []
    ready = not queue.missing_of(vendor)
    steps = STEPS.get(Vendor.Status(vendor.status), ())
    return [(step, review_words.STEPS[step], ready or step != "approve") for step in steps]


def _viewer(
    vendor: Vendor, user: User, documents: list[VendorDocument], wanted: int | None, version: int
) -> dict[str, Any]:
    current = [each for each in documents if each.status != Status.REPLACED]
    shelf = current + [each for each in documents if each.status == Status.REPLACED]
    shown = _shown(shelf, wanted)
    told: dict[str, Any] = {"shelf": [(each, DOCUMENTS[each.kind]) for each in shelf], "shown": shown}
    if shown is None:
        return told
    at = shelf.index(shown)
    told |= {"shown_name": DOCUMENTS[shown.kind], "is_picture": shown.content_type.startswith("image/")}
    told |= {"next_document": shelf[(at + 1) % len(shelf)], "previous_document": shelf[at - 1]}
    newest = [each for each in current if each.kind == shown.kind][-1:]
    if user.has_perm(JUDGING) and newest == [shown]:
        if shown.status != Status.ACCEPTED:
            told["accept_form"] = AcceptForm(shown, seen=version)
        if shown.status != Status.REJECTED:
            told["reject_form"] = ReasonForm(DOCUMENT, language=language_of(vendor), seen=version)
    return told


def _shown(shelf: list[VendorDocument], wanted: int | None) -> VendorDocument | None:
    """The one asked for, else the first that waits, else the first of all."""
    waiting = (each for each in shelf if each.status == Status.PENDING)
    asked = (each for each in shelf if each.pk == wanted)
    return next(asked, None) or next(waiting, None) or next(iter(shelf), None)
