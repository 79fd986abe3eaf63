"""`python -m tests.language`: bring the Arabic texts up to date with code and templates, and compile them."""

import os
import sys

import django

MEND = ".venv/bin/python -m tests.language"


def main() -> int:
    """The exit code is 1 while texts have no translation yet, which are told."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")
    django.setup()
    from tests.language import texts  # noqa: PLC0415 - needs the settings

    catalogue = texts.brought_up_to_date()
    texts.write(catalogue)
    missing = [message.id for message in texts.texts(catalogue).values() if not texts.is_whole(message)]
    for each in missing:
        sys.stdout.write(f"Not translated yet: {each}\n")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
