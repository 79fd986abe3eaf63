"""Every write to payments and refunds, by topic."""

from payments.services.attempts import begin_payment, end_pending, open_session, pay_again
from payments.services.cash import collect_cash, forgo_cash
from payments.services.outcomes import apply_state
from payments.services.polling import ask_gateway, cancel_at_gateway, poll
from payments.services.refund_once import request_refund_once
from payments.services.refunds import carry_out_refund, refund_order, request_refund, settle_refund
from payments.services.webhooks import forget_webhooks, process_webhook, receive_webhook

__all__ = [
    "apply_state",
    "ask_gateway",
    "begin_payment",
    "cancel_at_gateway",
    "carry_out_refund",
    "collect_cash",
    "end_pending",
    "forget_webhooks",
    "forgo_cash",
    "open_session",
    "pay_again",
    "poll",
    "process_webhook",
    "receive_webhook",
    "refund_order",
    "request_refund",
    "request_refund_once",
    "settle_refund",
]
