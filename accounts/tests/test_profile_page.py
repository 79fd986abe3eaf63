import pytest

from tests.factories import PASSWORD

NEW = "nine-falcons-at-noon"


@pytest.mark.parametrize("who", ["retailer_user", "vendor_user", "driver_user", "admin"])
def test_everybody_keeps_name_telephone_and_language(client, request, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert user.email in client.get("/account/profile").text

    answer = client.post("/account/profile", {"name": "Huda", "phone": "0501112233", "language": "ar"})

    user.refresh_from_db()
    assert (user.name, user.phone, user.language) == ("Huda", "+971501112233", "ar")
    assert answer.cookies["django_language"].value == "ar"


def test_a_wrong_telephone_is_said_and_nothing_changes(client, retailer_user):
    client.force_login(retailer_user)
    page = client.post("/account/profile", {"name": "Huda", "phone": "12", "language": "en"}).text
    assert 'id="id_phone_error"' in page
    assert 'value="Huda"' in page
    name = retailer_user.name
    retailer_user.refresh_from_db()
    assert retailer_user.name == name


def test_a_new_password_keeps_this_session_and_ends_the_others(client, retailer_user):
    other = type(client)()
    other.force_login(retailer_user)
    client.force_login(retailer_user)
    wrong = client.post("/account/profile", {"old_password": "wrong", "new_password": NEW})
    assert 'id="id_old_password_error"' in wrong.text

    client.post("/account/profile", {"old_password": PASSWORD, "new_password": NEW})

    retailer_user.refresh_from_db()
    assert retailer_user.check_password(NEW)
    assert client.get("/account/profile").status_code == 200
    assert other.get("/account/profile").status_code == 302
