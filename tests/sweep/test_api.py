"""Every route × every method × everybody, own and foreign objects, against one table."""

import re
from typing import Any

from tests.sweep.asking import ask, call, error_of
from tests.sweep.routes import METHODS, all_routes
from tests.sweep.table import CALLS, EVERYBODY, Call
from tests.sweep.world import World

API = [route for route in all_routes() if route.is_api]
FORM = "multipart/form-data"
JUNK = (
    (b"", "application/json"),
    (b'{"a": ', "application/json"),
    (b"[]", "application/json"),
    (b"null", "application/json"),
    (b'"x"', "application/json"),
    (b"\xff\xfe\x00", "application/json"),
    (b'{"surprise": {"a": [1]}}', "application/json"),
    (b"x", "text/plain"),
    (b"x", FORM),
    (b"x", f"{FORM}; boundary=y"),
    (b"--y\r\n\r\nx", f"{FORM}; boundary=y"),
)
EMPTY = {"data": b"{}", "content_type": "application/json"}
JUNK_PARTS = ("0", "-1", "9" * 40, "P", "ORD1001x", "%00", "٣", "a b", "trade_license")


def test_the_table_names_every_route_and_no_other() -> None:
    real = {(method, route.path) for route in API for method in route.methods}
    named = {(row.method, row.shape) for row in CALLS}
    missing = sorted(" ".join(each) for each in real - named)
    gone = sorted(" ".join(each) for each in named - real)
    assert not missing, f"Say in tests/sweep/table.py who may call: {', '.join(missing)}"
    assert not gone, f"Take out of tests/sweep/table.py what no route answers: {', '.join(gone)}"


def test_every_call_is_answered_as_the_table_says(world: World) -> None:
    wrong = []
    for row in CALLS:
        for actor in sorted(EVERYBODY):
            answer, written = call(world, actor, row)
            if complaint := _complaint(row, actor, answer, written):
                wrong.append(f"{row.method} {row.path} as {actor}: {complaint}")
    assert not wrong, "\n".join(["", *wrong])


def test_a_method_that_a_route_does_not_have_is_405(world: World) -> None:
    for route in API:
        for method in set(METHODS) - set(route.methods):
            path = route.path.replace("{}", "1")
            answer, written = ask(world, "anonymous", method, path)
            assert (answer.status_code, written) == (405, 0), f"{method} {path}: {answer.status_code}"
            assert answer.json()["code"] == "method_not_allowed"


def test_junk_never_breaks_anything(world: World) -> None:
    wrong = []
    for row in CALLS:
        for body, form in JUNK if row.method != "GET" else JUNK[:1]:
            path = world.fill(row.path)
            answer, written = ask(world, _somebody(row), row.method, path, data=body, content_type=form)
            refused = answer.status_code >= 400
            if answer.status_code >= 500 or (refused and (error_of(answer) or written)):
                wrong.append(f"{row.method} {path} {body!r}: {answer.status_code} {answer.content[:90]!r}")
    assert not wrong, "\n".join(["", *wrong])


def test_a_path_that_names_nothing_is_404(world: World) -> None:
    wrong = []
    for row in CALLS:
        for name in re.findall(r"\{\w+\}", row.path):
            for junk in JUNK_PARTS:
                path = world.fill(row.path.replace(name, junk))
                answer, written = ask(world, _somebody(row), row.method, path, **EMPTY)
                if answer.status_code not in (400, 404, 405) or error_of(answer) or written:
                    wrong.append(f"{row.method} {path}: {answer.status_code} {answer.content[:90]!r}")
    assert not wrong, "\n".join(["", *wrong])


def _complaint(row: Call, actor: str, answer: Any, written: int) -> str:
    expected = _expected(row, actor)
    if answer.status_code != expected:
        return f"{answer.status_code} instead of {expected} {answer.content[:160]!r}"
    if expected in (401, 403, 404):
        return error_of(answer) or _trace(written)
    return ""


def _expected(row: Call, actor: str) -> int:
    if actor not in row.who.may:
        return 401 if actor == "anonymous" else 403
    return row.but.get(actor, row.answers) if actor in row.who.sees else 404


def _trace(written: int) -> str:
    return f"refused, but {written} rows were written" if written else ""


def _somebody(row: Call) -> str:
    """One of those who may, the anonymous last."""
    return max(row.who.may & row.who.sees, key=lambda actor: (actor != "anonymous", actor))
