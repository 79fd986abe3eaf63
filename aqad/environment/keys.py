"""Whether a secret could be guessed. Secrets are made by a machine; what a person makes up repeats itself."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

HOW_TO = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
# Beginnings and parts of keys that are printed in documentation, AQAD's own and others'.
PUBLISHED = (
    *("django-insecure", "development-only", "sandbox", "changeme", "change-me", "change_me", "your-secret"),
    *("your_secret", "secret-key", "secret_key", "secretkey", "example", "insecure", "placeholder"),
    *("replace-me", "replace_me", "replaceme", "qwerty", "0123456789", "abcdefghij"),
)


@dataclass(frozen=True)
class Key:
    """A secret of at least `characters` in production; shorter and simpler ones are for development."""

    characters: int = 50
    secret: ClassVar[bool] = True

    def fault(self, value: str, *, production: bool) -> str:
        if not value.isprintable():
            return "it must be one line without control characters"
        if not production:
            return ""
        if len(value) < self.characters:
            return f"it is shorter than {self.characters} characters; {HOW_TO}"
        if found := next((word for word in PUBLISHED if word in value.lower()), ""):
            return f"it contains '{found}', as published keys do; {HOW_TO}"
        return f"it has too little variety; {HOW_TO}" if is_monotonous(value) else ""


def is_monotonous(value: str) -> bool:
    """One letter over and over, a word repeated, an alphabet: what no generator of random text brings forth.

    A random key of fifty hexadecimal digits has 14 or more different characters, 18 or more different steps
    from one to the next, and hardly any three characters twice; one of decimal digits 10, 15 and 90 percent.
    """
    letters = set(value)
    steps = {ord(second) - ord(first) for first, second in itertools.pairwise(value)}
    threes = [value[at : at + 3] for at in range(len(value) - 2)]
    return len(letters) < 9 or len(steps) < 9 or len(set(threes)) < 0.7 * len(threes)
