"""What people search and do not find is counted for staff, without making anybody wait."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown
from catalog.models import Product, SearchMiss
from catalog.search import missed
from catalog.services import searching
from catalog.tests.test_browse import found


@pytest.fixture(autouse=True)
def _none_waiting(product: Product) -> None:
    redis_access.call(lambda client: client.delete("aqad:missed", "aqad:missed:taken"))


def kept() -> list[tuple[str, str, int]]:
    searching.keep_misses()
    return list(SearchMiss.objects.values_list("words", "meant", "count"))


def test_a_miss_is_counted_by_day_whatever_its_spelling(anonymous_api: APIClient) -> None:
    for words in ("Oat Milk", "oat  milk!", "OAT MILK"):
        assert found(anonymous_api, search=words) == []
    assert kept() == [("oat milk", "", 3)]
    missed.note("oat milk")
    assert kept() == [("oat milk", "", 4)]


def test_what_is_found_by_forgiving_is_kept_with_what_was_meant(anonymous_api: APIClient) -> None:
    found(anonymous_api, search="pepsy")
    assert kept() == [("pepsy", "pepsi", 1)]


def test_what_is_found_or_only_filtered_away_is_no_miss(anonymous_api: APIClient) -> None:
    found(anonymous_api, search="pepsi")
    found(anonymous_api, search="pepsi", max_price="0.05")
    found(anonymous_api, search="oat milk", max_price="0.05")
    assert kept() == []


@pytest.mark.parametrize(
    "text", ["huda@freshmart.example", "+971501234567", "050 123 4567", "4242424242424242", "  "]
)
def test_what_may_be_somebodys_is_not_kept(text: str) -> None:
    missed.note(text)
    assert kept() == []


def test_long_texts_are_cut_and_no_more_than_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "MAX_KEPT", 2)
    for text in ("x" * 500, "second", "third"):
        missed.note(text)
    assert sorted(len(words) for words, _meant, _count in kept()) == [6, 40]


def test_what_was_taken_and_not_kept_is_taken_again() -> None:
    missed.note("oat milk")
    missed.take()
    missed.note("soy milk")
    assert kept() == [("oat milk", "", 1)]
    assert ("soy milk", "", 1) in kept()


def test_without_redis_a_search_answers_all_the_same(
    anonymous_api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_work: object) -> None:
        raise RedisDown

    monkeypatch.setattr(redis_access, "call", down)
    assert found(anonymous_api, search="oat milk") == []
    assert searching.keep_misses() == 0


def test_staff_see_what_was_not_found(client: Client, admin: User) -> None:
    missed.note("oat milk")
    searching.keep_misses()
    client.force_login(admin)
    assert "oat milk" in client.get("/admin/catalog/searchmiss/").content.decode()


def test_the_words_are_counted_to_choose_between_them(product: Product) -> None:
    assert searching.count_words() > 0
    assert searching.count_words() == 0
