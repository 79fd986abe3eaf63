"""The short way in front of Django answers as the long way does."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client import REGISTRY

from aqad.lib import redis_access
from catalog.api.front import Front
from catalog.services import products
from tests.goods import list_product

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = "https://shop.example"
# Another id for each request; the rest is of a negotiation that the short way has none of.
NOT_COMPARED = {"x-request-id", "allow", "vary", "content-language"}


@pytest.fixture(autouse=True)
def _real_addresses(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "aqad.urls"
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    yield
    redis_access.forget_connections()


class LongWay:
    """Django, counting what reaches it."""

    def __init__(self) -> None:
        self.asked = 0
        self._handler = WSGIHandler()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self._handler(environ, start_response)


@pytest.fixture
def long_way() -> LongWay:
    return LongWay()


@pytest.fixture
def front(long_way: LongWay) -> Front:
    return Front(long_way)


@pytest.fixture
def product(vendor: Any) -> Any:
    return list_product(vendor)


def request(path: str, query: str = "", **headers: str) -> dict[str, Any]:
    """A WSGI environ."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **headers,
    }


def ask(application: Any, path: str, query: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their names in lower case, and body."""
    return called(application, request(path, query, **headers))


def called(application: Any, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    started: list[Any] = []
    chunks = application(environ, lambda status, headers: started.extend((status, headers)))
    body = b"".join(chunks)
    getattr(chunks, "close", lambda: None)()
    return int(started[0][:3]), {name.lower(): value for name, value in started[1]}, body


def compared(answer: tuple[int, dict[str, str], bytes]) -> Any:
    status, headers, body = answer
    told = {name: value for name, value in headers.items() if name not in NOT_COMPARED}
    told["content-security-policy"] = set(headers["content-security-policy"].split("; "))
    return status, told, body


@pytest.mark.parametrize("path", ["/api/products", "/api/products/{code}", "/api/categories", "/api/brands"])
@pytest.mark.parametrize("origin", ["", ORIGIN, "https://elsewhere.example"])
def test_the_same_status_headers_and_bytes(front, long_way, product, path: str, origin: str) -> None:
    path = path.format(code=product.code)
    headers = {"HTTP_ORIGIN": origin} if origin else {}
    made, kept = ask(front, path, **headers), ask(front, path, **headers)
    assert long_way.asked == 0
    assert compared(made) == compared(kept) == compared(ask(long_way, path, **headers))
    assert "origin" in made[1]["vary"].lower()


def test_a_client_that_has_the_answer_gets_304(front, long_way, product) -> None:
    etag = ask(front, "/api/products")[1]["etag"]
    short = ask(front, "/api/products", HTTP_IF_NONE_MATCH=etag)
    assert (short[0], short[2], long_way.asked) == (304, b"", 0)
    status, headers, body = ask(long_way, "/api/products", HTTP_IF_NONE_MATCH=etag)
    assert (status, body) == (304, b"")
    assert [short[1][name] for name in ("etag", "cache-control")] == [
        headers[name] for name in ("etag", "cache-control")
    ]


@pytest.mark.parametrize(
    ("path", "query", "headers", "status"),
    [
        ("/api/products/P999999", "", {}, 404),
        ("/api/products", "page=0", {}, 400),
        ("/api/products", "page=999", {}, 404),
        ("/api/products", "colour=red", {}, 400),
        ("/api/products", "search=%00", {}, 400),
        ("/api/products", "", {"HTTP_HOST": "elsewhere.example"}, 400),
        ("/api/products", "", {"HTTP_AUTHORIZATION": "Bearer x"}, 401),
        ("/api/products", "", {"REQUEST_METHOD": "DELETE"}, 405),
        ("/api/orders", "", {}, 401),
        ("/healthz", "", {}, 200),
    ],
)
def test_everything_else_is_said_by_the_long_way(
    front, long_way, product, path: str, query: str, headers: dict[str, str], status: int
) -> None:
    assert ask(front, path, query, **headers)[0] == status
    assert long_way.asked == 1


def test_a_request_counts_once_whichever_way_it_takes(front, long_way, product, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "6/m"}
    for path in ("/api/products", "/api/products/P999999"):
        assert {ask(front, path)[0] for _ in range(3)} <= {200, 404}
    refused = ask(front, "/api/products")
    assert refused[0] == 429
    assert int(refused[1]["retry-after"]) > 0
    assert ask(front, "/api/categories")[0] == 429
    assert ask(front, "/api/products", REMOTE_ADDR="10.1.1.1")[0] == 200


def test_only_trusted_proxies_say_who_asks(front, product, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "1/m"}
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    through = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "5.5.5.5"}
    assert [ask(front, "/api/products", **through)[0] for _ in range(2)] == [200, 429]
    assert ask(front, "/api/products", **{**through, "HTTP_X_FORWARDED_FOR": "6.6.6.6"})[0] == 200
    direct = {"REMOTE_ADDR": "11.0.0.1", "HTTP_X_FORWARDED_FOR": "7.7.7.7"}
    assert [ask(front, "/api/products", **direct)[0] for _ in range(2)] == [200, 429]
    assert ask(front, "/api/products", **{**direct, "HTTP_X_FORWARDED_FOR": "8.8.8.8"})[0] == 429


def test_a_hit_costs_one_statement_and_sees_every_change(front, long_way, product) -> None:
    ask(front, "/api/products")
    with CaptureQueriesContext(connection) as sent:
        ask(front, "/api/products")
    assert [query["sql"].split("(")[0] for query in sent] == [
        "SELECT edition, available FROM catalog_current"
    ]
    products.update_product(product, by=None, name="Pepsi 330ml, new can")
    assert b"new can" in ask(front, "/api/products")[2]
    assert long_way.asked == 0


def test_many_at_once_share_the_statement_and_each_has_its_own_answer(front, long_way, vendor) -> None:
    paths = [f"/api/products/{list_product(vendor, sku=f'S{number}').code}" for number in range(3)]
    paths += ["/api/products", "/api/brands", *paths, "/api/products"]
    alone = [ask(front, path) for path in paths]
    environs = [request(path) for path in paths]
    with CaptureQueriesContext(connection) as sent:
        ready = front.answer_at_once(environs)
    assert len(sent) == 1
    assert [(each.status, dict(each.headers)["ETag"], each.body) for each in ready if each] == [
        (status, headers["etag"], body) for status, headers, body in alone
    ]
    assert len({dict(each.headers)["X-Request-ID"] for each in ready if each}) == len(paths)
    assert long_way.asked == 0


def test_of_many_at_once_those_without_an_answer_are_made_by_themselves(front, long_way, product) -> None:
    paths = ["/api/products", "/api/categories", "/api/products/P999999", "/healthz", "/api/products"]
    ask(front, "/api/products")
    environs = [request(path) for path in paths]
    ready = front.answer_at_once(environs)
    assert [each is not None for each in ready] == [True, False, False, False, True]
    assert [called(front, environs[at])[0] for at in (1, 2, 3)] == [200, 404, 200]
    assert long_way.asked == 2


def test_of_many_at_once_no_more_are_let_through_than_the_limit_says(front, product, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "5/m"}
    assert [ask(front, path)[0] for path in ("/api/products", "/api/products/P999999")] == [200, 404]
    environs = [request("/api/products") for _ in range(6)]
    environs.append(request("/api/products", REMOTE_ADDR="10.1.1.1"))
    ready = front.answer_at_once(environs)
    assert [each is not None for each in ready] == [True] * 3 + [False] * 3 + [True]
    assert [called(front, environ)[0] for environ in environs[3:6]] == [429] * 3


def test_what_is_gone_takes_nothing_away_from_others_asked_for_at_once(front, vendor) -> None:
    """The edition would say so, too; here only the row is gone."""
    gone, there = [list_product(vendor, sku=f"S{number}") for number in range(2)]
    environs = [request(f"/api/products/{each.code}") for each in (gone, there)]
    for environ in environs:
        called(front, dict(environ))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM catalog_stock WHERE product_id = %s", [gone.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert [each is not None for each in front.answer_at_once(environs)] == [False, True]


def test_the_request_id_is_taken_over_and_logged(front, product, caplog: Any) -> None:
    with caplog.at_level("INFO", logger="aqad.access"):
        answer = ask(front, "/api/products", "brand=pepsi", HTTP_X_REQUEST_ID="abcdefgh-1")
    assert answer[1]["x-request-id"] == "abcdefgh-1"
    (line,) = [record.msg for record in caplog.records if record.name == "aqad.access"]
    assert (line["request_id"], line["address"]) == ("abcdefgh-1", "127.0.0.1")
    assert (line["method"], line["path"], line["query"]) == ("GET", "/api/products", "brand=pepsi")
    assert (line["status"], line["level"]) == (200, "info")


def test_it_counts_in_the_figures_of_the_view(front, product) -> None:
    def counted() -> float:
        labels = {"status": "200", "view": "catalog.api.views.ProductsView", "method": "GET"}
        return (
            REGISTRY.get_sample_value("django_http_responses_total_by_status_view_method_total", labels)
            or 0.0
        )

    def asked() -> float:
        labels = {"transport": "http", "view": "catalog.api.views.ProductsView", "method": "GET"}
        name = "django_http_requests_total_by_view_transport_method_total"
        return REGISTRY.get_sample_value(name, labels) or 0.0

    before, asked_before = counted(), asked()
    ask(front, "/api/products")
    assert (counted(), asked()) == (before + 1, asked_before + 1)


def test_without_redis_the_answers_are_the_same(front, long_way, product, settings: Any) -> None:
    kept = ask(front, "/api/products")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert compared(ask(front, "/api/products")) == compared(kept)
    assert long_way.asked == 0
