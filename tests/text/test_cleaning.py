"""What is kept of a text, by its kind."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aqad.lib.text.characters import INVISIBLE, NO_TEXT
from aqad.lib.text.cleaning import (
    UnreadableText,
    clean_code,
    clean_email,
    clean_figure,
    clean_free_text,
    clean_name,
    clean_search,
    code_key,
    read_digits,
)

ONE_LINERS = [clean_name, clean_code, clean_figure, clean_search]
EVERY_KIND = [*ONE_LINERS, clean_email, clean_free_text]

UNSEEN = [
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u180e", "\u180f"),
    *("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),
    *("\u2060", "\u2061", "\u2064", "\u2066", "\u2067", "\u2068", "\u2069", "\u206f", "\u2800", "\u3164"),
    *("\ufe00", "\ufe0f", "\ufeff", "\uffa0", "\ufffc", "\U000e0001", "\U000e0041", "\U000e0100"),
]
HALF_OR_CONTROL = [
    *("\0", "\x01", "\x07", "\x08", "\x1b", "\x1c", "\x1f", "\x7f", "\x80", "\x9b", "\x9f"),
    *("\ud800", "\udfff", "\ufdd0", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"),
]
LINE_ENDS = ["\n", "\r", "\r\n", "\t", "\v", "\f", "\x85", "\u2028", "\u2029"]
BLANKS = [" ", "\u00a0", "\u2003", "\u2007", "\u202f", "\u3000", "   "]

odd = st.text(
    st.one_of(
        st.sampled_from([*UNSEEN, *LINE_ENDS, *BLANKS, *"aA1٢٫٬،-.@ é\u0301❤\u064b"]).map(
            lambda char: char[0]
        ),
        st.characters(),
    ),
    max_size=40,
)
places = pytest.mark.parametrize("place", ["{}AB", "A{}B", "AB{}"], ids=["before", "within", "after"])


@places
@pytest.mark.parametrize("char", UNSEEN, ids=ascii)
@pytest.mark.parametrize("clean", ONE_LINERS)
def test_what_nobody_sees_is_dropped(clean: Callable[[str], str], char: str, place: str) -> None:
    assert clean(place.format(char)) == "AB"


@places
@pytest.mark.parametrize("char", HALF_OR_CONTROL, ids=ascii)
@pytest.mark.parametrize("clean", EVERY_KIND)
def test_what_no_text_can_hold_is_refused(clean: Callable[[str], str], char: str, place: str) -> None:
    with pytest.raises(UnreadableText):
        clean(place.format(char))


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
@pytest.mark.parametrize("clean", [clean_name, clean_code, clean_figure, clean_email])
def test_one_line_is_one_line(clean: Callable[[str], str], end: str) -> None:
    with pytest.raises(UnreadableText):
        clean(f"a@example.com{end}b@example.com")
    assert clean(f"{end}a@example.com{end}") == "a@example.com"


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
@pytest.mark.parametrize("clean", [*ONE_LINERS, clean_free_text])
def test_blanks_are_plain_ones_and_one_in_a_row(clean: Callable[[str], str], blank: str) -> None:
    assert clean(f"{blank}A{blank}B{blank}") == "A B"


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u3164", "\u2800 \u00ad", "\u00a0\u200f\ufeff", "\u0301", "\n\t"]
)
@pytest.mark.parametrize("clean", EVERY_KIND)
def test_what_shows_nothing_is_blank(clean: Callable[[str], str], text: str) -> None:
    assert clean(text) == ""


@pytest.mark.parametrize("clean", [clean_name, clean_code, clean_free_text, clean_search])
def test_letters_are_composed_with_their_marks(clean: Callable[[str], str]) -> None:
    assert clean("Cafe\u0301 \u0627\u0653") == "Caf\u00e9 \u0622"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("٤٥", "45"), ("۴۵", "45"), ("४५", "45"), ("４５", "45"), ("𝟒𝟓", "45"), ("১২", "12"),
        ("٤٥٫٥٠", "45.50"), ("١٬٢٣٤٫٥٠", "1234.50"), ("١٬٢٣٤٬٥٦٧", "1234567"), ("-١٬٢٠٠", "-1200"),
        ("١٬٢٣", "1,23"), ("١٢٬٣٤٥٬٦", "12,345,6"), ("١٢٣٤٬٥٦٧", "1234,567"), ("١٫٢٬٣٤٥", "1.2,345"),
        ("١٢،٥٠", "12,50"), ("12,50", "12,50"), ("１２．５０", "12.50"), ("\u22125", "-5"),
        ("\u200f+٩٧١ ٥٠\u2013١٢٣ ٤٥٦٧\u200e", "+971 50-123 4567"), ("\u200f١٢٣٤\u200f", "1234"), ("²", "²"),
        ("1e5", "1e5"), ("AED ٥", "AED 5"),
    ],
)  # fmt: skip
def test_figures_are_read_in_every_script(typed: str, read: str) -> None:
    assert clean_figure(typed) == read


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sara@Example.COM", "sara@example.com"),
        ("x@example.com\u200e", "x@example.com"),
        ("\ufeffx\u200b@exam\u00adple.com ", "x@example.com"),
        ("x@Bücher.example", "x@xn--bcher-kva.example"),
        ("x@bu\u0308cher.example", "x@xn--bcher-kva.example"),
        ("x@XN--BCHER-KVA.example", "x@xn--bcher-kva.example"),
        ("x@متجر.امارات", "x@xn--pgbep1f.xn--mgbaam7a8h"),
        ("x@example。com", "x@example.com"),
        ("x@ｅｘａｍｐｌｅ.com", "x@example.com"),
        ('"x.y"@example.com', "x.y@example.com"),
    ],
)
def test_an_email_has_one_form(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("x", "x@", "@example.com", "x@example", "x@@example.com", "x y@example.com", "x@exa mple.com"),
        *("é@example.com", "ſ@example.com", "سارة@example.com", "x@-example.com", "x@example..com"),
        *(
            "x@example.com\u202e.org\ufffe",
            "x" * 65 + "@example.com",
            "x@" + "e" * 250 + ".com",
            "x@\u2024com",
        ),
        *("x@" + "ü" * 300 + ".example", "x@" + "ü." * 80 + "example", "x@example.com, y@example.com"),
    ],
)
def test_what_mail_cannot_be_sent_to_is_no_email(typed: str) -> None:
    with pytest.raises(UnreadableText):
        clean_email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Fresh\r\nmilk\rdaily\u2028now\vhere", "Fresh\nmilk\ndaily\nnow\nhere"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("❤\ufe0f\u200d🔥 👨\u200d👩\u200d👧 5\ufe0f⃣", "❤\ufe0f\u200d🔥 👨\u200d👩\u200d👧 5\ufe0f⃣"),
        ("\u200dا \u200c ب\u200c\u200d\u200dت\u200d", "ا بت".replace("بت", "ب\u200cت")),
        ("a\u200db a\ufe0fb", "ab ab"),
        ("pay \u202ecod.exe\u202c \u2066x\u2069 \u200fy\u061c", "pay cod.exe x y"),
        ("a\tb  c   \n\n d  \n", "a\tb c\n\n d"),
    ],
)
def test_free_text_keeps_lines_and_joiners(typed: str, kept: str) -> None:
    assert clean_free_text(typed) == kept


def test_codes_that_differ_by_case_blanks_or_width_have_one_key() -> None:
    keys = {code_key(code) for code in ["AB 1", "ab1", " Ab\u00a01", "A B\u200b1", "ＡＢ１", "aB\u20031"]}
    assert keys == {"ab1"}
    assert code_key("AB-1") != code_key("AB1")


def test_a_search_may_have_been_pasted_from_a_table() -> None:
    assert clean_search("milk\t1 l\r\n\u200fحليب\n") == "milk 1 l حليب"


@given(text=odd)
@example(text="١٬٢٣٤")
@example(text="\u0301\u200d\u0301")
@example(text="\x85\u200c0")
@example(text="\u00a0\u200cک")
@pytest.mark.parametrize("clean", EVERY_KIND)
def test_to_clean_twice_changes_nothing(clean: Callable[[str], str], text: str) -> None:
    try:
        once = clean(text)
    except UnreadableText:
        return
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert NO_TEXT.search(once) is None
    assert once == once.strip()
    if clean is not clean_free_text:
        assert INVISIBLE.search(once) is None
        assert once.splitlines() in ([], [once])


@given(text=odd, unseen=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(UNSEEN)), max_size=5))
@pytest.mark.parametrize("clean", [*ONE_LINERS, clean_email])
def test_two_texts_that_look_alike_are_one(
    clean: Callable[[str], str], text: str, unseen: list[tuple[int, str]]
) -> None:
    disguised = text
    for place, char in unseen:
        disguised = disguised[:place] + char + disguised[place:]
    assert _cleaned(clean, disguised) == _cleaned(clean, text)


@given(text=odd)
def test_letters_and_digits_are_kept(text: str) -> None:
    """Nothing that can be seen is lost or added but blanks, whatever the marks around it."""
    try:
        kept = clean_name(text)
    except UnreadableText:
        return
    if kept:
        seen = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
        assert "".join(kept.split()) == "".join(seen.split())


@given(text=st.text(st.characters(categories=["Nd", "L", "P"]), max_size=20))
def test_digits_keep_their_value(text: str) -> None:
    read = read_digits(text)
    assert [int(char) for char in read if char.isdecimal()] == [
        int(char) for char in text if char.isdecimal()
    ]
    assert [char for char in read if not char.isdecimal()] == [char for char in text if not char.isdecimal()]
    assert all(char.isascii() for char in read if char.isdecimal())


@pytest.mark.parametrize("clean", EVERY_KIND)
@pytest.mark.parametrize(
    "repeated", [" ", "\u00a0", "\u200d", "\u202e", "\t", "\n", "٬", "٬٠٠٠", "١", "❤\u200d", "x."], ids=ascii
)
def test_a_million_characters_are_read_once(clean: Callable[[str], str], repeated: str) -> None:
    """What takes the square of a length would not come to an end here."""
    assert len(_cleaned(clean, f"A{repeated * 1_000_000}B")) <= 4_000_002


def _cleaned(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except UnreadableText:
        return "refused"
