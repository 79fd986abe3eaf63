import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts import services
from accounts.models import IdempotencyKey, User
from audit.models import Entry
from tests.factories import PASSWORD, api_client


@pytest.fixture(autouse=True)
def _tiny_api(settings: Any) -> None:
    settings.ROOT_URLCONF = "accounts.tests.idempotent_urls"


def note(api: APIClient, body: Any = None, key: str | None = "k-1", path: str = "/api/notes", **how: Any):
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post(path, {"text": "hello"} if body is None else body, headers=headers, **how)


def send_together(api: APIClient, key: str | None) -> list[Any]:
    together = threading.Barrier(4)

    def send(_number: int) -> Any:
        together.wait(10)
        try:
            return note(api, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(send, range(4)))


def noted() -> int:
    return Entry.objects.filter(verb="noted").count()


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_second_request_gets_the_first_answer_byte_for_byte(self, retailer_api: APIClient):
        first, second = note(retailer_api), note(retailer_api)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == "true"
        assert noted() == 1

    def test_an_empty_answer_is_repeated_empty(self, retailer_api: APIClient):
        body = {"empty": True}
        assert note(retailer_api, body).status_code == 204
        again = note(retailer_api, body)
        assert (again.status_code, again.content, again["Idempotent-Replayed"]) == (204, b"", "true")
        assert noted() == 1

    def test_without_a_key_every_request_counts(self, retailer_api: APIClient):
        note(retailer_api, key=None)
        note(retailer_api, key=None)
        assert (noted(), IdempotencyKey.objects.count()) == (2, 0)

    def test_another_body_under_the_same_key_is_refused(self, retailer_api: APIClient):
        note(retailer_api)
        other = note(retailer_api, {"text": "bye"})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
        assert noted() == 1

    def test_the_order_and_spacing_of_json_do_not_matter(self, retailer_api: APIClient):
        kind = {"content_type": "application/json"}
        note(retailer_api, '{"text": "x", "list": [{"b": 1, "a": 2}]}', **kind)
        again = note(retailer_api, '{"list":[{"a":2,"b":1}],"text":"x"}', **kind)
        assert again["Idempotent-Replayed"] == "true"
        assert note(retailer_api, '{"list":[{"a":2,"b":2}],"text":"x"}', **kind).status_code == 422

    def test_files_count_by_their_content(self, retailer_api: APIClient):
        def send(content: bytes, name: str = "a.png"):
            body = {"text": "x", "photo": SimpleUploadedFile(name, content)}
            return note(retailer_api, body, format="multipart")

        assert send(b"one").status_code == 201
        assert send(b"one", "b.png")["Idempotent-Replayed"] == "true"
        assert send(b"two").status_code == 422
        assert noted() == 1

    def test_the_same_key_for_another_thing_is_another_body(self, retailer_api: APIClient):
        assert note(retailer_api, path="/api/notes/A").status_code == 201
        assert note(retailer_api, path="/api/notes/B").status_code == 422

    def test_a_key_belongs_to_its_user_and_endpoint(
        self, retailer_api: APIClient, rival_retailer_api: APIClient
    ):
        assert note(retailer_api).json()["by"] == "fatima@mart.example"
        assert note(rival_retailer_api).json()["by"] == "omar@grocery.example"
        assert "Idempotent-Replayed" not in note(retailer_api, path="/api/others")
        assert noted() == 3

    @pytest.mark.parametrize("how", ["raise", "return"])
    def test_a_failure_is_rolled_back_and_not_remembered(self, retailer_api: APIClient, how: str):
        assert note(retailer_api, {"fail": how}).status_code in (400, 409)
        assert (noted(), IdempotencyKey.objects.count()) == (0, 0)
        assert note(retailer_api).status_code == 201
        assert noted() == 1

    @pytest.mark.parametrize("key", ["", " ", "a b", "ключ", "x" * 256, "tab\there"])
    def test_a_malformed_key_is_refused(self, retailer_api: APIClient, key: str):
        answer = retailer_api.post("/api/notes", {"text": "x"}, HTTP_IDEMPOTENCY_KEY=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
        assert noted() == 0

    def test_a_key_of_255_characters_is_good(self, retailer_api: APIClient):
        assert note(retailer_api, key="~" * 255).status_code == 201

    def test_keys_live_for_a_day(self, retailer_api: APIClient):
        note(retailer_api)
        services.forget_expired()
        assert IdempotencyKey.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_idempotencykey SET created_at = now() - interval '25 hours'")
        services.forget_expired()
        assert IdempotencyKey.objects.count() == 0


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    @pytest.fixture
    def api(self) -> APIClient:
        user = services.create_user(
            email="twice@mart.example", password=PASSWORD, name="Twice", role="driver", code="DP1"
        )
        return api_client(user)

    def test_of_four_parallel_requests_one_works_and_all_get_its_answer(self, api: APIClient):
        answers = send_together(api, key="k-1")
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.content for answer in answers}) == 1
        replayed = sorted(answer.has_header("Idempotent-Replayed") for answer in answers)
        assert replayed == [False, True, True, True]
        assert noted() == 1

    def test_control_without_a_key_all_four_work(self, api: APIClient):
        assert [answer.status_code for answer in send_together(api, key=None)] == [201] * 4
        assert noted() == 4

    def test_a_first_request_that_takes_too_long_is_in_progress_for_the_second(self, api: APIClient):
        claimed, released = threading.Event(), threading.Event()

        def hold() -> None:
            try:
                with transaction.atomic():
                    IdempotencyKey.objects.create(
                        user=User.objects.get(), endpoint="notes", key="k-1", body_hash="x"
                    )
                    claimed.set()
                    released.wait(20)
            finally:
                connection.close()

        holder = threading.Thread(target=hold)
        holder.start()
        try:
            assert claimed.wait(10)
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            answer = note(api)
        finally:
            released.set()
            holder.join()
            connection.close()
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
        assert noted() == 0
