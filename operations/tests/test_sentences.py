"""Sentences in Arabic keep their codes, times and SQL readable."""

import pytest
from django.utils import translation

from operations.templatetags.doctor import isolated


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("المنتج P1001: سليم.", 'المنتج <bdi dir="ltr">P1001</bdi>: سليم.'),
        ("المحجوز 0.", 'المحجوز <bdi dir="ltr">0</bdi>.'),
        ("منذ 2026-11-24 22:44:39.", 'منذ <bdi dir="ltr">2026-11-24 22:44:39</bdi>.'),
        ("خطأ <b>", 'خطأ <bdi dir="ltr">&lt;b&gt;</bdi>'),
        ("لا خلل.", "لا خلل."),
    ],
)
def test_what_is_latin_stands_by_itself_and_is_escaped(sentence: str, written: str) -> None:
    with translation.override("ar"):
        assert isolated(sentence) == written


def test_english_needs_none_of_it() -> None:
    assert isolated("P1001 <b>") == "P1001 &lt;b&gt;"
