"""What was promised."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, one_owner, primary_key, uid
from crmcli.model.enums import CHANNEL, FOLLOWUP_STATUS, PRIORITY, RECURS_FROM

OPEN = "status = 'open' and deleted_at is null"


class Followup(SQLModel, table=True):
    """Something to do about a contact or a company by a time. Snoozing moves `due_at`, and the journal remembers.

    One that recurs is a row for each occurrence: closing one plans the next. `series` is the uid of the first, and
    `occurs_on` the day by the rule, before it was moved to a working day or snoozed.
    """

    __tablename__ = "followup"

    id: int | None = primary_key()
    uid: str = uid()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    subject: str = column("text", "What to do", required=True, length=1000)
    note: str | None = column("long", "Details, Markdown")
    channel: str | None = column("enum", "How to do it", values=CHANNEL)
    due_at: datetime = column("time", "When it is due", required=True)
    all_day: int = column("bool", required=True, default=0)
    timezone: str | None = column("timezone", "The time zone that the due time is meant in")
    status: str = column(
        "enum", "open, done or cancelled", required=True, values=FOLLOWUP_STATUS, default="open", settable=False
    )
    priority: str = column("enum", "How urgent it is", required=True, values=PRIORITY, default="normal")
    owner_id: int | None = column("ref", "Who does it: a user name, or me", to="user_account")
    interaction_id: int | None = column("ref", to="interaction")
    closing_interaction_id: int | None = column("ref", to="interaction")
    snooze_count: int = column("integer", required=True, default=0)
    first_due_at: datetime = column("time", required=True)
    closed_at: datetime | None = column("time")
    outcome_note: str | None = column("long")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")
    recurrence: str | None = column("text", length=200)
    recurs_from: str | None = column("enum", values=RECURS_FROM)
    workdays: str | None = column("text", length=20)
    series: str | None = column("uid")
    occurs_on: str | None = column("day")
    deal_id: int | None = column("ref", "The deal that it is about", to="deal")
    order_id: int | None = column("ref", "The order that it is about: its id or number", to="sales_order")
    case_id: int | None = column("ref", to="support_case")

    __table_args__ = (
        one_owner(),
        index("ux_followup_uid", "uid", unique=True),
        index("ix_followup_mine", "owner_id", "priority", "due_at", "id", where=OPEN),
        index("ix_followup_all", "priority", "due_at", "id", where=OPEN),
        index("ix_followup_mine_due", "owner_id", "due_at", "id", where=OPEN),
        index("ix_followup_due", "due_at", "id", where="deleted_at is null"),
        index("ix_followup_contact", "contact_id", "due_at", "id", where=OPEN),
        index("ix_followup_company", "company_id", "due_at", "id", where=OPEN),
        index("ix_followup_contact_all", "contact_id"),
        index("ix_followup_company_all", "company_id"),
        index("ix_followup_interaction", "interaction_id", where="interaction_id is not null"),
        index("ix_followup_series", "series", "id", where="series is not null"),
        index("ix_followup_deal", "deal_id", "due_at", where="deal_id is not null"),
        index("ix_followup_order", "order_id", "due_at", where="order_id is not null"),
        index("ix_followup_case", "case_id", "due_at", where="case_id is not null"),
        index("ix_followup_closing", "closing_interaction_id", where="closing_interaction_id is not null"),
    )
