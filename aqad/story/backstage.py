"""What happened behind, where it can be seen from here: mails in a folder, the audit log in the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg

from aqad.runner.environment import Configuration
from aqad.runner.folders import is_running, socket_folder
from aqad.runner.services import embedded

_BETWEEN = b"\n" + b"-" * 79 + b"\n"
_LINES = """
    SELECT concat_ws(' ', actor_label, verb, object_kind, object_code) FROM audit_entry
    WHERE object_code = %s ORDER BY id
"""


@dataclass(frozen=True)
class Mailbox:
    """The folder into which AQAD writes mails when no mail server is configured."""

    folder: Path

    def mails(self) -> Iterator[EmailMessage]:
        """Newest first. Mails of the same second may share a file, each with a line of dashes after it."""
        for path in sorted(self.folder.glob("*.log"), reverse=True):
            for mail in reversed(path.read_bytes().split(_BETWEEN)):
                if mail.strip():
                    yield message_from_bytes(mail.lstrip(), policy=policy.default)

    def find(self, address: str, subject: str) -> EmailMessage | None:
        found = (mail for mail in self.mails() if address in str(mail["To"]) and subject == mail["Subject"])
        return next(found, None)


@dataclass(frozen=True)
class AuditLog:
    """The audit log, read and never written."""

    connection: "psycopg.Connection[Any]"

    def lines_about(self, code: str) -> list[str]:
        return [row[0] for row in self.connection.execute(_LINES, [code])]


def open_mailbox(configuration: Configuration, environment: Mapping[str, str]) -> Mailbox | None:
    """None where mails go to a server, or lie on another machine."""
    folder = configuration.data / "mail"
    return None if environment.get("EMAIL_URL") or not folder.parent.is_dir() else Mailbox(folder)


def open_audit_log(configuration: Configuration) -> AuditLog | None:
    """None where the database cannot be reached from here."""
    if configuration.embeds_postgres and not is_running(configuration.data):
        return None
    address = embedded.addresses(configuration, socket_folder(configuration.data))["DATABASE_URL"]
    try:
        connection = psycopg.connect(address, autocommit=True, connect_timeout=3)
        connection.read_only = True
    except psycopg.Error:
        return None
    return AuditLog(connection)
