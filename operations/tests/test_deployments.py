"""What runs since when: one row for each change of code, migrations or settings, also for a way back."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from operations import fingerprints
from operations.deployments import record_deployment
from operations.models import Deployment
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_fingerprints() -> Any:
    fingerprints.of_settings.cache_clear()
    yield
    fingerprints.of_settings.cache_clear()


def test_the_first_start_is_a_deployment_and_the_second_is_none(settings: Any) -> None:
    settings.VERSION = "1.4.0"
    first = record_deployment()
    assert first is not None
    assert first.name.startswith("1.4.0")
    assert "catalog.0001_initial" in first.applied
    assert record_deployment() is None


def test_another_version_and_the_way_back_are_each_one(settings: Any) -> None:
    for version in ("1.4.0", "1.5.0", "1.5.0", "1.4.0"):
        settings.VERSION = version
        fingerprints.of_settings.cache_clear()
        record_deployment()
    assert list(Deployment.objects.values_list("version", flat=True)) == ["1.4.0", "1.5.0", "1.4.0"]


def test_a_changed_setting_is_named_and_its_value_kept_nowhere(settings: Any) -> None:
    record_deployment()
    settings.SECRET_KEY = "another secret key that is long enough to be one of the production kind"
    fingerprints.of_settings.cache_clear()
    changed = record_deployment()
    assert changed is not None
    assert "SECRET_KEY" in changed.changed
    assert "another secret" not in str(changed.settings)


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_that_start_at_once_one_writes() -> None:
    race([record_deployment] * 4)
    assert Deployment.objects.count() == 1


def test_nobody_rewrites_one() -> None:
    record_deployment()
    with pytest.raises(DatabaseError), transaction.atomic():
        Deployment.objects.update(version="9")
