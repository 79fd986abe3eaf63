import pytest
from django.test import Client

from retailers.models import Address
from tests.factories import user_of


@pytest.fixture
def browser(retailer):
    client = Client()
    client.force_login(user_of(retailer.code))
    return client


def test_an_address_is_added_changed_and_removed(browser, retailer):
    browser.post("/account/addresses/new", {"line1": "Shop 9", "emirate": "SHJ", "label": "Sharjah"})
    own = retailer.addresses.get(label="Sharjah")
    assert not own.is_default

    browser.post(f"/account/addresses/{own.pk}", {"line1": "Shop 10", "emirate": "SHJ", "is_default": "on"})
    own.refresh_from_db()
    assert (own.line1, own.is_default) == ("Shop 10", True)

    browser.post(f"/account/addresses/{own.pk}/delete")
    assert retailer.addresses.get().is_default


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(browser, retailer):
    page = browser.post("/account/addresses/new", {"line1": "", "emirate": "XXX", "area": "Deira"}).text
    assert 'id="id_line1_error"' in page
    assert 'value="Deira"' in page
    assert retailer.addresses.count() == 1


def test_somebody_elses_address_is_not_there(browser, rival_retailer):
    theirs = rival_retailer.addresses.get()
    assert browser.get(f"/account/addresses/{theirs.pk}").status_code == 404
    assert browser.post(f"/account/addresses/{theirs.pk}/delete").status_code == 404
    assert Address.objects.filter(pk=theirs.pk).exists()
