"""Every text has its Arabic, none is half done, and what is compiled is what is written."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Message
from django.utils import translation

from tests.language import texts
from tests.language.__main__ import MEND
from tests.language.texts import Key

_PLACES = re.compile(r"%\(\w+\)[a-z]|%[%sd]|\{\w*\}|</?\w+[^>]*>")
_COUNTED_IN_WORDS = 3  # none, one and two need no number in Arabic


@pytest.fixture(scope="module")
def arabic() -> dict[Key, Message]:
    return texts.texts(texts.written())


def placeholders(text: str) -> Counter[str]:
    return Counter(_PLACES.findall(text))


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_of_code_and_templates_is_in_the_catalogue_and_no_other(
    arabic: dict[Key, Message],
) -> None:
    used = texts.texts(texts.used())
    new = [f"{words!r} in {used[context, words].locations[0][0]}" for context, words in used.keys() - arabic]
    gone = [words for _, words in arabic.keys() - used]
    assert not new, f"Texts without Arabic. Run `{MEND}`, then translate them in {texts.PO}:\n" + "\n".join(
        new
    )
    assert not gone, f"Texts that nobody uses any more. Run `{MEND}`: {gone}"


def test_every_text_is_translated_in_all_its_forms(arabic: dict[Key, Message]) -> None:
    missing = [words for (_, words), message in arabic.items() if not texts.is_whole(message)]
    assert not missing, f"Translate these in {texts.PO}, then run `{MEND}`: {missing}"


def test_no_translation_is_a_guess(arabic: dict[Key, Message]) -> None:
    guesses = [words for (_, words), message in arabic.items() if message.fuzzy]
    assert not guesses, f"Look at these in {texts.PO} and take the word fuzzy away: {guesses}"


def test_placeholders_and_markup_are_those_of_the_english(arabic: dict[Key, Message]) -> None:
    wrong = []
    for (_, words), message in arabic.items():
        wanted = placeholders(words if isinstance(words, str) else words[-1])
        for number, form in enumerate(forms(message)):
            in_words = isinstance(words, tuple) and number < _COUNTED_IN_WORDS
            if placeholders(form) != wanted and not (in_words and placeholders(form) <= wanted):
                wrong.append(f"{words!r}: {form!r}")
    assert not wrong, f"Mend these in {texts.PO}, then run `{MEND}`:\n" + "\n".join(wrong)


def test_digits_are_latin(arabic: dict[Key, Message]) -> None:
    other = [
        words for (_, words), message in arabic.items() if re.search("[٠-٩۰-۹]", "".join(forms(message)))
    ]
    assert not other, f"Write 0 to 9 in {texts.PO}, then run `{MEND}`: {other}"


def test_what_is_compiled_is_what_is_written() -> None:
    same = texts.MO.read_bytes() == texts.compiled(texts.written())
    assert same, f"{texts.MO} is older than {texts.PO}. Run `{MEND}`."


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "لا منتجات"),
        (1, "منتج واحد"),
        (2, "منتجان"),
        (3, "3 منتجات"),
        (10, "10 منتجات"),
        (11, "11 منتجًا"),
        (99, "99 منتجًا"),
        (100, "100 منتج"),
        (103, "103 منتجات"),
    ],
)
def test_numbers_are_counted_as_arabic_counts(number: int, words: str) -> None:
    with translation.override("ar"):
        counted = translation.ngettext("%(number)s product", "%(number)s products", number)
    assert counted % {"number": number} == words


def test_a_number_in_a_plural_has_a_name_since_arabic_says_one_and_two_without_it(
    arabic: dict[Key, Message],
) -> None:
    """`"%d" % 1` fails where a form holds no `%d`; `"%(number)d" % {…}` does not."""
    plurals = [message.id for message in arabic.values() if isinstance(message.id, tuple | list)]
    assert plurals
    assert [texts for texts in plurals if any(re.search(r"%[ds]|\{\}", text) for text in texts)] == []
