"""Asking without leaving a trace, and seeing whether the database was written to."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from tests.sweep.table import Call
from tests.sweep.world import World

CODES = {400: "validation_error", 401: "unauthorized", 403: "forbidden", 404: "not_found"}


def ask(world: World, actor: str, method: str, path: str, **request: Any) -> tuple[Any, int]:
    """The answer, and how many rows, files and mails were written for it; the rows are rolled back."""
    client = world.clients[actor]
    client.raise_request_exception = False
    return watch(client, method, path, **request)


def watch(client: Client, method: str, path: str, **request: Any) -> tuple[Any, int]:
    """As `ask`, for any client."""
    with transaction.atomic():
        before = _traces()
        answer = client.generic(method, path, **request)
        if answer.streaming:
            b"".join(answer)  # a file is closed when it has been read
        written = _traces() - before
        transaction.set_rollback(True)
    return answer, written


def ask_page(client: Client, method: str, path: str, **request: Any) -> Any:
    """The answer to a browser; what was written is rolled back."""
    with transaction.atomic():
        answer = client.generic(method, path, **request)
        transaction.set_rollback(True)
    if answer.streaming:
        b"".join(answer)  # a file is closed when it has been read
    return answer


def call(world: World, actor: str, row: Call) -> tuple[Any, int]:
    """One row of the table as this actor."""
    client = world.clients[actor]
    body = {name: _upload(value) for name, value in world.fill(dict(row.body)).items()}
    data, content_type = client._encode_data(body, "multipart" if row.multipart else "json")
    return ask(world, actor, row.method, world.fill(row.path), data=data, content_type=content_type)


def error_of(answer: Any) -> str:
    """What is wrong with the body of a refusal; empty where it is the one error body."""
    try:
        body = json.loads(answer.content)
    except ValueError:
        return f"no JSON: {answer.content[:80]!r}"
    members = {"success", "message", "code", "request_id"}
    if not members <= set(body) or body["success"] is not False or not body["message"]:
        return f"not the error body: {body}"
    expected = CODES.get(answer.status_code)
    if answer.status_code in (401, 403, 404) and (body["code"] != expected or "errors" in body):
        return f"code {body['code']} for {answer.status_code}"
    return ""


def _upload(value: Any) -> Any:
    if isinstance(value, tuple):
        return SimpleUploadedFile(*value)
    return value


def _traces() -> int:
    """Rows written in this transaction, files stored and mails sent so far."""
    folders = [each["OPTIONS"]["location"] for each in settings.STORAGES.values() if "OPTIONS" in each]
    files = sum(1 for folder in folders for each in Path(folder).rglob("*") if each.is_file())
    return _rows_written() + files + len(mail.outbox)


def _rows_written() -> int:
    """Rows that this transaction inserted, changed or deleted so far, also where it took that back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0] or 0)
