"""`manage.py bootstrap`: what a database has before the first visitor."""

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
from aqad.demo import cast
from aqad.demo.sign_ins import FILE, read_sign_ins
from aqad.runner.program import PROJECT
from catalog.models import Category, Product
from orders.models import Order
from tests.runner.installation import eventually
from vendors.models import Vendor


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
    assert Order.objects.filter(status="pending").exists()
    people = read_sign_ins(tmp_path)
    assert {"ahmed@ahmedfoods.example", "fatima@freshmart.example"} < {person["email"] for person in people}


def _start(data: Path) -> "subprocess.Popen[bytes]":
    """Bootstrap in a process of its own on the database of this test."""
    named = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {**os.environ, "DATABASE_URL": named.geturl(), "AQAD_DATA_DIR": str(data), "AQAD_DEMO": "1"}
    return subprocess.Popen([sys.executable, "manage.py", "bootstrap"], env=environment, cwd=PROJECT)


class Drawn(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_while_pictures_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database ends what stands idle for a minute, and a busy machine draws for longer."""
    within: list[bool] = []

    def draw() -> None:
        within.append(connection.in_atomic_block)
        raise Drawn

    monkeypatch.setattr(cast, "draw_pictures", draw)
    before = everything()
    with pytest.raises(Drawn):
        bootstrap()
    assert (within, everything()) == ([False], before)


@pytest.mark.django_db
def test_the_cast_may_take_its_time_between_two_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_given: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("0",)
        raise Drawn

    monkeypatch.setattr(cast, "draw_pictures", dict)
    monkeypatch.setattr(cast, "load_cast", ask)
    with pytest.raises(Drawn):
        bootstrap()
    assert not Vendor.objects.exists()


@pytest.mark.django_db
def test_nothing_is_drawn_beside_vendors_that_are_there(
    monkeypatch: pytest.MonkeyPatch, vendor: Vendor
) -> None:
    def draw() -> None:
        raise Drawn

    monkeypatch.setattr(cast, "draw_pictures", draw)
    bootstrap()
    assert Vendor.objects.get() == vendor
