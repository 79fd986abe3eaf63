"""Every page, as everybody: no crash, no page that nobody thought of, forms only with their token."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.sweep.asking import ask_page, watch
from tests.sweep.routes import all_routes, shape_of
from tests.sweep.table import EVERYBODY, PAGES, Page
from tests.sweep.world import World

_FORM = (
    b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\nbecause\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4\r\n--x--\r\n'
)
_FILE = {"data": _FORM, "content_type": "multipart/form-data; boundary=x"}
REFUSED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("GET", {}), ("POST", _FILE), ("PUT", {}), ("PATCH", {}), ("DELETE", {}),
)  # fmt: skip
# Nothing in them is anybody's.
FOR_EVERYBODY = {
    "/service-worker.js", "/media/{media_key}", "/healthz", "/readyz", "/metrics",
}  # fmt: skip


def test_the_table_names_every_page_and_no_other() -> None:
    real = {route.path for route in all_routes() if not route.is_api and not route.is_admin_site}
    named = {shape_of(page.path) for page in PAGES}
    assert not real - named, f"Say in tests/sweep/table.py what these pages answer: {sorted(real - named)}"
    assert not named - real, f"Take out of tests/sweep/table.py what is no page: {sorted(named - real)}"


def test_every_page_answers_everybody_as_the_table_says(world: World) -> None:
    wrong = []
    for actor in sorted(EVERYBODY):
        client = _browser(world, actor)
        for page in PAGES:
            answer, expected = ask_page(client, "GET", world.fill(page.path)), _expected(page, actor)
            if answer.status_code != expected:
                wrong.append(f"{page.path} as {actor}: {answer.status_code} instead of {expected}")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("actor", sorted(EVERYBODY))
def test_a_page_that_is_refused_leaves_no_row_no_file_and_no_mail(world: World, actor: str) -> None:
    client, wrong = _browser(world, actor), []
    for page in PAGES:
        if actor in page.who.may and actor in page.who.sees:
            continue
        path = world.fill(page.path)
        for method, sent in REFUSED:
            answer, written = watch(client, method, path, **sent)
            if answer.status_code not in (302, 403, 404, 405) or written:
                wrong.append(f"{method} {page.path}: {answer.status_code}, {written} written")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("part", ["0", "-1", "x:y", "%00", "٣", "../settings.py", "a" * 3000])
def test_a_link_that_is_not_ours_breaks_nothing(world: World, part: str) -> None:
    client = _browser(world, "anonymous")
    for page in PAGES:
        if "{" in page.path:
            wrong = re.sub(r"\{\w+\}", lambda _name: part, page.path)
            assert ask_page(client, "GET", wrong).status_code in (200, 302, 400, 404, 405), wrong


def test_what_somebody_signed_in_is_shown_is_kept_nowhere(world: World) -> None:
    wrong = []
    for actor in sorted(EVERYBODY - {"anonymous"}):
        client = _browser(world, actor)
        for page in PAGES:
            answer = ask_page(client, "GET", world.fill(page.path))
            if page.path not in FOR_EVERYBODY and not _is_kept_nowhere(answer):
                wrong.append(f"{page.path} as {actor}: {answer.headers.get('Cache-Control')}")
    assert not wrong, "\n".join(["", *wrong])


def test_what_a_visitor_is_shown_may_be_kept(world: World) -> None:
    answer = ask_page(_browser(world, "anonymous"), "GET", "/products")
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def _is_kept_nowhere(answer: Any) -> bool:
    said = set(answer.headers.get("Cache-Control", "").split(", "))
    return {"private", "no-store"} <= said or (answer.status_code >= 400 and "no-store" in said)


def test_a_form_sent_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for page in PAGES:
        answer = ask_page(client, "POST", world.fill(page.path))
        is_sent_away = answer.status_code == 302 and answer["Location"].startswith("/sign-in")
        assert answer.status_code in (403, 405) or is_sent_away, page


def test_an_empty_form_breaks_nothing(world: World) -> None:
    client = _browser(world, "retailer")
    for page in PAGES:
        assert ask_page(client, "POST", world.fill(page.path)).status_code < 500, page


def _expected(page: Page, actor: str) -> int:
    if actor not in page.who.may:
        return 302 if actor == "anonymous" else 403
    return page.but.get(actor, page.answers) if actor in page.who.sees else 404


def _browser(world: World, actor: str) -> Client:
    client = Client(raise_request_exception=False)
    if actor in world.people:
        client.force_login(world.people[actor])
    return client
