"""The links that AQAD mails, from the folder into which it writes mails when no mail server is set."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from tests.runner.installation import eventually


def newest_link(folder: Path, address: str, path: str) -> str:
    """The path of the newest link under `path` mailed to this address, waited for."""
    found: list[str] = []

    def look() -> bool:
        found[:] = _links(folder, address, path)
        return bool(found)

    eventually(look, f"a mail to {address} with a link to {path}")
    return found[0]


def _links(folder: Path, address: str, path: str) -> list[str]:
    """Newest first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    mails = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in files)
    texts = (mail.get_body(("plain",)) for mail in mails if address in str(mail["To"]))
    pattern = re.compile(rf"https?://[^/\s]+({re.escape(path)}\S+)")
    return [link for text in texts if text for link in pattern.findall(text.get_content())]
