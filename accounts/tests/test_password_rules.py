"""No password that was stolen elsewhere or is made of known names, wherever one is set."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts import services
from accounts.models import User
from accounts.password_rules import LIST
from accounts.stolen.packing import BYTES, is_packed, pack
from aqad.lib.errors import Invalid
from tests.factories import PASSWORD, token_mailed

pytestmark = pytest.mark.django_db

STOLEN = [
    *("password1", "PassWord1", "qwertyuiop", "iloveyou1"),
    *("1q2w3e4r5t", "trustno1", "ｐａｓｓｗｏｒｄ１", "football1"),
]
OWN = ["aqad2026", "AQAD-aqad-1", "Mart.Fatima.99", "عقد عقد ١٢٣", "wholesale!!!"]
GOOD = [
    "seven-camels-at-dawn",
    "سبعة جمال عند الفجر",
    "correct horse battery staple",
    "aqad is where I buy soap",
    "x" * 5 + " lemon tree " + "y" * 100,
    "9 4 7 1 1 8 3 0 2 6 6 5",
]


def check(password: str, user: User) -> None:
    services.check_new_password(password, user=user)


@pytest.mark.parametrize("password", [*STOLEN, *OWN])
def test_a_stolen_or_self_made_password_is_refused(password: str, retailer_user: User) -> None:
    with pytest.raises(Invalid) as refused:
        check(password, retailer_user)
    assert "password" in refused.value.errors


@pytest.mark.parametrize("password", GOOD)
def test_a_passphrase_is_taken(password: str, retailer_user: User) -> None:
    check(password, retailer_user)


def test_the_list_is_packed_sorted_and_large_enough() -> None:
    packed = LIST.read_bytes()
    rows = [packed[at : at + BYTES] for at in range(0, len(packed), BYTES)]

    assert rows == sorted(set(rows))
    assert len(rows) > 10_000
    assert is_packed("password1", packed)
    assert not is_packed(PASSWORD, packed)
    assert is_packed("b", pack(["c", "b", "a"]))
    assert not is_packed("z", pack(["c", "b", "a"]))
    assert not is_packed("z", b"")


def test_every_entrance_refuses_and_changes_nothing(
    retailer_api: APIClient, retailer_user: User, client: Client
) -> None:
    bad, before = "qwertyuiop", retailer_user.password
    body = {"old_password": PASSWORD, "new_password": bad}
    changed = retailer_api.post("/api/auth/password/change", body)
    assert (changed.status_code, list(changed.json()["errors"])) == (400, ["new_password"])

    services.request_reset(retailer_user.email)
    token = token_mailed("password_reset")
    reset = retailer_api.post("/api/auth/password/reset/confirm", {"token": token, "new_password": bad})
    assert (reset.status_code, list(reset.json()["errors"])) == (400, ["new_password"])
    assert "lists of stolen ones" in client.post(f"/reset-password/{token}", {"new_password": bad}).text

    client.force_login(retailer_user)
    assert "lists of stolen ones" in client.post("/account/profile", body).text

    retailer_user.refresh_from_db()
    assert retailer_user.password == before


@pytest.mark.parametrize("path", ["/api/retailer/register"])
def test_the_name_of_the_company_is_no_password(path: str, anonymous_api: APIClient) -> None:
    body: dict[str, Any] = {
        "name": "Omar",
        "email": "omar@shop.example",
        "phone": "+971501234567",
        "company_name": "Jumeirah Groceries",
        "password": "Groceries-Jumeirah-26",
    }
    refused = anonymous_api.post(path, body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["password"])
    assert not User.objects.exists()

    assert anonymous_api.post(path, {**body, "password": "Groceries for everybody"}).status_code == 201


def test_in_arabic_it_says_so_in_arabic(retailer_api: APIClient) -> None:
    body = {"old_password": PASSWORD, "new_password": "qwertyuiop"}
    answer = retailer_api.post("/api/auth/password/change", body, headers={"accept-language": "ar"})

    assert "مسروقة" in answer.json()["message"]
