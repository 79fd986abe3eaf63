"""What people type and paste, brought into the one form that AQAD keeps, by the kind of the text.

Every entrance (API, pages, sheets, admin, commands) and every look-up uses these functions, so that texts
which look alike are alike. All compose letters with their marks (NFC), take blanks of any width as plain
ones, one in a row, and drop what nobody can see; what shows nothing afterwards is "". To clean twice changes
nothing.

UnreadableText is raised for what no text can hold: control characters, halves of characters, noncharacters.
And, but in free texts and searches, for line breaks and tabs: within a name they forge a line of a mail or a
log, or are two fields pasted as one, and only whoever typed them knows which.
"""

import re
import unicodedata
from typing import Any

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from aqad.lib.text.characters import (
    BLANKS,
    DECIMAL_MARK,
    EMOJI_STYLES,
    INVISIBLE,
    JOINERS,
    LINE_BREAKS,
    NO_TEXT,
    THOUSANDS_MARK,
)

LONGEST_MAILBOX = 64  # what stands before the @ (RFC 5321, 4.5.3.1.1)
LONGEST_EMAIL = 254

_BREAK = re.compile(f"[\t{LINE_BREAKS}]")
_LINE_END = re.compile(f"\r\n|[{LINE_BREAKS}]")
_AROUND = f" \t{LINE_BREAKS}"
_BLANKS = re.compile(f"[{BLANKS}]+")
_UNSEEN_IN_PROSE = re.compile(f"(?![{JOINERS}{EMOJI_STYLES}]){INVISIBLE.pattern}")
_JOINING = re.compile(f"[{JOINERS}{EMOJI_STYLES}]+")

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_POINTS = {ord("\uff0e"): ".", ord("\uff0c"): ",", ord("\u060c"): ",", ord("\uff0b"): "+"}
_IN_FIGURES = _DASHES | _POINTS | {ord(DECIMAL_MARK): "."}
_GROUPED = re.compile(
    rf"([^0-9.,{THOUSANDS_MARK}]*)([0-9]{{1,3}}(?:{THOUSANDS_MARK}[0-9]{{3}})+)(?![0-9{THOUSANDS_MARK}])"
)
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_NEEDLESSLY_QUOTED = re.compile(rf'"({_ATOM}(?:\.{_ATOM})*)"')
_check_email = EmailValidator()


class UnreadableText(ValueError):
    """`message` says, in the language of whoever reads it, what is wrong and what to do."""

    def __init__(self, message: Any) -> None:
        self.message = message
        super().__init__(message)


def clean_name(text: str) -> str:
    """A name, title, address or anything else of one line that people read."""
    return _one_line(text)


def clean_code(text: str) -> str:
    """A code in one line, in whatever case it was given: SKU, licence number, purchase order number, slug."""
    return _one_line(text)


def clean_figure(text: str) -> str:
    """What is made of digits: price, quantity, TRN, barcode, telephone, PIN, one-time code.

    Decimal digits of any script become 0 to 9, dashes and wide signs plain ones, the Arabic decimal mark a
    point. Arabic marks of thousands are dropped where they part groups of three; elsewhere they become
    commas, as the Arabic comma does, for the reader of the figure to judge. Blanks inside and all else stay.
    """
    figure = read_digits(_one_line(text))
    if figure.isascii():
        return figure
    figure = figure.translate(_IN_FIGURES)
    grouped = _GROUPED.match(figure)
    if grouped:
        figure = grouped[1] + grouped[2].replace(THOUSANDS_MARK, "") + figure[grouped.end() :]
    return figure.replace(THOUSANDS_MARK, ",")


def clean_email(text: str) -> str:
    """An address that mail can be sent to, in the one form that its mailbox has here.

    In lower case, the domain in ASCII (IDNA 2008 with the mapping of UTS 46), without needless quotes. Raises
    UnreadableText for what is no such address; a mailbox in other letters than ASCII is none.
    """
    address = _one_line(text).lower()
    if not address:
        return ""
    if len(address) > LONGEST_EMAIL:
        raise UnreadableText(_("Invalid email"))
    mailbox, _at, domain = address.rpartition("@")
    if quoted := _NEEDLESSLY_QUOTED.fullmatch(mailbox):
        mailbox = quoted[1]
    try:
        address = f"{mailbox}@{_ascii_domain(domain)}"
        _check_email(address)
    except (idna.IDNAError, ValidationError, UnicodeError) as error:
        raise UnreadableText(_("Invalid email")) from error
    if not mailbox.isascii() or len(mailbox) > LONGEST_MAILBOX or len(address) > LONGEST_EMAIL:
        raise UnreadableText(_("Invalid email"))
    return address


def clean_free_text(text: str) -> str:
    """A text of several lines: description, note, reason.

    Keeps line breaks (as "\\n"), tabs, and of what cannot be seen the joiners of scripts and emoji where they
    stand between letters; no marks of direction: pages give each text a direction of its own.
    """
    if text.isascii() and text.isprintable():
        return _one_line(text)
    _refuse_no_text(text)
    text = _BLANKS.sub(" ", _LINE_END.sub("\n", _UNSEEN_IN_PROSE.sub("", text)))
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", _JOINING.sub(_needed_joiners, text)))
    lines = (line.rstrip(" \t") for line in text.split("\n"))
    return "\n".join(lines).strip(_AROUND) if _shows_something(text) else ""


def clean_search(text: str) -> str:
    """What somebody looks for: as a name, with line breaks and tabs taken as blanks."""
    return _one_line(_BREAK.sub(" ", text))


def readable_search(text: str, *, longest: int) -> str:
    """The first `longest` characters of a search that refuses nothing: what no text can hold is a blank."""
    return clean_search(NO_TEXT.sub(" ", text))[:longest].strip()


def email_key(text: str) -> str:
    """The form in which addresses are compared and looked up; "" for what is no address."""
    try:
        return clean_email(text)
    except UnreadableText:
        return ""


def code_key(code: str) -> str:
    """What codes have in common that differ by case, blanks, or width of their letters only."""
    return unicodedata.normalize("NFKC", clean_code(code)).casefold().replace(" ", "")


def read_digits(text: str) -> str:
    """The text with the decimal digits of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _one_line(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        _refuse_no_text(text)
        text = _BLANKS.sub(" ", unicodedata.normalize("NFC", INVISIBLE.sub("", text))).strip(_AROUND)
        if _BREAK.search(text):
            raise UnreadableText(_("Write this in one line, without line breaks or tabs."))
        if not _shows_something(text):
            return ""
    return _BLANKS.sub(" ", text).strip(" ")


def _refuse_no_text(text: str) -> None:
    if found := NO_TEXT.search(text):
        sentence = _(
            "This holds a character that cannot be kept ({code}). Delete it, or type the text again."
        )
        raise UnreadableText(format_lazy(sentence, code=f"U+{ord(found[0]):04X}"))


def _shows_something(text: str) -> bool:
    return (text.isascii() and not text.isspace()) or any(
        unicodedata.category(char) not in ("Zs", "Zl", "Zp", "Cc", "Mn", "Me") for char in text
    )


def _needed_joiners(run: re.Match[str]) -> str:
    """Of joiners and emoji styles in a row: the first of each, where what stands around them can use it."""
    text, start, end = run.string, run.start(), run.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    style = next((char for char in run[0] if char in EMOJI_STYLES), "")
    joiner = next((char for char in run[0] if char in JOINERS), "")
    if not before or unicodedata.category(before)[0] not in "SPN":
        style = ""
    if before.isascii() or not after or after.isspace():
        joiner = ""
    return style + joiner


def _ascii_domain(domain: str) -> str:
    """Raises IDNAError. A label in Punycode that IDNA does not know stays as it is."""
    if not domain.isascii():
        return idna.encode(domain, uts46=True).decode("ascii")
    if "xn--" not in domain:
        return domain
    try:
        return idna.encode(idna.decode(domain), uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain
