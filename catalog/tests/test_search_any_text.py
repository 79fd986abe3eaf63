"""Any text can be searched and any text can be listed: nothing raises, nothing is a command."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog import selectors
from catalog.models import Product
from catalog.search.marks import marks
from catalog.search.suggesting import suggest
from catalog.selectors import Filters
from catalog.tests.conftest import MakeProduct, stock_shelves
from tests import factories, goods

TEXTS = st.text(max_size=60) | st.text("'\\\"&|!:*<>()=%_-~0123456789aالو \0", max_size=40)


class AnyText(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        stock_shelves()
        cls.product = goods.list_product(factories.make_vendor(), name="Pepsi")

    @settings(max_examples=150, deadline=None)
    @given(TEXTS)
    def test_any_text_can_be_searched_marked_and_suggested(self, text: str) -> None:
        sold = Product.objects.sold()
        found = list(selectors.listed(sold, Filters(search=text))[:20])
        assert found in ([], [self.product])
        for start, end in marks(["Pepsi & <b>" + text], text)[0]:
            assert 0 <= start < end
        suggest(text)

    @settings(max_examples=100, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100))
    def test_any_text_can_be_the_name_of_a_product(self, text: str) -> None:
        Product.objects.filter(pk=self.product.pk).update(name=text, description=text, sku=text[:60])
        assert Product.objects.filter(pk=self.product.pk, search_vector__isnull=False).exists()


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE catalog_product; --", "pepsi' | !a", "=pep330", "a:*", "\\'", "%(text)s", "%s"],
)
def test_a_query_is_data_and_never_a_command(text: str, make_product: MakeProduct) -> None:
    make_product(name="Mirinda")
    list(selectors.listed(Product.objects.sold(), Filters(search=text))[:20])
    assert Product.objects.count() == 1
