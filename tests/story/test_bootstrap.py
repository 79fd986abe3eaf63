"""`manage.py bootstrap`: what a database has before the first visitor."""

import json
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from aqad.demo.sign_ins import FILE, read_sign_ins
from aqad.runner.program import PROJECT
from audit.models import Entry
from catalog.models import Category, Product, Stock
from delivery.models import DeliveryPartner
from retailers.models import Retailer
from tests.runner.installation import eventually
from vendors.models import Vendor, VendorDocument


@pytest.fixture(autouse=True)
def _plain_development(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.DEMO = True
    settings.FIRST_ADMIN_EMAIL = settings.FIRST_ADMIN_PASSWORD = ""


def bootstrap() -> str:
    said = StringIO()
    call_command("bootstrap", stdout=said, stderr=said)
    return said.getvalue()


def everything() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@pytest.mark.django_db
def test_the_demo_brings_the_cast_of_the_readme_through_the_services() -> None:
    bootstrap()

    assert Vendor.objects.get(company_name="Ahmed Foods LLC").code == "V1001"
    pepsi = Product.objects.get(name="Pepsi 330ml")
    assert (pepsi.code, pepsi.stock.on_hand, str(pepsi.price)) == ("P1001", 500, "45.00")
    assert Stock.objects.count() == Product.objects.count() >= 12
    assert Retailer.objects.get(company_name="Fresh Mart Supermarket").code == "R2001"
    assert DeliveryPartner.objects.get(name="FastTrack Logistics").code == "DP1001"
    waiting = Vendor.objects.get(status=Vendor.Status.PENDING_APPROVAL)
    assert set(waiting.documents.values_list("kind", "status")) == {
        ("trade_license", VendorDocument.Status.PENDING),
        ("vat_certificate", VendorDocument.Status.PENDING),
    }
    written = {str(entry) for entry in Entry.objects.all()}
    assert "Vendor V1001 created Product P1001" in written
    assert "Admin admin@aqad.example approved Vendor V1001" in written


@pytest.mark.django_db
def test_everybody_in_the_file_of_sign_ins_can_sign_in(tmp_path: Path) -> None:
    bootstrap()

    people = read_sign_ins(tmp_path)
    assert {person["role"] for person in people} == {"admin", "vendor", "retailer", "driver"}
    for person in people:
        user = User.objects.get(email=person["email"])
        assert (user.role, user.is_active) == (person["role"], True)
        assert user.check_password(person["password"])
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    bootstrap()
    before, sign_ins = everything(), (tmp_path / FILE).read_bytes()

    said = bootstrap()

    assert everything() == before
    assert (tmp_path / FILE).read_bytes() == sign_ins
    assert said == ""


@pytest.mark.django_db
def test_without_the_demo_there_are_categories_and_an_admin_with_a_password_of_its_own(
    settings: Any, tmp_path: Path
) -> None:
    settings.DEMO = False

    bootstrap()

    [admin] = read_sign_ins(tmp_path)
    assert User.objects.get().check_password(admin["password"])
    assert len(admin["password"]) >= 16
    assert Category.objects.exists()
    assert not Vendor.objects.exists()


@pytest.mark.django_db
def test_the_admin_of_the_environment_is_made_and_the_password_is_written_nowhere(
    settings: Any, tmp_path: Path
) -> None:
    settings.DEMO = False
    settings.FIRST_ADMIN_EMAIL, settings.FIRST_ADMIN_PASSWORD = "sara@aqad.example", "falcons-at-dawn"

    bootstrap()

    admin = User.objects.get()
    assert (admin.email, admin.is_superuser) == ("sara@aqad.example", True)
    assert admin.check_password("falcons-at-dawn")
    assert not (tmp_path / FILE).exists()


@pytest.mark.django_db
def test_a_weak_password_for_the_admin_is_refused_and_leaves_nothing(settings: Any, tmp_path: Path) -> None:
    settings.FIRST_ADMIN_EMAIL, settings.FIRST_ADMIN_PASSWORD = "sara@aqad.example", "12345678"

    with pytest.raises(CommandError, match="AQAD_ADMIN_PASSWORD is not good enough"):
        bootstrap()

    assert not User.objects.exists()
    assert not Category.objects.exists()
    assert not (tmp_path / FILE).exists()


@pytest.mark.django_db
def test_production_makes_up_no_admin(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.PRODUCTION = False, True

    said = bootstrap()

    assert "set AQAD_ADMIN_EMAIL and AQAD_ADMIN_PASSWORD" in said
    assert not User.objects.exists()
    assert not (tmp_path / FILE).exists()


@pytest.mark.runner
@pytest.mark.django_db(transaction=True)
def test_killed_midway_it_leaves_nothing_and_the_next_time_completes(tmp_path: Path) -> None:
    first = _start(tmp_path)
    products = tmp_path / "files" / "public" / "products"
    eventually(lambda: products.exists() or first.poll() is not None, "the first product's picture")
    first.send_signal(signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    assert not Vendor.objects.exists()
    assert not User.objects.exists()

    assert _start(tmp_path).wait() == 0

    assert Vendor.objects.filter(status=Vendor.Status.ACTIVE).first().code == "V1001"
    assert Product.objects.get(name="Pepsi 330ml").code == "P1001"
    assert (
        len(json.loads((tmp_path / FILE).read_text()))
        == User.objects.exclude(access="pending_approval").count()
    )


def _start(data: Path) -> "subprocess.Popen[bytes]":
    """Bootstrap in a process of its own on the database of this test."""
    named = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {**os.environ, "DATABASE_URL": named.geturl(), "AQAD_DATA_DIR": str(data), "AQAD_DEMO": "1"}
    return subprocess.Popen([sys.executable, "manage.py", "bootstrap"], env=environment, cwd=PROJECT)
