"""docs/security.md leaves no requirement out and names nothing that does not exist."""

import re
from pathlib import Path

import pytest

from aqad.environment.variables import VARIABLES

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = PROJECT / "docs" / "security.md"
TEXT = DOCUMENT.read_text()
ROWS = re.findall(r"^\| ([0-9][0-9., ]*) \| (.+) \| (.*?) ?\|$", TEXT, re.MULTILINE)
# ASVS 5.0.0, levels 1 and 2: section → how far its numbers go, without those of level 3.
SECTIONS = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2",
    "10.7": "1-3",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
    "17.1": "1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip


def required() -> set[str]:
    found = set()
    for section, numbers in SECTIONS.items():
        for part in numbers.split(","):
            first, _, last = part.partition("-")
            found |= {f"{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_requirement_of_levels_one_and_two_has_its_row_once() -> None:
    listed = [number for numbers, _what, _shown in ROWS for number in numbers.split(", ")]

    assert len(required()) == 253
    assert sorted(listed) == sorted(required())


def test_every_row_shows_something_or_says_why_not() -> None:
    bare = [
        numbers for numbers, what, shown in ROWS if not shown and not what.startswith(("–", "**Operator**"))
    ]
    assert [each for each in bare if each != "7.1.3, 7.6.1, 7.6.2"] == []


@pytest.mark.parametrize("document", [DOCUMENT, PROJECT / "SECURITY.md"])
def test_every_file_link_and_setting_exists(document: Path) -> None:
    text = document.read_text()
    named = re.findall(r"`(\.?[\w./-]+(?:\.py|\.toml|\.txt|\.in|\.html|/)|\.dockerignore)`", text)
    assert [name for name in named if not (PROJECT / name).exists()] == []
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert [link for link in links if not (document.parent / link).exists()] == []
    settings = re.findall(r"`((?:AQAD|CORS|EMAIL|ALLOWED|SECRET)_[A-Z0-9_]+)`", text)
    assert [name for name in settings if name not in VARIABLES] == []


def test_tests_are_named_and_are_tests() -> None:
    tests = set(re.findall(r"`([\w/]+/test_\w+\.py)`", TEXT))
    assert len(tests) > 50
    assert [name for name in tests if "def test_" not in (PROJECT / name).read_text()] == []


def test_the_readme_leads_to_both() -> None:
    readme = (PROJECT / "README.md").read_text()
    assert "(docs/security.md)" in readme
    assert "(SECURITY.md)" in readme
