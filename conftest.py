"""The cast of every test, and what keeps tests apart: fresh limits, files in a folder of their own."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import User
from aqad.lib import wakeup
from aqad.lib.web import limits
from catalog import cache
from delivery.models import DeliveryPartner
from retailers.models import Retailer
from tests import factories, own_redis
from tests.scheduling import SharedInstallations
from vendors.models import Vendor

own_redis.keep_apart()


@pytest.hookimpl(optionalhook=True)  # a run in one process has no workers
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedInstallations:
    return SharedInstallations(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logs may hold half characters, which a worker cannot send to the process that reports."""
    report = yield
    report.sections = [(title, _sendable(text)) for title, text in report.sections]
    if report.failed and _sendable(report.longreprtext) != report.longreprtext:
        report.longrepr = _sendable(report.longreprtext)
    return report


def _sendable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    """Whitenoise warns, and warnings are errors, where nothing was ever collected."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    folder = "aqad.lib.files.storage"
    settings.STORAGES = {
        "default": {
            "BACKEND": f"{folder}.PrivateFolderStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
        "public": {
            "BACKEND": f"{folder}.PublicFolderStorage",
            "OPTIONS": {"location": tmp_path / "public", "base_url": f"{settings.PUBLIC_URL}/media/"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits.forget_all()


@pytest.fixture(autouse=True)
def _nobody_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "SEEN_FOR", 0.0)  # so that no task of a test waits
    wakeup.forget_all()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """The language of a request stays with its thread, and the next test may ask nothing over HTTP."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """A test that ends by rolling back tells the cache nothing of it."""
    cache.forget_all()


@pytest.fixture
def admin(db: None) -> User:
    return factories.make_admin(email="sara@aqad.example", name="Sara")


@pytest.fixture
def vendor(db: None) -> Vendor:
    return factories.make_vendor(company_name="Ahmed Foods LLC", email="ahmed@foods.example")


@pytest.fixture
def rival_vendor(db: None) -> Vendor:
    return factories.make_vendor(company_name="Gulf Trading LLC", email="gulf@trading.example", emirate="SHJ")


@pytest.fixture
def applicant(db: None) -> Vendor:
    """A vendor that waits for approval."""
    return factories.make_applicant(company_name="New Foods LLC", email="new@foods.example")


@pytest.fixture
def retailer(db: None) -> Retailer:
    return factories.make_retailer(company_name="Fresh Mart Supermarket", email="fatima@mart.example")


@pytest.fixture
def rival_retailer(db: None) -> Retailer:
    return factories.make_retailer(company_name="Corner Grocery", email="omar@grocery.example")


@pytest.fixture
def delivery_partner(db: None) -> DeliveryPartner:
    """FastTrack, which serves Dubai, with one driver."""
    return factories.make_delivery_partner(name="FastTrack Logistics", email="bilal@fasttrack.example")


@pytest.fixture
def rival_delivery_partner(db: None) -> DeliveryPartner:
    """Another that serves Sharjah alone, with one driver."""
    return factories.make_delivery_partner(
        name="Desert Express", email="yusuf@desert.example", emirates=["SHJ"]
    )


@pytest.fixture
def vendor_user(vendor: Vendor) -> User:
    return factories.user_of(vendor.code)


@pytest.fixture
def rival_vendor_user(rival_vendor: Vendor) -> User:
    return factories.user_of(rival_vendor.code)


@pytest.fixture
def retailer_user(retailer: Retailer) -> User:
    return factories.user_of(retailer.code)


@pytest.fixture
def rival_retailer_user(rival_retailer: Retailer) -> User:
    return factories.user_of(rival_retailer.code)


@pytest.fixture
def driver_user(delivery_partner: DeliveryPartner) -> User:
    return factories.user_of(delivery_partner.code)


@pytest.fixture
def rival_driver_user(rival_delivery_partner: DeliveryPartner) -> User:
    return factories.user_of(rival_delivery_partner.code)


@pytest.fixture
def anonymous_api() -> APIClient:
    return factories.api_client()


@pytest.fixture
def admin_api(admin: User) -> APIClient:
    return factories.api_client(admin)


@pytest.fixture
def vendor_api(vendor_user: User) -> APIClient:
    return factories.api_client(vendor_user)


@pytest.fixture
def rival_vendor_api(rival_vendor_user: User) -> APIClient:
    return factories.api_client(rival_vendor_user)


@pytest.fixture
def retailer_api(retailer_user: User) -> APIClient:
    return factories.api_client(retailer_user)


@pytest.fixture
def rival_retailer_api(rival_retailer_user: User) -> APIClient:
    return factories.api_client(rival_retailer_user)


@pytest.fixture
def driver_api(driver_user: User) -> APIClient:
    return factories.api_client(driver_user)


@pytest.fixture
def rival_driver_api(rival_driver_user: User) -> APIClient:
    return factories.api_client(rival_driver_user)
