"""Money that is split adds up again to the fils, whatever the weights."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aqad.lib.money import FILS, spread, to_fils
from aqad.lib.prefetch import preload
from catalog.models import Product
from orders.pricing import price_lines

amounts = st.decimals(min_value=0, max_value=10_000_000, places=2)


@given(amounts, st.lists(amounts, min_size=1, max_size=40))
def test_the_parts_add_up_and_each_is_within_a_fils_of_its_share(total, weights):
    parts = spread(total, weights)

    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert part == to_fils(part) >= 0
        if whole:
            assert abs(part - total * weight / whole) < FILS


@given(st.lists(amounts, min_size=1, max_size=20), st.data())
def test_no_order_is_given_back_more_than_it_has_left(left, data):
    amount = data.draw(st.decimals(min_value=0, max_value=sum(left), places=2))

    assert all(part <= rest for part, rest in zip(spread(amount, left), left, strict=True))


@pytest.mark.parametrize(("total", "weights"), [(Decimal(1), []), (Decimal(-1), [Decimal(1)])])
def test_nonsense_is_refused(total, weights):
    with pytest.raises(ValueError, match="spread needs"):
        spread(total, weights)


@pytest.mark.parametrize(("amount", "rounded"), [("0.005", "0.01"), ("0.004", "0.00"), ("2.675", "2.68")])
def test_half_a_fils_is_rounded_up(amount, rounded):
    assert to_fils(Decimal(amount)) == Decimal(rounded)


prices = st.decimals(min_value=Decimal("0.01"), max_value=100_000, places=2)
lines = st.lists(
    st.tuples(prices, st.integers(1, 10_000), st.sampled_from(["S", "Z", "E"])), min_size=1, max_size=30
)


@given(lines)
def test_the_lines_of_an_order_carry_exactly_the_vat_of_its_sum(wanted):
    goods = []
    for price, quantity, category in wanted:
        product = Product(pk=1001, price=price, vat_category=category)
        preload(product, price_tiers=[])
        goods.append((product, quantity))

    priced = price_lines(goods)

    taxable = sum(line.subtotal for line in priced if line.product.vat_category == "S")
    assert sum(line.vat for line in priced) == to_fils(Decimal(taxable) * 5 / 100)
    assert all(line.vat == 0 for line in priced if line.product.vat_category != "S")
    assert all(line.total == line.subtotal + line.vat for line in priced)
