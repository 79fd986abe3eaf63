"""In production every cookie of ours is `__Host-`: over https, for this host and all its paths alone."""

import json
import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD
from tests.goods import list_product
from vendors.models import Vendor

SECRETS = {name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "AQAD_JWT_SIGNING_KEY")}
PRODUCTION = {
    **SECRETS,
    "AQAD_ENV": "production",
    "AQAD_PUBLIC_URL": "https://aqad.example",
    "ALLOWED_HOSTS": "aqad.example",
    "DATABASE_URL": "postgres://aqad:secret@db.example/aqad",
    "REDIS_URL": "rediss://:secret@redis.example/1",
    "CELERY_BROKER_URL": "rediss://:secret@redis.example/0",
    "EMAIL_URL": "smtp+tls://aqad:secret@mail.example:587",
    "AQAD_S3_BUCKET": "aqad",
}
ASK = """
import json
from aqad import settings
names = [name for name in vars(settings) if name.endswith("COOKIE_NAME")]
told = {name: getattr(settings, name) for name in names}
told |= {name: getattr(settings, name) for name in vars(settings) if name.endswith("COOKIE_SECURE")}
print(json.dumps(told))
"""


def test_production_names_every_cookie_so_and_development_none():
    run = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        check=True,
        text=True,
        env={"PATH": os.environ["PATH"], **PRODUCTION},
    )
    told = json.loads(run.stdout)
    names = {value for name, value in told.items() if name.endswith("NAME")}
    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-django_language"} <= names
    assert all(name.startswith("__Host-") for name in names)
    assert all(value is True for name, value in told.items() if name.endswith("SECURE"))
    here = [getattr(django_settings, name) for name in told if name.endswith("NAME")]
    assert not [name for name in here if name.startswith("__")]


@pytest.mark.django_db
def test_a_browser_that_minds_the_prefix_gets_only_cookies_that_it_takes(
    settings: Any, retailer_user: User, vendor: Vendor
):
    """RFC 6265bis: Secure, Path=/ and no Domain, else the browser drops a cookie of that name."""
    for name in [name for name in dir(django_settings) if name.endswith("_COOKIE_NAME")]:
        setattr(settings, name, f"__Host-{getattr(settings, name)}")
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(settings, f"{name}_COOKIE_SECURE", True)
    browser = Client(enforce_csrf_checks=True, headers={"Referer": "https://testserver/"})
    sent: dict[str, Any] = {}

    def go(path: str, **form: Any) -> Any:
        token = browser.cookies.get("__Host-csrftoken")
        body = {**form, "csrfmiddlewaretoken": token.value} if token else form
        answer = browser.post(path, body, secure=True) if form else browser.get(path, secure=True)
        sent.update(answer.cookies)
        return answer

    go("/sign-in")
    assert go("/cart/add", product=list_product(vendor).code, quantity=3).status_code == 302
    assert go("/sign-in", email=retailer_user.email, password=PASSWORD).status_code == 302
    assert go("/account/profile").status_code == 200
    go("/account/profile", name="Huda", phone="0501112233", language="ar")
    assert 'dir="rtl"' in go("/account/profile").text
    assert go("/sign-out", now="yes").status_code == 302
    ours = {name: cookie for name, cookie in sent.items() if name != "messages"}
    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-django_language", "__Host-cart"} <= set(ours)
    for name, cookie in ours.items():
        assert name.startswith("__Host-"), name
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", ""), name
