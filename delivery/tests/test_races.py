"""Real threads on PostgreSQL: pick-up against cancellation."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from aqad.lib.errors import DomainError, Forbidden, InvalidTransition
from catalog.models import Product
from delivery import services
from delivery.models import Delivery, Driver
from orders import services as orders
from orders.models import Order
from tests.goods import stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at once, each in a thread; what each returned or which error it raised."""
    barrier = threading.Barrier(len(works))
    outcomes: list[Any] = [None] * len(works)

    def run(position: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcomes[position] = work()
        except DomainError as error:
            outcomes[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def pick_up(delivery: Delivery, driver: Driver) -> Callable[[], Any]:
    step, proof = services.Step("picked_up"), services.Proof()
    return lambda: services.report_step(delivery, step, proof=proof, by=driver.user)


@pytest.mark.parametrize("attempt", range(5))
def test_of_pick_up_and_cancellation_exactly_one_wins(
    order: Order, delivery: Delivery, driver: Driver, vendor_user: User, product: Product, attempt: int
) -> None:
    outcomes = together(
        pick_up(delivery, driver), lambda: orders.cancel_order(order, reason="Spoiled", by=vendor_user)
    )
    assert sum(isinstance(outcome, InvalidTransition) for outcome in outcomes) == 1, outcomes
    order.refresh_from_db()
    delivery.refresh_from_db()
    ends = {
        ("shipped", "picked_up"): (490, 0),
        ("cancelled", "cancelled"): (500, 0),
    }
    assert stock_of(product) == ends[order.status, delivery.status]


def test_two_drivers_pick_up_and_one_carries(
    delivery: Delivery, driver: Driver, colleague: Driver, product: Product
) -> None:
    outcomes = together(pick_up(delivery, driver), pick_up(delivery, colleague))
    assert sum(isinstance(outcome, InvalidTransition) for outcome in outcomes) == 1
    delivery.refresh_from_db()
    assert delivery.driver in (driver, colleague)
    assert delivery.events.count() == 1
    assert stock_of(product) == (490, 0)


def test_pick_up_and_re_assignment_never_both_count(
    order: Order, delivery: Delivery, driver: Driver, rival_driver: Driver
) -> None:
    outcomes = together(
        pick_up(delivery, driver),
        lambda: _assign(order, rival_driver),
    )
    delivery.refresh_from_db()
    if delivery.partner_id == driver.partner_id:
        assert (delivery.status, delivery.driver) == ("picked_up", driver)
        assert isinstance(outcomes[1], InvalidTransition)
    else:
        assert (delivery.status, delivery.driver) == ("assigned", None)
        assert isinstance(outcomes[0], Forbidden)


def _assign(order: Order, driver: Driver) -> Delivery:
    return services.assign_by_hand(order, driver.partner, by=None)
