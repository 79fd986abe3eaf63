"""What a body may be: how long, from whom, in which charset, of how many fields."""

import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files import uploadhandler
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts.models import User
from aqad.lib.api.json import MAX_MEMBERS, MAX_VALUES
from aqad.lib.api.uploads import Multipart
from aqad.lib.web.bodies import FORM, longest_body, longest_body_of
from tests import serving

MULTIPART = "multipart/form-data; boundary=x"
PASSWORD_FORM = "/sign-in"


@pytest.fixture(autouse=True)
def _aqads_own_urls(settings: Any, _own_urls_and_fresh_limits: None) -> None:
    settings.ROOT_URLCONF = "aqad.urls"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all files that an upload began to write."""
    written: list[str] = []

    class Told(uploadhandler.TemporaryUploadedFile):
        def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
            written.append(name)
            super().__init__(name, *args, **kwargs)

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", Told)
    return written


def asked(
    path: str, body: bytes = b"", *, method: str = "POST", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Of the application itself, as a web server asks it."""
    kind = headers.pop("CONTENT_TYPE", "")  # the factory itself would read it
    environ = RequestFactory().generic(method, path, body, **headers).environ | {"CONTENT_TYPE": kind}
    answered: list[Any] = []
    chunks = serving.application()(
        environ, lambda status, given, *_rest: answered.extend([status, dict(given)])
    )
    return int(answered[0].split()[0]), answered[1], b"".join(chunks)


def environ_of(
    path: str, length: int, *, method: str = "POST", kind: str = MULTIPART, **headers: str
) -> dict[str, Any]:
    environ: dict[str, Any] = RequestFactory().generic(method, path, b"", kind, **headers).environ
    environ |= {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind}
    return environ


def form_with_file(*fields: tuple[str, str]) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    ]
    file = '--x\r\nContent-Disposition: form-data; name="logo"; filename="a.png"\r\n\r\n' + "y" * 70_000
    return ("".join(parts) + file + "\r\n--x--\r\n").encode()


def every_view() -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    def walk(resolver: URLResolver, prefix: str) -> None:
        for each in resolver.url_patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                found.append((path, each.callback))
            else:
                walk(each, path)

    walk(get_resolver("aqad.urls"), "")
    return found


@pytest.mark.django_db
def test_only_views_that_take_files_have_a_long_body_and_each_says_how_long() -> None:
    long = {path for path, view in every_view() if longest_body_of(view, MULTIPART) > 1024 * 1024}
    with_parser = {
        path
        for path, view in every_view()
        if Multipart in getattr(getattr(view, "cls", None), "parser_classes", ())
    }
    pages = {path for path in long if not path.startswith("api/")}
    assert long - pages == with_parser - {"api/products/<str:code>"}  # which takes forms, but no files
    assert pages == {
        "sell/products/new",
        "sell/products/<str:code>/images",
        "sell/products/import",
        "sell/company",
        "sell/company/documents/<str:kind>",
        "register/vendor",
        "apply/<str:token>",
        "drive/<str:code>/step",
    }
    assert all(longest_body_of(view, "application/json") <= 1024 * 1024 for _path, view in every_view())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [MULTIPART, "application/x-www-form-urlencoded", "text/plain"])
@pytest.mark.parametrize("path", [PASSWORD_FORM, "/register/retailer", "/admin/login/", "/cart"])
def test_a_page_without_files_takes_no_long_form(path: str, kind: str, files: list[str]) -> None:
    body = io.BytesIO(b"x" * 1000)
    headers = {"HTTP_COOKIE": "csrftoken=" + "a" * 32, "HTTP_REFERER": "http://testserver/register/vendor"}
    environ = environ_of(path, 700_000_000, kind=kind, **headers)
    environ["wsgi.input"] = body
    assert longest_body(environ) <= FORM
    answered: list[str] = []
    page = b"".join(serving.application()(environ, lambda status, *_rest: answered.append(status)))
    assert answered[0].startswith("413 ")
    assert b"<h1>" in page
    assert b'href="/register/vendor"' in page  # back to where the form was
    assert body.tell() == 0
    assert files == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/sell/products/new", "POST", 302),  # to the sign-in page
        ("/sell/products/import", "POST", 302),
        ("/api/products", "POST", 401),
        ("/api/imports", "POST", 405),
        ("/api/nothing", "POST", 404),
        ("/nothing", "POST", 404),
        ("/register/vendor", "GET", 200),
    ],
)
def test_nothing_is_read_from_who_may_not_send_it(
    path: str, method: str, status: int, files: list[str]
) -> None:
    cookie = "csrftoken=" + "a" * 32
    assert longest_body(environ_of(path, 1_000_000, method=method, HTTP_COOKIE=cookie)) == 0
    environ = environ_of(path, 1_000_000, method=method, HTTP_COOKIE=cookie)
    environ["wsgi.input"] = body = io.BytesIO(b"x" * 1000)
    answered: list[str] = []
    b"".join(serving.application()(environ, lambda given, *_rest: answered.append(given)))
    assert answered[0].startswith(f"{status} ")
    assert body.tell() == 0
    assert files == []


@pytest.mark.django_db
def test_without_the_cookie_of_the_forms_token_nothing_is_read() -> None:
    assert longest_body(environ_of("/register/vendor", 1_000_000)) == 0
    assert (
        longest_body(environ_of("/register/vendor", 1_000_000, HTTP_COOKIE="csrftoken=" + "a" * 32))
        > 1_000_000
    )


@pytest.mark.django_db(transaction=True)
def test_who_may_send_a_file_is_let(vendor_user: User, retailer_user: User) -> None:
    for path in ("/sell/products/new", "/sell/products/import"):
        for user, may in ((vendor_user, True), (retailer_user, False)):
            client = Client()
            client.force_login(user)
            cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
            environ = environ_of(path, 1_000_000, HTTP_COOKIE=f"{cookies}; csrftoken={'a' * 32}")
            assert (longest_body(environ) >= 1_000_000) is may


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "a" * 64, "invented"])
def test_an_invented_token_writes_no_file(token: str, files: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/register/vendor")
    body = form_with_file(("csrfmiddlewaretoken", token), ("name", "Huda"))
    response = client.post("/register/vendor", body, content_type=MULTIPART)
    assert response.status_code == 403
    assert files == []


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["field", "header"])
def test_the_right_token_lets_the_files_through(way: str, files: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/register/vendor")
    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    request.META["CSRF_COOKIE"] = next(
        value.value for name, value in client.cookies.items() if "csrf" in name
    )
    token = get_token(request)
    fields = (("csrfmiddlewaretoken", token),) if way == "field" else ()
    headers = {"X-CSRFToken": token} if way == "header" else {}
    response = client.post(
        "/register/vendor", form_with_file(*fields), content_type=MULTIPART, headers=headers
    )
    assert response.status_code == 200
    assert files == ["a.png"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "charset",
    [
        *(
            "zlib_codec",
            "base64",
            "hex",
            "rot13",
            "bz2",
            "uu",
            "quopri",
            "idna",
            "punycode",
            "undefined",
            "utf-7",
        ),
        *(
            "utf-16",
            "windows-1256",
            "latin-1",
            "unheard-of",
            "../../etc",
            "a" * 1000,
            "unicode_escape",
            "mbcs",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize(
    "path", [PASSWORD_FORM, "/api/auth/vendor/register", "/api/products", "/admin/login/"]
)
def test_a_form_in_another_charset_is_its_senders_fault(path: str, kind: str, charset: str) -> None:
    status, _headers, body = asked(path, b"a=b", CONTENT_TYPE=f"{kind}; charset={charset}")
    assert status == 400
    assert b"UTF-8" in body


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"', "us-ascii"])
def test_utf_8_has_many_names(charset: str) -> None:
    status, _headers, _body = asked(
        PASSWORD_FORM, b"a=b", CONTENT_TYPE=f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert status == 403  # there is no token
    status, _headers, _body = asked(
        "/api/nothing?a=b", b"", method="GET", CONTENT_TYPE="text/plain; charset=zlib_codec"
    )
    assert status == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=\xe9",
        "multipart/form-data; boundary*=zlib_codec''x",
        "multipart/form-data; boundary*=unheard-of''x",
        "multipart/form-data; boundary*=utf-8''a%00b",
        "application/x-www-form-urlencoded; charset*=unheard-of''x",
        "application/x-www-form-urlencoded; charset*=utf-8''a%00b",
        "application/x-www-form-urlencoded; charset*=zlib_codec''utf-8",
        "application/json; charset*=a%00b''x",
        ";;;===",
        "multipart/mixed; boundary=x",
    ],
)
@pytest.mark.parametrize("path", [PASSWORD_FORM, "/api/auth/vendor/register", "/api/auth/login"])
def test_an_odd_content_type_is_its_senders_fault(path: str, content_type: str) -> None:
    status, _headers, _body = asked(path, form_with_file(("email", "a")), CONTENT_TYPE=content_type)
    assert 400 <= status < 500


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part",
    [
        "Content-Disposition: form-data; name*=zlib_codec''x",
        "Content-Disposition: form-data; name=\"a\"; filename*=zlib_codec''x",
        "Content-Disposition: form-data; name=\"a\"; filename*=unheard-of''x",
        'Content-Disposition: form-data; name="logo"; filename="a\0b"',
        'Content-Disposition: form-data; name="a"; filename="a"\r\nContent-Type: a/b; charset=zlib_codec',
        'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64',
        'Content-Disposition: form-data; name="logo"; filename="a"\r\nContent-Transfer-Encoding: base64',
        "Content-Disposition: ",
        "\xff\xfe",
        "X: " + "x" * 5000,
    ],
)
@pytest.mark.parametrize("path", [PASSWORD_FORM, "/api/auth/vendor/register"])
def test_an_odd_part_of_a_form_is_its_senders_fault(path: str, part: str) -> None:
    body = f"--x\r\n{part}\r\n\r\n!!!\r\n--x--\r\n".encode("latin-1")
    status, _headers, _body = asked(path, body, CONTENT_TYPE=MULTIPART)
    assert 400 <= status < 500


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP", "gzip, identity", "nonsense"])
@pytest.mark.parametrize("path", [PASSWORD_FORM, "/api/auth/login"])
def test_compressed_content_is_not_understood(path: str, coding: str) -> None:
    status, _headers, _body = asked(
        path, b"{}", CONTENT_TYPE="application/json", HTTP_CONTENT_ENCODING=coding
    )
    assert status == 415


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "-1", "abc", "1e3", "\xb2", "9" * 5000, " 5 ", "+5"])
@pytest.mark.parametrize("path", [PASSWORD_FORM, "/api/auth/login", "/api/auth/vendor/register"])
def test_an_odd_length_is_its_senders_fault(path: str, length: str) -> None:
    environ = environ_of(path, 0, HTTP_COOKIE="csrftoken=" + "a" * 32) | {"CONTENT_LENGTH": length}
    answered: list[str] = []
    b"".join(serving.application()(environ, lambda status, *_rest: answered.append(status)))
    assert 400 <= int(answered[0].split()[0]) < 500


@pytest.mark.django_db
def test_ninety_thousand_unknown_fields_have_a_short_answer(client: Client) -> None:
    body = json.dumps({f"field {number}": number for number in range(90_000)})
    response = client.post("/api/auth/login", body, content_type="application/json")
    assert response.status_code in {400, 413}
    assert len(response.content) < 2000


@pytest.mark.django_db
def test_of_many_unknown_fields_a_few_are_named_and_the_others_counted(client: Client) -> None:
    body = {f"field {number}": number for number in range(MAX_MEMBERS)}
    response = client.post("/api/auth/login", json.dumps(body), content_type="application/json")
    answer = response.json()
    assert response.status_code == 400
    assert len(answer["errors"]) == 10
    assert answer["more_errors"] == MAX_MEMBERS + 2 - 10  # e-mail and password are missing besides
    assert answer["message"].endswith("And 192 more.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        {"x" * 500_000: 1},
        {"email": "x" * 500_000, "password": "y"},
        {"language": "x" * 500_000},
        {str(number): number for number in range(MAX_MEMBERS + 1)},
        {"items": [[number] for number in range(MAX_VALUES)]},
        {"items": [{"a": 1}] * MAX_VALUES},
        {"a": [{"b": 1}] * 900},
    ],
)
@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/retailer/register"])
def test_the_answer_to_a_large_body_is_small(client: Client, path: str, body: dict[str, Any]) -> None:
    response = client.post(path, json.dumps(body), content_type="application/json")
    assert 400 <= response.status_code < 500
    assert len(response.content) < 12_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "path", ["/api/products", "/products", "/", "/api/categories", "/api/vendors", PASSWORD_FORM]
)
@pytest.mark.parametrize("count", [200, 900])
def test_a_query_of_very_many_parameters_is_no_crash(client: Client, path: str, count: int) -> None:
    query = urlencode([(f"a{number}", "1") for number in range(count)])
    response = client.get(f"{path}?{query}")
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert len(response.content) < 12_000
    status, _headers, _body = asked(f"{path}?{query}", method="GET")
    assert status == response.status_code


@pytest.mark.django_db(transaction=True)
def test_a_form_of_very_many_fields_and_very_many_cookies(client: Client) -> None:
    fields = [(f"a{number}", "1") for number in range(300)]
    for body, kind in (
        (urlencode(fields).encode(), "application/x-www-form-urlencoded"),
        (form_with_file(*fields), MULTIPART),
    ):
        response = client.post(PASSWORD_FORM, body, content_type=kind)
        assert response.status_code == 400
        assert b"more fields" in response.content
    status, _headers, _body = asked(
        "/products", method="GET", HTTP_COOKIE="; ".join(f"a{n}=b" for n in range(3000))
    )
    assert status == 200
