"""What customers bought, got and paid."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import FINANCIAL_STATUS, FULFILLMENT_STATUS, ORDER_STATUS, RECURS_FROM

UNPAID = "status in ('payment_due', 'processing', 'in_transit', 'delivered') and paid < total and deleted_at is null"

SUMMED = ("ordered_on", "status", "currency", "total", "paid", "deleted_at")


class SalesOrder(SQLModel, table=True):
    """An order of a customer. Amounts are in minor units of `currency`.

    `subtotal` is the sum of its lines, `total` what is to be paid: subtotal - discount + shipping, plus the tax where
    prices do not include it. `paid` is the sum of its payments. One whose customer was erased has none.

    One that recurs is a row for each time, as follow-ups are: `series` is the uid of the first, `occurs_on` the day by
    the rule.
    """

    __tablename__ = "sales_order"

    id: int | None = primary_key()
    uid: str = uid()
    number: str | None = column("text", "The number that the customer knows it by", length=200)
    contact_id: int | None = column("ref", "The person who ordered", to="contact")
    company_id: int | None = column("ref", "The company that ordered", to="company")
    deal_id: int | None = column("ref", to="deal")
    ordered_on: str = column("day", "When it was ordered", required=True)
    status: str = column(
        "enum", "How far it is", required=True, values=ORDER_STATUS, default="payment_due", settable=False
    )
    financial_status: str = column(
        "enum", "How far it is paid", required=True, values=FINANCIAL_STATUS, default="pending", settable=False
    )
    fulfillment_status: str = column(
        "enum", "How far it was sent", required=True, values=FULFILLMENT_STATUS, default="unfulfilled", settable=False
    )
    currency: str = column("currency", "Currency (ISO 4217), such as EUR", required=True)
    tax_included: int = column("bool", "Prices include the tax", required=True, default=0)
    subtotal: int = column("money", required=True, default=0)
    discount: int = column("money", required=True, default=0)
    shipping: int = column("money", required=True, default=0)
    tax: int = column("money", required=True, default=0)
    total: int = column("money", required=True, default=0)
    paid: int = column("money", required=True, default=0)
    due_on: str | None = column("day", "When it is to be paid")
    shipped_on: str | None = column("day")
    delivered_on: str | None = column("day")
    returned_on: str | None = column("day")
    cancelled_on: str | None = column("day")
    paid_on: str | None = column("day")
    source: str | None = column("text", "Where the order came from")
    owner_id: int | None = column("ref", "Who looks after it: a user name, or me", to="user_account")
    note: str | None = column("long", "Details, Markdown")
    external: str | None = column("text", length=700)
    custom: str | None = column("json")
    recurrence: str | None = column("text", length=200)
    recurs_from: str | None = column("enum", values=RECURS_FROM)
    series: str | None = column("uid")
    occurs_on: str | None = column("day")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        index("ux_sales_order_uid", "uid", unique=True),
        index("ux_sales_order_external", "external", unique=True, where="external is not null"),
        index("ix_sales_order_number", "number", where="number is not null"),
        # All that the snapshot sums up stands in these two.
        index("ix_sales_order_contact", "contact_id", *SUMMED),
        index("ix_sales_order_company", "company_id", *SUMMED),
        # And all that the panorama does in this one.
        index("ix_sales_order_day", "ordered_on", "id", "status", "currency", "total", "owner_id",
              where="deleted_at is null"),
        index("ix_sales_order_unpaid", "due_on", "id", where=UNPAID),
        index("ix_sales_order_open", "status", "ordered_on", "id",
              where="status in ('draft', 'payment_due', 'processing', 'in_transit') and deleted_at is null"),
        index("ix_sales_order_deal", "deal_id", where="deal_id is not null"),
        index("ix_sales_order_series", "series", "id", where="series is not null"),
    )  # fmt: skip


class OrderLine(SQLModel, table=True):
    """A line of an order; what was sent back is a line with a negative quantity, which names the line that it is of.

    `quantity` is in thousandths, `tax_rate` in thousandths of a percent; amounts are in minor units of the order's
    currency, `amount` being quantity x unit price - discount. `returned_on` is the day of a return, `shipped` how much
    of the quantity was sent, in thousandths.
    """

    __tablename__ = "order_line"

    id: int | None = primary_key()
    order_id: int = column("ref", required=True, to="sales_order")
    position: int = column("integer", required=True, default=0)
    product_id: int | None = column("ref", to="product")
    name: str = column("text", required=True)
    sku: str | None = column("text", length=100)
    quantity: int = column("integer", required=True)
    shipped: int = column("integer", required=True, default=0)
    unit_price: int = column("money", required=True)
    discount: int = column("money", required=True, default=0)
    tax_rate: int | None = column("integer")
    tax: int = column("money", required=True, default=0)
    amount: int = column("money", required=True)
    return_of: int | None = column("ref", to="order_line")
    returned_on: str | None = column("day")

    __table_args__ = (
        index("ix_order_line_order", "order_id", "position"),
        index("ix_order_line_product", "product_id", "order_id", where="product_id is not null"),
        index("ix_order_line_return", "return_of", where="return_of is not null"),
    )


class Payment(SQLModel, table=True):
    """Money that came for an order, in minor units of its currency; what was given back is negative."""

    __tablename__ = "payment"

    id: int | None = primary_key()
    order_id: int = column("ref", required=True, to="sales_order")
    amount: int = column("money", required=True)
    paid_on: str = column("day", "When it was paid", required=True)
    method: str | None = column("text", "How it was paid: transfer, card, cash", length=100)
    reference: str | None = column("text", "What the statement says", length=500)

    __table_args__ = (
        index("ix_payment_order", "order_id"),
        index("ix_payment_day", "paid_on"),
    )
