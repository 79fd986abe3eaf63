"""Limits: exact under parallel requests, shared, and what is left of them without Redis."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from aqad.lib import redis_access
from aqad.lib.errors import RateLimited
from aqad.lib.web import limits
from tests.web.conftest import DEAD_REDIS


@pytest.fixture(autouse=True)
def _rates(settings: Any) -> None:
    settings.RATE_LIMITS = {
        **settings.RATE_LIMITS,
        "register": "5/m",
        "login": "5/m",
        "login_email": "5/m",
        "order": "3/m",
        "default": "600/m",
    }


def at_once(number: int, work: Any) -> list[Any]:
    """What `work` answers to `number` threads that start together."""
    barrier = Barrier(number)

    def run(_: int) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def allowed(name: str, subject: str) -> bool:
    try:
        limits.check(name, subject)
    except RateLimited:
        return False
    return True


def test_of_sixty_parallel_hits_exactly_five_get_through() -> None:
    assert sum(at_once(60, lambda: allowed("register", "address:1.2.3.4"))) == 5


def test_read_then_write_would_let_more_through() -> None:
    """The control: the same threads on a counter that is asked first and counted afterwards."""
    gate = Barrier(20)

    def naive() -> bool:
        free = not limits.is_blocked("register", "naive")
        gate.wait()
        limits.count_failure("register", "naive")
        return free

    assert sum(at_once(20, naive)) == 20


def test_of_thirty_parallel_requests_exactly_five_are_answered() -> None:
    statuses = at_once(30, lambda: Client().post("/api/limited").status_code)
    assert sorted(statuses) == [201] * 5 + [429] * 25


def test_subjects_and_limits_do_not_disturb_each_other() -> None:
    assert [allowed("register", "a") for _ in range(6)] == [True] * 5 + [False]
    assert allowed("register", "b")
    assert allowed("login", "a")


def test_several_limits_are_asked_in_one_call_and_those_after_a_refusal_count_nothing() -> None:
    limits.check_all(["order", "register"], "a")
    assert [allowed("order", "a") for _ in range(3)] == [True, True, False]
    for _ in range(9):
        with pytest.raises(RateLimited):
            limits.check_all(["order", "register"], "a")
    assert [allowed("register", "a") for _ in range(5)] == [True] * 4 + [False]


def test_the_window_slides() -> None:
    """A hit counts for one window and no longer; instead of waiting, the times in Redis are moved back."""
    key = "aqad:limit:register:a"
    assert [allowed("register", "a") for _ in range(5)] == [True] * 5
    times = redis_access.call(lambda redis: [int(time) for time in redis.lrange(key, 0, -1)])  # type: ignore[union-attr]
    moved = [*times[:3], times[3] - 59_000, times[4] - 61_000]

    def rewrite(redis: Any) -> None:
        redis.delete(key)
        redis.rpush(key, *moved)

    redis_access.call(rewrite)
    assert allowed("register", "a")
    with pytest.raises(RateLimited) as refused:
        limits.check("register", "a")
    assert refused.value.retry_after == 1


def test_keys_do_not_outlive_their_window() -> None:
    limits.check("register", "a")
    assert 0 < redis_access.call(lambda redis: int(redis.pttl("aqad:limit:register:a"))) <= 60_000


def test_rates_may_change_at_any_time(settings: Any) -> None:
    assert [allowed("register", "a") for _ in range(5)] == [True] * 5
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "register": "7/m"}
    assert [allowed("register", "a") for _ in range(3)] == [True, True, False]
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "register": "2/m"}
    assert not allowed("register", "a")


@pytest.mark.parametrize("text", ["", "5", "5/w", "0/m", "-1/m", "5/mm", "x/m"])
def test_a_rate_must_be_one(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        limits.parse_rate(text)


def test_failures_are_counted_apart_from_attempts() -> None:
    for _ in range(20):
        limits.refuse_when_blocked("login_email", "a@b.ae")
    for _ in range(5):
        limits.count_failure("login_email", "a@b.ae")
    limits.count_failure("login_email", "a@b.ae")
    assert 55 <= limits.is_blocked("login_email", "a@b.ae") <= 60
    with pytest.raises(RateLimited):
        limits.refuse_when_blocked("login_email", "a@b.ae")
    limits.forgive("login_email", "a@b.ae")
    limits.refuse_when_blocked("login_email", "a@b.ae")


def test_a_network_of_ipv6_addresses_is_one_client() -> None:
    assert limits.address_subject("2001:db8:1:2:3::4") == limits.address_subject("2001:db8:1:2:ffff::1")
    assert limits.address_subject("2001:db8:1:3::1") != limits.address_subject("2001:db8:1:2::1")
    assert limits.address_subject("1.2.3.4") == "address:1.2.3.4"


def test_anything_is_limited_by_address(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "3/m"}
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    statuses = [
        client.get("/api/nothing", headers={"X-Forwarded-For": "6.6.6.6"}).status_code for _ in range(5)
    ]
    assert statuses == [404, 404, 404, 429, 429]
    assert client.get("/api/nothing", headers={"X-Forwarded-For": "6.6.6.7"}).status_code == 404


def test_a_forged_address_does_not_help(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "3/m"}
    statuses = [
        client.get("/api/nothing", headers={"X-Forwarded-For": f"6.6.6.{n}"}).status_code for n in range(5)
    ]
    assert statuses == [404, 404, 404, 429, 429]


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/static/x.css", "/media/x.png"])
def test_probes_and_files_are_exempt(client: Client, settings: Any, path: str) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m"}
    assert 429 not in {client.get(path).status_code for _ in range(4)}


def test_webhooks_are_exempt(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m"}
    statuses = {
        client.post("/api/payments/webhooks/sandbox", {}, "application/json").status_code for _ in range(4)
    }
    assert statuses == {201}


def test_a_user_is_limited_whatever_the_address(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "4/m"}

    def get(user: str, address: int) -> int:
        headers = {"Authorization": f"Bearer vendor-{user}", "X-Forwarded-For": f"6.6.6.{address}"}
        return client.get("/api/vendor-only", headers=headers).status_code

    assert [get("1", n) for n in range(6)] == [200] * 4 + [429] * 2
    assert get("2", 9) == 200


def test_a_declared_limit_counts_only_its_method_and_user(client: Client) -> None:
    def call(method: str, user: str) -> int:
        return client.generic(
            method, "/api/user-limited", headers={"Authorization": f"Bearer vendor-{user}"}
        ).status_code

    assert [call("POST", "1") for _ in range(5)] == [201] * 3 + [429] * 2
    assert call("GET", "1") == 200
    assert call("POST", "2") == 201


@pytest.fixture
def ratelimit_cache(settings: Any) -> Iterator[None]:
    caches["limits"].clear()
    yield
    caches["limits"].clear()


@pytest.mark.usefixtures("ratelimit_cache")
def test_the_admins_sign_in_page_is_limited_by_address(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]

    def post(address: str) -> Any:
        return client.post("/sign-in", headers={"X-Forwarded-For": address, "Accept": "text/html"})

    with patch("django_ratelimit.core.time.time", return_value=1_000_000_000):
        assert [post("6.6.6.6").status_code for _ in range(7)] == [200] * 5 + [429] * 2
        assert post("6.6.6.7").status_code == 200
        assert post("6.6.6.6")["Retry-After"]
    assert client.get("/sign-in", headers={"X-Forwarded-For": "6.6.6.6"}).status_code == 200


def test_the_admins_sign_in_page_opens_without_redis(client: Client, settings: Any) -> None:
    settings.CACHES = {**settings.CACHES, "limits": {**settings.CACHES["limits"], "LOCATION": DEAD_REDIS}}
    assert {client.post("/sign-in").status_code for _ in range(8)} == {200}


@pytest.mark.usefixtures("dead_redis")
class TestWithoutRedis:
    @pytest.fixture(autouse=True)
    def _forget(self) -> Iterator[None]:
        limits._local.forget()
        yield
        limits._local.forget()

    def test_browsing_and_ordering_go_on(self, client: Client) -> None:
        assert {client.get("/api/things").status_code for _ in range(20)} == {200}
        assert {allowed("order", "user:1") for _ in range(20)} == {True}

    @pytest.mark.parametrize("name", ["login", "login_email", "register"])
    def test_sign_in_and_registration_stay_limited(self, name: str) -> None:
        assert sum(at_once(20, lambda: allowed(name, "a"))) == 5
        assert limits.is_blocked(name, "a") > 50
        limits.forgive(name, "a")
        assert limits.is_blocked(name, "a") == 0

    def test_registration_over_http_stays_limited(self, client: Client) -> None:
        assert [client.post("/api/limited").status_code for _ in range(7)] == [201] * 5 + [429] * 2

    def test_after_a_failure_nobody_waits_for_redis(self) -> None:
        with patch("redis.Redis.from_url", side_effect=ConnectionError) as asked:
            for _ in range(50):
                allowed("order", "a")
        assert asked.call_count == 1

    def test_memory_stays_bounded(self) -> None:
        limiter = limits.LocalLimiter(keys=100)
        for number in range(1000):
            limiter.ask(f"address:{number}", limits.Rate(5, 60_000), count=True)
        assert len(limiter._hits) == 100


def test_redis_is_used_again_once_it_is_back(settings: Any) -> None:
    with patch("aqad.lib.redis_access.time") as clock:
        clock.monotonic.return_value = 100.0
        with patch("redis.Redis.eval", side_effect=ConnectionError):
            assert allowed("order", "a")
        with pytest.raises(redis_access.RedisDown):
            redis_access.call(lambda redis: redis.ping())
        clock.monotonic.return_value = 100.0 + redis_access.PAUSE
        assert redis_access.call(lambda redis: redis.ping())
        assert redis_access.call(lambda redis: redis.ping())
