"""What is sold, and for how much."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid


class Product(SQLModel, table=True):
    """A thing or service that is sold. `tax_rate` is in thousandths of a percent: 19000 is 19 %."""

    __tablename__ = "product"

    id: int | None = primary_key()
    uid: str = uid()
    name: str = column("text", "Name, as it is shown", required=True, settable=False)
    sku: str | None = column("text", "Article number", length=100)
    category: str | None = column("text", "Category")
    unit: str | None = column("text", "What one of it is: piece, kg, hour", length=60)
    description: str | None = column("long", "What it is, Markdown")
    tax_rate: int | None = column("integer")
    active: int = column("bool", "Whether it is still sold", required=True, default=1)
    external: str | None = column("text", length=700)
    custom: str | None = column("json")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")
    name_key: str = column("text", required=True, length=2000, derived=True)

    __table_args__ = (
        index("ux_product_uid", "uid", unique=True),
        index("ux_product_external", "external", unique=True, where="external is not null"),
        index("ix_product_name_key", "name_key"),
        index("ix_product_sku", "sku", where="sku is not null"),
    )


class Price(SQLModel, table=True):
    """The price of one unit of a product in a currency, from a day on; without a day, from the beginning."""

    __tablename__ = "price"

    id: int | None = primary_key()
    product_id: int = column("ref", required=True, to="product")
    currency: str = column("currency", required=True)
    amount: int = column("money", required=True)
    valid_from: str = column("day", required=True, default="0001-01-01")

    __table_args__ = (index("ux_price_product", "product_id", "currency", "valid_from", unique=True),)


class ExchangeRate(SQLModel, table=True):
    """What one unit of `base` was worth in `quote` from a day on, as somebody said: a decimal number as text."""

    __tablename__ = "exchange_rate"

    id: int | None = primary_key()
    base: str = column("currency", required=True)
    quote: str = column("currency", required=True)
    valid_from: str = column("day", required=True)
    rate: str = column("text", required=True, length=40)
    source: str | None = column("text", "Who says so")

    __table_args__ = (index("ux_exchange_rate_day", "base", "quote", "valid_from", unique=True),)
