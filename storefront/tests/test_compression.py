"""Pages travel compressed; the API's answers do not."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_for_who_can_read_it(client: Client):
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)


def test_an_answer_of_the_api_is_not(client: Client):
    answer = client.get("/api/categories", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
