"""What a program calls itself, in words: `Firefox on Windows`.

Packages that know every device carry thousands of patterns that each web process would have to compile; a
person who looks over the own sessions needs to tell a phone from a desk.
"""

import re

from django.utils.translation import gettext as _

# The first that is in the text counts: most browsers name those they descend from as well.
_PROGRAMS = (
    ("EdgA/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_FIRST_WORD = re.compile(r"[A-Za-z][\w.-]{0,38}")


def describe_device(agent: str) -> str:
    """The program and its system, as far as the text `agent` (a User-Agent) tells."""
    program = _first(_PROGRAMS, agent) or _own_name(agent)
    system = _first(_SYSTEMS, agent)
    if program and system:
        return _("%(program)s on %(system)s") % {"program": program, "system": system}
    return program or system or _("Unknown device")


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in known if mark in agent), "")


def _own_name(agent: str) -> str:
    """An app's name for itself, `AqadDriver` of `AqadDriver/2.1 (Android 14)`."""
    name = _FIRST_WORD.match(agent)
    return name[0] if name and name[0] != "Mozilla" else ""
