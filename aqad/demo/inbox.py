"""The inboxes of the last days, as they would be now: told and partly read. No mail goes out for the past."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from accounts.models import User
from aqad.demo.sales import Sale
from delivery.messages import partner_message
from notifications import words
from notifications.models import Delivery, Notification, OutboxEvent
from notifications.services import Message
from orders.messages import order_message

KEPT = timedelta(days=3)
READ = timedelta(hours=18)  # what is older has been read
BUYER_IS_TOLD = {
    "accepted": "order_accepted", "ready": "order_ready", "picked_up": "order_shipped",
    "out": "order_out_for_delivery", "out_again": "order_out_for_delivery", "failed": "delivery_failed",
    "delivered": "order_delivered", "returned": "order_returned", "rejected": "order_rejected",
    "cancelled": "order_cancelled",
}  # fmt: skip
SELLER_IS_TOLD = {
    "delivered": "delivery_completed_vendor", "returned": "order_returned_vendor",
    "cancelled": "order_cancelled_vendor",
}  # fmt: skip


def fill_inboxes(sales: Iterable[Sale], now: datetime) -> None:
    """Write what buyers, sellers and drivers were told of these orders within KEPT."""
    told = [(at, message) for sale in sales for at, message in _messages(sale) if at > now - KEPT]
    told.sort(key=lambda pair: pair[0])
    events = OutboxEvent.objects.bulk_create([_event(at, message) for at, message in told])
    readers: dict[str, list[User]] = defaultdict(list)
    for user in User.objects.exclude(code=""):
        readers[user.code].append(user)
    Notification.objects.bulk_create(
        [_line(event, user, now) for event in events for user in readers[event.recipients[0]]]
    )


def _messages(sale: Sale) -> Iterator[tuple[datetime, Message]]:
    order = sale.order
    buyer, seller = order.buyer["id"], order.seller["id"]
    yield sale.deal.at, order_message("order_created", order, to=buyer)
    if order.placed_at:
        yield order.placed_at, order_message("order_received", order, to=seller)
    for name, at in sale.plan.moments.items():
        if name in BUYER_IS_TOLD:
            more = {"pin": sale.delivery.pin} if sale.delivery and name.startswith("out") else {}
            yield at, order_message(BUYER_IS_TOLD[name], order, to=buyer, attempt=name, **more)
        if name in SELLER_IS_TOLD:
            yield at, order_message(SELLER_IS_TOLD[name], order, to=seller)
        if name == "ready" and sale.delivery and sale.delivery.partner:
            yield at, partner_message("delivery_assigned", sale.delivery, order, sale.delivery.partner)


def _event(at: datetime, message: Message) -> OutboxEvent:
    return OutboxEvent(
        kind=message.kind,
        recipients=list(message.to),
        about=message.about,
        context=dict(message.context),
        once=message.once or f"{message.kind}:{message.about}:past",
        status=Delivery.SENT,
        attempts=1,
        due_at=at,
        created_at=at,
    )


def _line(event: OutboxEvent, user: User, now: datetime) -> Notification:
    at = event.created_at
    return Notification(
        event=event,
        user=user,
        kind=event.kind,
        title=words.title(event, user.language),
        body="\n".join([words.body(event, user.language), *words.extra_lines(event, user.language)]),
        about=event.about,
        read_at=at + timedelta(minutes=25) if at < now - READ else None,
        created_at=at,
    )
