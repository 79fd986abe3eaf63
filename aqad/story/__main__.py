"""Play the eight acts of an order's life against a running AQAD; ends with 1 where anything differs."""

import argparse
import os
import secrets
import sys
import time

import requests

from aqad.demo.sign_ins import read_sign_ins
from aqad.runner.environment import Configuration
from aqad.runner.errors import RunnerError
from aqad.story import telling
from aqad.story.acts import ACTS
from aqad.story.backstage import open_audit_log, open_mailbox
from aqad.story.errors import StoryError
from aqad.story.http import TIMEOUT, Person, new_session
from aqad.story.stage import Stage


def main() -> int:
    arguments = _arguments()
    started = time.monotonic()
    url = arguments.address
    try:
        configuration = Configuration.read()
        url = (url or configuration.public_url).rstrip("/")
        stage = _set_stage(configuration, url)
        for number, (title, play) in enumerate(ACTS, start=1):
            telling.act(number, title)
            play(stage)
    except requests.ConnectionError:
        telling.failure(
            f"AQAD does not answer at {url}. Start it with `make run`, then tell the story again."
        )
        return 2
    except (StoryError, RunnerError, requests.RequestException) as error:
        telling.failure(str(error))
        return 1
    codes = f"{stage.vendor_code}, {stage.product}, {stage.order}, {stage.delivery}"
    telling.end(f"All as it must be, in {time.monotonic() - started:.0f} s: {codes}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make story", description=__doc__)
    parser.add_argument(
        "address", nargs="?", default="", help="where AQAD answers, if not where `make run` would"
    )
    return parser.parse_args()


def _set_stage(configuration: Configuration, url: str) -> Stage:
    """Fresh parties and an admin who is there already; a look behind the scenes only on AQAD's machine."""
    with new_session() as anybody:
        anybody.get(f"{url}/healthz", timeout=TIMEOUT).raise_for_status()
    is_here = url == configuration.public_url.rstrip("/")
    tag = secrets.token_hex(3)

    def person(name: str, email: str) -> Person:
        return Person(name, email.format(tag), secrets.token_urlsafe(12), url)

    return Stage(
        tag=tag,
        admin=_admin(configuration, url),
        vendor=person("Ahmed", "ahmed.{}@ahmedfoods.example"),
        retailer=person("Fatima", "fatima.{}@freshmart.example"),
        driver=person("Imran", "imran.{}@fasttrack.example"),
        mailbox=open_mailbox(configuration, os.environ) if is_here else None,
        audit_log=open_audit_log(configuration) if is_here else None,
    )


def _admin(configuration: Configuration, url: str) -> Person:
    email, password = os.environ.get("AQAD_ADMIN_EMAIL"), os.environ.get("AQAD_ADMIN_PASSWORD")
    if email and password:
        return Person("Admin", email, password, url)
    for known in read_sign_ins(configuration.data):
        if known["role"] == "admin":
            return Person("Admin", known["email"], known["password"], url)
    raise StoryError(
        f"The story needs an admin, and {configuration.data} names none.\n"
        "Set AQAD_DATA_DIR, or AQAD_ADMIN_EMAIL and AQAD_ADMIN_PASSWORD, as for `make run`."
    )


if __name__ == "__main__":
    sys.exit(main())
