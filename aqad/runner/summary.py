"""What a person sees when AQAD is up."""

import json
import os

from aqad.runner.environment import Configuration
from aqad.runner.terminal import bold

SIGN_INS = "demo-signins.json"


def summary(configuration: Configuration, seconds: float) -> str:
    """Addresses, places and, with the demo cast, who can sign in."""
    store = configuration.public_url
    data = configuration.data
    rows = [
        ("Store", store),
        ("API", f"{store}/api/docs"),
        ("Admin", f"{store}/admin/"),
        *([("Sandbox gateway", configuration.gateway_url)] if configuration.runs_sandbox else []),
        *([] if os.environ.get("EMAIL_URL") else [("Mails", f"{data / 'mail'}{'/'}")]),
        ("Data and logs", str(data)),
    ]
    lines = ["", bold(f"AQAD is up ({seconds:.0f} s)"), *(f"  {name:<17}{value}" for name, value in rows)]
    return "\n".join(
        [*lines, *_sign_ins(configuration), "", "  Ctrl-C stops everything; the data stays.", ""]
    )


def _sign_ins(configuration: Configuration) -> list[str]:
    path = configuration.data / SIGN_INS
    if not path.exists():
        return []
    people = json.loads(path.read_text())
    return [
        "",
        bold("Sign in as"),
        *(f"  {person['role']:<17}{person['email']:<32}{person['password']}" for person in people),
    ]
