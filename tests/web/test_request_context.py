"""Who asked, under which id: in the answer, in every log line, in every task."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from celery import Celery
from django.conf import settings as django_settings
from django.test import Client

from aqad.lib import logs
from aqad.lib.web import task_context
from aqad.lib.web.context import believe_proxies, current_address, current_request_id
from aqad.lib.web.masking import mask_mapping, mask_path, mask_query, mask_text

TRUSTED = ["10.0.0.0/8", "2001:db8::/32"]


@contextmanager
def captured_lines(*, as_json: bool = True) -> Iterator[Callable[[], list[Any]]]:
    """What the process would write to its log, as it would write it."""
    logs.configure({"json": as_json})
    stream = io.StringIO()
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    handler.setStream(stream)
    try:
        yield lambda: [json.loads(line) if as_json else line for line in stream.getvalue().splitlines()]
    finally:
        logs.configure(django_settings.LOGGING)


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.3.3.3", "10.3.3.3"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db9::1]:443", "2001:db9::1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("2001:db8::5", "2001:0DB9:0:0::7", "2001:db9::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_address_is_the_last_one_a_trusted_proxy_saw(
    settings: Any, remote: str, forwarded: str, client: str
) -> None:
    settings.TRUSTED_PROXIES = TRUSTED
    assert believe_proxies({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}) == client


def test_nobody_is_trusted_by_default(client: Client) -> None:
    forged = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    response = client.get("/whoami", headers=forged)
    assert response.content == b"127.0.0.1 http testserver"


def test_a_trusted_proxy_names_address_scheme_and_host(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    settings.ALLOWED_HOSTS = ["aqad.example"]
    told = {
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "aqad.example",
    }
    assert client.get("/whoami", headers=told).content == b"198.51.100.1 https aqad.example"
    assert client.get("/whoami", headers={**told, "X-Forwarded-Host": "evil.example"}).status_code == 400


def test_a_well_formed_request_id_is_kept_and_any_other_replaced(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "order-12.A_z"})["X-Request-ID"] == "order-12.A_z"
    for bad in ("short", "x" * 129, "white space", "line\nbreak", "<script>1"):
        made = client.get("/healthz", headers={"X-Request-ID": bad})["X-Request-ID"]
        assert len(made) == 32
        assert made.isalnum()


def test_nothing_of_a_request_stays_behind(client: Client) -> None:
    client.get("/api/things")
    assert current_request_id() == ""
    assert current_address() == ""


def test_every_line_of_a_request_carries_its_id(client: Client) -> None:
    with captured_lines() as lines:
        client.get("/raise/crash", headers={"X-Request-ID": "my-request-1"})
    assert {line["logger"] for line in lines()} == {"django.request", "aqad.access"}
    assert {line["request_id"] for line in lines()} == {"my-request-1"}
    crash = next(line for line in lines() if line["logger"] == "django.request")
    assert "ZeroDivisionError" in crash["exception"]
    assert crash["level"] == "error"


def test_a_request_is_one_line_with_method_path_status_time_and_user(client: Client) -> None:
    with captured_lines() as lines:
        client.get("/api/vendor-only?page=2", headers={"Authorization": "Bearer vendor"})
    [line] = lines()
    assert (line["method"], line["path"], line["query"], line["status"]) == (
        "GET",
        "/api/vendor-only",
        "page=2",
        200,
    )
    assert line["user"] == "vendor-7"
    assert line["address"] == "127.0.0.1"
    assert line["ms"] >= 0


def test_probes_do_not_fill_the_log(client: Client) -> None:
    with captured_lines() as lines:
        client.get("/healthz")
    assert lines() == []


@pytest.mark.parametrize("as_json", [True, False])
def test_no_line_holds_a_secret(client: Client, as_json: bool) -> None:
    with captured_lines(as_json=as_json) as lines:
        client.get(
            "/api/vendor/application/s3cr3t?token=s3cr3t&page=1", headers={"Authorization": "Bearer s3cr3t"}
        )
        structlog.get_logger("x").warning("odd", password="s3cr3t", Authorization="Bearer s3cr3t")
        logging.getLogger("botocore").warning("sent Authorization: Bearer %s to /pay/s3cr3t", "s3cr3t")
        try:
            password = "s3cr3t"  # noqa: F841
            raise ValueError("boom")
        except ValueError:
            structlog.get_logger("x").exception("crashed")
    assert len(lines()) >= 4
    for line in lines():
        assert "s3cr3t" not in json.dumps(line).replace('password = \\"s3cr3t\\"', "")


def test_masking_leaves_the_rest_readable() -> None:
    assert mask_path("/api/vendor/application/link") == "/api/vendor/application/link"
    assert mask_path("/api/vendor/application/abc/x") == "/api/vendor/application/***"
    assert mask_path("/pay/PAY1001:abc") == "/pay/***"
    assert mask_path("/invitation/" + "a" * 43 + "/") == "/invitation/***/"
    assert mask_path("/static/css/" + "a" * 43 + ".css").endswith("a.css")
    assert mask_path("/api/orders/ORD1001/accept") == "/api/orders/ORD1001/accept"
    assert mask_query("page=2&token=abc&TOKEN=abc&pin=") == "page=2&token=***&TOKEN=***&pin="
    assert mask_text("order=ORD1001 password=abc") == "order=ORD1001 password=***"
    assert mask_mapping({"order": "ORD1001", "otp": "123456"}) == {"order": "ORD1001", "otp": "***"}


def test_development_lines_are_for_people(client: Client) -> None:
    with captured_lines(as_json=False) as lines:
        client.get("/api/things")
    [line] = lines()
    assert "path=/api/things" in line
    assert "\x1b" not in line


def test_celery_and_gunicorn_write_the_same_lines() -> None:
    with captured_lines() as lines, structlog.contextvars.bound_contextvars(request_id="id-of-task"):
        for name in ("celery.app.trace", "gunicorn.error"):
            logging.getLogger(name).info("up and %s", "running")
    assert [(line["event"], line["request_id"]) for line in lines()] == [("up and running", "id-of-task")] * 2


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Celery application that keeps its messages in memory, with a task that tells what it knows."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery prefers it to what it is told
    task_context.connect()
    app = Celery("test", broker="memory://", set_as_current=False)

    @app.task(name="tell", shared=False)
    def tell() -> dict[str, Any]:
        return dict(structlog.contextvars.get_contextvars())

    return app


def test_a_task_is_sent_with_the_request_id(tasks: Any) -> None:
    with tasks.connection_for_write() as connection:
        queue = connection.SimpleQueue("celery")
        with structlog.contextvars.bound_contextvars(request_id="my-request-2"):
            tasks.send_task("tell", connection=connection)
        tasks.send_task("tell", connection=connection)
        inside, outside = queue.get(timeout=1), queue.get(timeout=1)
        queue.clear()
    assert inside.headers[task_context.HEADER] == "my-request-2"
    assert task_context.HEADER not in outside.headers


def test_a_task_runs_under_the_request_id_and_leaves_nothing_behind(tasks: Any) -> None:
    told = tasks.tasks["tell"].apply(headers={task_context.HEADER: "my-request-3"}).get()
    assert told == {"request_id": "my-request-3", "task": "tell"}
    own = tasks.tasks["tell"].apply(task_id="task-of-its-own").get()
    assert own["request_id"] == "task-of-its-own"
    assert structlog.contextvars.get_contextvars() == {}


def test_a_task_run_at_once_gives_the_request_its_context_back(tasks: Any) -> None:
    with structlog.contextvars.bound_contextvars(request_id="my-request-4"):
        tasks.tasks["tell"].apply(headers={task_context.HEADER: "another"}).get()
        assert current_request_id() == "my-request-4"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_quick_line_is_the_line_that_structlog_would_write(*, as_json: bool) -> None:
    details = {
        "path": "/a b",
        "status": 200,
        "ms": 0.5,
        "said": 'it"s',
        "who": "عمر",
        "none": None,
        "empty": "",
    }
    with captured_lines(as_json=as_json) as lines, structlog.contextvars.bound_contextvars(request_id="r-1"):
        logs.write_masked("aqad.access", "request", details)
        structlog.get_logger("aqad.access").info("request", **details)
        quick, slow = lines()
    assert without_time(quick) == without_time(slow)


def without_time(line: Any) -> Any:
    return line[8:] if isinstance(line, str) else {**line, "timestamp": ""}
