"""A million rows of everything staff look through, made inside the database without its triggers."""

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model

from accounts.models import User
from audit.models import Entry
from catalog.models import Brand, Category, Product
from delivery.models import Delivery, DeliveryPartner
from notifications.models import Mail, Notification, OutboxEvent
from orders.models import Checkout, Order, OrderLine, ProblemReport
from payments.models import Payment
from retailers.models import Retailer
from vendors.models import Vendor

COMPANIES = 1000
AGE = "now() - (%(last)s - n) * interval '90 days' / %(last)s"  # the newest is of now, the oldest of then


def fill(rows: int) -> None:
    """Write so many orders with all that belongs to them. The newest come last, as they would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
    few, age = COMPANIES, AGE % {"last": rows}
    of_company = f"1 + n %% {few}"
    _write(Vendor, few, id="n", company_name="'Vendor ' || n", status="'active'", emirate="'DXB'")
    _write(Retailer, few, id="n", company_name="'Shop ' || n", status="'active'")
    _write(Category, 1, id="n", name="'Drinks'", slug="'drinks'", path="'0001'", depth="1")
    _write(Brand, 1, id="n", name="'Pepsi'", slug="'pepsi'")
    _write(DeliveryPartner, 1, id="n", name="'FastTrack'", is_active="true")
    people = {"email": "'person' || n || '@shops.example'", "name": "'Person ' || n", "role": "'retailer'"}
    _write(User, rows // 10, id="1000 + n", code=f"'R' || ({of_company})", access="'active'", **people)
    _write(
        Product, rows, id="n", vendor=of_company, category="1", brand="1", status="'active'", price="45",
        name="(ARRAY['Pepsi','Laban','Basmati Rice','Dates','Olive Oil'])[1 + n %% 5] || ' ' || md5(n::text)",
        sku="'SKU-' || n", created_at=age,
    )  # fmt: skip
    _write(Checkout, rows, id="n", retailer=of_company, total="47.25", status="'placed'", created_at=age)
    status = "(ARRAY['completed','completed','completed','completed','pending'])[1 + n %% 5]"
    _write(
        Order, rows, id="n", checkout="n", vendor=of_company, retailer=of_company, status=status,
        subtotal="45", vat="2.25", total="47.25", placed_at=age, created_at=age,
    )  # fmt: skip
    _write(
        OrderLine, rows, id="n", order="n", product="n", name="'Pepsi'", quantity="1",
        reservation="'consumed'", unit_price="45", subtotal="45", vat="2.25", total="47.25", vat_rate="5",
    )  # fmt: skip
    _write(
        Payment, rows, id="n", checkout="n", gateway="'sandbox'", gateway_session="'s-' || n", amount="47.25",
        amount_paid="47.25", status="CASE WHEN n %% 50 = 0 THEN 'failed' ELSE 'paid' END", created_at=age,
    )  # fmt: skip
    _write(
        Delivery, rows, id="n", order="n", status="'delivered'", emirate="'DXB'", eta=age, created_at=age,
        partner="1", pin="'0000'",
    )  # fmt: skip
    _write(ProblemReport, rows // 10, id="n", order="n", kind="'damaged'", text="'Crushed, ' || md5(n::text)")
    about = "'ORD' || n"
    _write(OutboxEvent, rows, id="n", kind="'order_received'", about=about, once="n::text", status="'sent'")
    told = {"event": "n", "user": f"1001 + n %% {rows // 10}", "created_at": age}
    _write(Notification, rows, id="n", title="'New order'", about=about, **told)
    _write(Mail, rows, id="n", subject="'New order'", status="'sent'", **told)
    _write(
        Entry, rows * 2, id="n", actor=f"1001 + n %% {rows // 10}", actor_label="'Retailer R1'",
        verb="'accepted'", object_kind="'Order'", object_code="'ORD' || n / 2", at=AGE % {"last": rows * 2},
        request_id="md5((n / 4)::text)", to_status="'processing'",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def _write(model: type[Model], rows: int, **given: str) -> None:
    """Insert rows numbered `n` from 1; `given` are expressions of SQL by field, the rest are defaults."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    told = {field: given[field.name] for field in fields if field.name in given}
    told |= {field: _default(field) for field in fields if field.name not in given and _needs(field)}
    columns = ", ".join(f'"{field.column}"' for field in told)
    values = ", ".join(told.values())
    into = f'INSERT INTO "{model._meta.db_table}" ({columns})'
    with connection.cursor() as cursor:
        cursor.execute(f"{into} SELECT {values} FROM generate_series(1, %s) n ON CONFLICT DO NOTHING", [rows])


def _needs(field: Field) -> bool:
    return not (field.null or field.primary_key or field.db_default is not NOT_PROVIDED)


def _default(field: Field) -> str:
    default = field.get_default() if field.has_default() else None
    kind = field.db_type(connection) or ""
    if isinstance(default, str | int | bool) and not kind.endswith("]"):
        return f"'{default}'"
    if kind.endswith("[]"):
        return "'{}'"
    if kind.startswith(("varchar", "text", "char")):
        return "''"
    if "json" in kind:
        return "'{}'"
    if kind.startswith("timestamp"):
        return "now()"
    return {"boolean": "false", "uuid": "gen_random_uuid()", "bytea": "''", "inet": "NULL"}.get(kind, "0")
