import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts import services, tokens
from accounts.errors import Unauthorized
from accounts.models import TokenFamily
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

PARALLEL = 8


def refresh_together(refresh: str, key: str = "") -> list[str]:
    """The new refresh tokens of those that succeeded."""
    together = threading.Barrier(PARALLEL)

    def attempt(_number: int) -> str | None:
        together.wait(10)
        try:
            return services.refresh_tokens(refresh, key=key).signed_in.refresh
        except Unauthorized:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        return [token for token in pool.map(attempt, range(PARALLEL)) if token]


@pytest.fixture
def refresh(db: None) -> str:
    services.create_user(email="fast@mart.example", password=PASSWORD, name="Fast", role="driver", code="DP1")
    return services.sign_in("fast@mart.example", PASSWORD).refresh


def test_of_eight_parallel_refreshes_exactly_one_succeeds_and_the_family_ends(refresh: str):
    won = refresh_together(refresh)
    assert len(won) == 1
    assert TokenFamily.objects.get().ended_because == "reuse"
    with pytest.raises(Unauthorized):
        services.refresh_tokens(won[0])


def test_of_eight_parallel_refreshes_with_one_key_all_get_the_same_pair(refresh: str):
    got = refresh_together(refresh, "key-of-this-try")
    assert len(got) == PARALLEL
    assert len(set(got)) == 1
    assert TokenFamily.objects.get().ended_at is None
    assert services.refresh_tokens(got[0]).signed_in.refresh != got[0]


def test_control_without_the_lock_all_eight_succeed(refresh: str, monkeypatch: pytest.MonkeyPatch):
    all_have_read = threading.Barrier(PARALLEL)
    new_refresh = tokens.new_refresh

    def after_all_have_read(*args: Any) -> Any:
        all_have_read.wait(10)
        return new_refresh(*args)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    monkeypatch.setattr(tokens, "new_refresh", after_all_have_read)
    assert len(refresh_together(refresh)) == PARALLEL
