"""People with an app: every call is told, and its status is checked."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from aqad.story import telling
from aqad.story.errors import Differs, StoryError

TIMEOUT = (5, 30)  # seconds to connect, to answer
PATIENCE = 90.0  # seconds that rate limits may cost
Upload = tuple[str, bytes, str]  # file name, content, type


def new_session() -> requests.Session:
    """A session that heeds no proxy or .netrc of the person's own."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass
class Person:
    """Somebody who uses the API; after `sign_in` with a token of their own."""

    name: str
    email: str
    password: str
    url: str
    session: requests.Session = field(default_factory=new_session)
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, *, expect: int = 200, show: Sequence[str] = ()) -> Any:
        return self._call("GET", path, expect=expect, show=show)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, Upload] | None = None,
        key: str = "",
        expect: int = 200,
        show: Sequence[str] = (),
    ) -> Any:
        """Send JSON, or a form where there are `files`; `key` is an Idempotency-Key."""
        extra = {"Idempotency-Key": key} if key else {}
        return self._call("POST", path, body, files=files, headers=extra, expect=expect, show=show)

    def peek(self, path: str) -> Any:
        """Read without telling."""
        return _json(self._send("GET", path))

    def sign_in(self) -> dict[str, Any]:
        tokens: dict[str, Any] = self.post(
            "/api/auth/login",
            {"email": self.email, "password": self.password},
            show=("user.name", "user.role", "user.code", "access"),
        )
        self.session.headers["Authorization"] = f"Bearer {tokens['access']}"
        return tokens

    def download(self, url: str) -> requests.Response:
        """Fetch a file by its own address, without the token: a signed or public link needs none."""
        with new_session() as anonymous:
            response = anonymous.get(url, timeout=TIMEOUT)
        telling.request(self.name, "GET", url)
        kind, size = response.headers.get("Content-Type", ""), len(response.content)
        telling.answer(response.status_code, [("type", kind), ("bytes", size)])
        _require_status(f"GET {url}", response, 200)
        return response

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        expect: int,
        show: Sequence[str],
        files: Mapping[str, Upload] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        papers = [telling.file(field, name, content) for field, (name, content, _) in (files or {}).items()]
        telling.request(self.name, method, path, [*telling.body(body), *papers])
        payload = {"data": body, "files": files} if files else {"json": body}
        response = self._send(method, path, headers=headers, **payload)
        answered = _json(response)
        self.headers = response.headers
        refused = response.status_code >= 400
        telling.answer(response.status_code, _facts(answered, ("code", "message") if refused else show))
        _require_status(f"{method} {path}", response, expect)
        return answered

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send, and where a limit says so wait as asked and send again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            response = self.session.request(method, f"{self.url}{path}", timeout=TIMEOUT, **options)
            pause = int(response.headers.get("Retry-After", 1))
            if response.status_code != 429 or time.monotonic() + pause > deadline:
                return response
            telling.wait(f"429: as many calls a minute as are allowed; trying again in {pause} s")
            time.sleep(pause)


def pick(body: Any, path: str) -> Any:
    """The value at a dotted path such as `orders.0.status`."""
    for part in path.split("."):
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body


def _facts(body: Any, paths: Sequence[str]) -> list[tuple[str, Any]]:
    facts = []
    for path in paths:
        name = ".".join(part for part in path.removeprefix("results.").split(".") if not part.isdecimal())
        try:
            facts.append((name, pick(body, path)))
        except (KeyError, IndexError, TypeError):
            facts.append((name, "(missing)"))
    return facts


def _json(response: requests.Response) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except requests.JSONDecodeError:
        raise StoryError(f"{response.url} answered {response.status_code} without JSON.") from None


def _require_status(what: str, response: requests.Response, expected: int) -> None:
    if response.status_code != expected:
        raise Differs(
            f"the status of {what}",
            expected=expected,
            found=response.status_code,
            context=response.text[:2000],
        )
