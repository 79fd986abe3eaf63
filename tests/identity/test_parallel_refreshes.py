import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import services
from accounts.errors import Unauthorized
from accounts.models import TokenFamily
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

PARALLEL = 8


def test_of_eight_parallel_refreshes_exactly_one_succeeds_and_the_family_ends():
    services.create_user(email="fast@mart.example", password=PASSWORD, name="Fast", role="driver", code="DP1")
    refresh = services.sign_in("fast@mart.example", PASSWORD).refresh
    together = threading.Barrier(PARALLEL)

    def attempt(_number: int) -> str | None:
        together.wait(10)
        try:
            return services.refresh_tokens(refresh).refresh
        except Unauthorized:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        won = [token for token in pool.map(attempt, range(PARALLEL)) if token]

    assert len(won) == 1
    assert TokenFamily.objects.get().ended_because == "reuse"
    with pytest.raises(Unauthorized):
        services.refresh_tokens(won[0])
