from typing import Any


class StoryError(Exception):
    """The story cannot go on; the text is for the person who started it."""


class Differs(StoryError):
    """Something is not as the story says it must be."""

    def __init__(self, what: str, *, expected: Any, found: Any, context: str = "") -> None:
        lines = [f"This differs: {what}", f"  expected  {expected}", f"  found     {found}"]
        super().__init__("\n".join([*lines, *(["", context] if context else [])]))
