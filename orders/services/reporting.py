"""Problems that buyers report about orders: operations' queue."""

from typing import Any

from django.db import transaction

from accounts import rights
from audit import services as audit
from notifications import services as notifications
from notifications.selectors import STAFF
from notifications.services import Message
from orders.models import Order, ProblemReport

RIGHT = "orders.change_problemreport"


@transaction.atomic
def report_problem(order: Order, *, kind: str, text: str, by: Any) -> ProblemReport:
    """Put a problem into operations' queue and tell staff."""
    report = ProblemReport.objects.create(order=order, kind=kind, text=text, reported_by=by)
    audit.record(by, "reported a problem with", order, data={"report": report.code, "kind": kind})
    context = {"order": order.code, "retailer": order.buyer["company_name"], "reason": text}
    message = Message("problem_reported", [STAFF], report.code, context, f"problem_reported:{report.code}")
    notifications.notify_many([message])
    return report


@transaction.atomic
def close_report(report: ProblemReport, *, note: str, by: Any) -> ProblemReport:
    """`open` → `closed`, with what was done about it. Raises Forbidden, InvalidTransition."""
    rights.require(by, RIGHT)
    audit.transition(report, ProblemReport.Status.CLOSED, by=by, verb="closed", reason=note)
    return report
