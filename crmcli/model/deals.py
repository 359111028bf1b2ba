"""What may be sold: pipelines and their stages, deals, and how they moved."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import FORECAST_CATEGORY, STAGE_TYPE

OPEN = "status = 'open' and deleted_at is null"


class Pipeline(SQLModel, table=True):
    """The stages that deals of a kind go through; the one at the first position is meant where none is named.

    `lost_reasons` and the `required_fields` of stages are lists, with commas.
    """

    __tablename__ = "pipeline"

    id: int | None = primary_key()
    name: str = column("text", required=True, length=100)
    name_key: str = column("text", required=True, length=400, derived=True)
    position: int = column("integer", required=True, default=0)
    lost_reasons: str | None = column("text", length=5000)

    __table_args__ = (index("ux_pipeline_name_key", "name_key", unique=True),)


class Stage(SQLModel, table=True):
    """A stage of a pipeline. One that is not used any more is kept for the deals that were in it, marked by `ended_at`.

    A deal that stays longer than `rotting_days` in it rots.
    """

    __tablename__ = "stage"

    id: int | None = primary_key()
    pipeline_id: int = column("ref", required=True, to="pipeline")
    name: str = column("text", required=True, length=100)
    name_key: str = column("text", required=True, length=400, derived=True)
    position: int = column("integer", required=True, default=0)
    type: str = column("enum", "open, won or lost", required=True, values=STAGE_TYPE, default="open")
    probability: int = column("percent", "How likely a deal in it is won, in percent", required=True, default=0)
    forecast_category: str = column(
        "enum", "How it counts in a forecast", required=True, values=FORECAST_CATEGORY, default="pipeline"
    )
    rotting_days: int | None = column("integer", "Days after which a deal in it rots")
    required_fields: str | None = column("text", "Fields that a deal must have to get there", length=1000)
    ended_at: datetime | None = column("time")

    __table_args__ = (index("ux_stage_name_key", "pipeline_id", "name_key", unique=True),)


class Deal(SQLModel, table=True):
    """Something that a contact or a company may buy.

    `probability` and `forecast_category` are the deal's own and go before its stage's. `status` is the type of its
    stage. `amount` is in minor units of `currency`; where there are lines it is their sum.
    """

    __tablename__ = "deal"

    id: int | None = primary_key()
    uid: str = uid()
    name: str = column("text", "What it is about, as it is shown", required=True, settable=False)
    contact_id: int | None = column("ref", "The person who decides or asked", to="contact")
    company_id: int | None = column("ref", "The company that buys", to="company")
    pipeline_id: int = column("ref", required=True, to="pipeline")
    stage_id: int = column("ref", required=True, to="stage")
    status: str = column("enum", "open, won or lost", required=True, values=STAGE_TYPE, default="open", settable=False)
    stage_since: datetime = column("time", required=True)
    amount: int | None = column("money")
    currency: str | None = column("currency", "Currency (ISO 4217), such as EUR")
    probability: int | None = column("percent", "How likely it is won, in percent; without it, that of its stage")
    forecast_category: str | None = column(
        "enum", "How it counts in a forecast; without it, as its stage does", values=FORECAST_CATEGORY
    )
    close_date: str | None = column("day", "When it is expected to be won: eoq, +6w, 2026-12-15")
    closed_at: datetime | None = column("time")
    lost_reason: str | None = column("text")
    source: str | None = column("text", "Where it came from; without it, where the contact came from")
    owner_id: int | None = column("ref", "Who works on it: a user name, or me", to="user_account")
    note: str | None = column("long", "Details, Markdown")
    external: str | None = column("text", length=700)
    custom: str | None = column("json")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        index("ux_deal_uid", "uid", unique=True),
        index("ux_deal_external", "external", unique=True, where="external is not null"),
        index("ix_deal_contact", "contact_id", "status"),
        index("ix_deal_company", "company_id", "status"),
        index("ix_deal_stage", "stage_id", "id"),
        index("ix_deal_pipeline", "pipeline_id", "id"),
        index("ix_deal_open", "owner_id", "close_date", "id", where=OPEN),
        index("ix_deal_close", "(close_date is null)", "close_date", "id", where=OPEN),
        index("ix_deal_closed", "closed_at", "id", where="closed_at is not null and deleted_at is null"),
        index("ix_deal_created", "created_at", "id", where="deleted_at is null"),
    )


class DealContact(SQLModel, table=True):
    """A person who has a part in a deal, and which: decision maker, user, budget."""

    __tablename__ = "deal_contact"

    id: int | None = primary_key()
    deal_id: int = column("ref", required=True, to="deal")
    contact_id: int = column("ref", required=True, to="contact")
    role: str | None = column("text", "Part in the deal, such as decision maker")

    __table_args__ = (
        index("ux_deal_contact_deal", "deal_id", "contact_id", unique=True),
        index("ix_deal_contact_contact", "contact_id"),
    )


class DealLine(SQLModel, table=True):
    """What a deal is made of. `quantity` is in thousandths, `unit_price`, `discount` and `amount` in minor units."""

    __tablename__ = "deal_line"

    id: int | None = primary_key()
    deal_id: int = column("ref", required=True, to="deal")
    position: int = column("integer", required=True, default=0)
    product_id: int | None = column("ref", to="product")
    name: str = column("text", required=True)
    quantity: int = column("integer", required=True)
    unit_price: int = column("money", required=True)
    discount: int = column("money", required=True, default=0)
    amount: int = column("money", required=True)

    __table_args__ = (
        index("ix_deal_line_deal", "deal_id", "position"),
        index("ix_deal_line_product", "product_id", where="product_id is not null"),
    )


class DealStage(SQLModel, table=True):
    """A stay of a deal in a stage; the last one has no end."""

    __tablename__ = "deal_stage"

    id: int | None = primary_key()
    deal_id: int = column("ref", required=True, to="deal")
    stage_id: int = column("ref", required=True, to="stage")
    entered_at: datetime = column("time", required=True)
    left_at: datetime | None = column("time")

    __table_args__ = (
        index("ix_deal_stage_deal", "deal_id", "entered_at"),
        index("ix_deal_stage_stage", "stage_id", "entered_at"),
    )
