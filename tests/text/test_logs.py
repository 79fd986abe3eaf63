"""What people send cannot forge a line of the log, steer a terminal that shows it, or hide in it."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings

from aqad.lib import logs

HOSTILE = [
    *("x\n12:00:00 [info     ] paid", "x\r\nlevel=info", "a\vb\fc", "a\x85b", "a\u2028b\u2029c"),
    *(
        "\x1b[2J\x1b[31mred",
        "\x9b31m",
        "a\x00b\x07\x08\x7f",
        "cod\u202eexe",
        "\u2066a\u2069",
        "in\u200bvisible",
    ),
    *("in\u200bvisible", "half \ud800", "tag \U000e0041", "\ufffe", "quoted \x1b and blank"),
]
RAW = "\r\v\f\x85\u2028\u2029\x1b\x9b\x00\x07\x08\x7f\u202e\u2066\u2069\u200b\ud800\U000e0041\ufffe"


@pytest.fixture(params=[True, False], ids=["json", "text"])
def machine(request: Any) -> bool:
    return bool(request.param)


@pytest.fixture
def written(machine: bool) -> Iterator[StringIO]:
    out = StringIO()
    logs.configure({"json": machine})
    root = logging.getLogger()
    (handler,) = [each for each in root.handlers if type(each) is logging.StreamHandler]
    handler.setStream(out)
    yield out
    logs.configure(settings.LOGGING)


def said(machine: bool, out: StringIO, line: str) -> None:
    text = out.getvalue()
    assert text.endswith("\n")
    assert not set(text) & set(RAW), ascii(text)
    lines = text.removesuffix("\n").split("\n")
    if machine:
        (told,) = [json.loads(each) for each in lines]
        assert line in json.dumps(told, ensure_ascii=False) or line in map(str, told.values())
    else:
        assert len([each for each in lines if not each.startswith("  ")]) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_an_event_is_one_line(machine: bool, written: StringIO, text: str) -> None:
    logging.getLogger("django.request").error("Not Found: %s", text)
    said(machine, written, f"Not Found: {text}")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_value_is_one_line(machine: bool, written: StringIO, text: str) -> None:
    logs.structlog.get_logger("aqad").info("asked", agent=text, of=[text])
    said(machine, written, text)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_the_access_log_is_one_line(machine: bool, written: StringIO, text: str) -> None:
    logs.write_masked("aqad.access", f"asked {text}", {"path": text, "agent": text})
    said(machine, written, text)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_an_exception_says_is_no_line_of_its_own(machine: bool, written: StringIO, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logs.structlog.get_logger("aqad").exception("failed")
    said(machine, written, "failed")
    assert "Traceback" in written.getvalue()


def test_arabic_and_plain_text_stay_readable(machine: bool, written: StringIO) -> None:
    logs.structlog.get_logger("aqad").info("found", words="حليب طازج", path="/products")
    assert "حليب طازج" in written.getvalue()
