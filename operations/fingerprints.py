"""Fingerprints of what a process was started with: they tell whether two differ, not what it is."""

import hashlib
import re
from functools import lru_cache
from typing import Any

from django.conf import settings

JWT = "JWT"
_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|URL$|CACHES|DATABASES")
_PRIVATE = ("SIGNING_KEY", "VERIFYING_KEY")
_OF_THE_PROCESS = frozenset({"DATABASES", "LOGGING"})  # a web process keeps a pool, a command does not


@lru_cache(maxsize=1)
def of_settings() -> dict[str, str]:
    """By name, every setting that AQAD itself sets; `JWT` is the key tokens are signed with."""
    from aqad import settings as ours  # noqa: PLC0415 - reading it twice would read the environment twice

    names = [name for name in vars(ours) if name.isupper() and name not in _OF_THE_PROCESS]
    found = {name: _fingerprint(name, getattr(settings, name, None)) for name in names}
    found["SIMPLE_JWT"] = _fingerprint("SIMPLE_JWT", lifetimes_and_algorithm())
    found["DATABASES"] = _secret("DATABASES", _address_of(settings.DATABASES["default"]))
    return found | {JWT: of_jwt_key(settings.SIMPLE_JWT["SIGNING_KEY"])}


def of_jwt_key(key: str) -> str:
    return _secret(JWT, key)


def lifetimes_and_algorithm() -> dict[str, str]:
    """What may be seen of how tokens are made."""
    return {name: str(value) for name, value in settings.SIMPLE_JWT.items() if name not in _PRIVATE}


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The names whose fingerprints are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _address_of(database: dict[str, Any]) -> str:
    return repr([database.get(name) for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")])


def _fingerprint(name: str, value: Any) -> str:
    text = repr(value)
    return _secret(name, text) if _SECRET.search(name) else hashlib.sha256(text.encode()).hexdigest()[:12]


def _secret(name: str, text: str) -> str:
    """Slow on purpose: who reads the fingerprint of a short password must not find it by trying."""
    return hashlib.scrypt(text.encode(), salt=f"aqad {name}".encode(), n=2**13, r=8, p=1, dklen=6).hex()
