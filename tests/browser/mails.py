"""The links that AQAD mails, from the folder into which it writes mails when no mail server is set."""

import re
from collections.abc import Callable
from pathlib import Path

from aqad.story.backstage import Mailbox
from tests.runner.installation import eventually


def link_mailed(
    folder: Path,
    address: str,
    path: str,
    ask: Callable[[], object],
    *,
    opens: Callable[[str], bool] = lambda _link: True,
) -> str:
    """`ask` for something that mails a link under `path` to this address; wait for one that `opens`.

    A worker may still be sending a link from before, which asking has made void.
    """
    before = _links(folder, address, path)
    ask()
    found: list[str] = []

    def look() -> bool:
        found[:] = filter(opens, sorted(_links(folder, address, path) - before))
        return bool(found)

    eventually(look, f"a mail to {address} with a link to {path}")
    return found[0]


def _links(folder: Path, address: str, path: str) -> set[str]:
    texts = (mail.get_body(("plain",)) for mail in Mailbox(folder).mails() if address in str(mail["To"]))
    pattern = re.compile(rf"https?://[^/\s]+({re.escape(path)}\S+)")
    return {link for text in texts if text for link in pattern.findall(text.get_content())}
