"""What went wrong or was asked, until it is solved."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import CASE_STATUS, CASE_TYPE, CHANNEL, PRIORITY

OPEN = "status in ('new', 'open', 'pending') and deleted_at is null"


class SupportCase(SQLModel, table=True):
    """A question, a fault, a request or a complaint of a customer.

    `response_due_at` and `resolution_due_at` are the targets by the business hours of when it was opened, moved on by
    the time that it was pending; `first_response_at` is when we first answered.
    """

    __tablename__ = "support_case"

    id: int | None = primary_key()
    uid: str = uid()
    subject: str = column("text", "What it is about, in a line", required=True, length=1000)
    description: str | None = column("long", "What happened, Markdown")
    contact_id: int | None = column("ref", "The person who asks", to="contact")
    company_id: int | None = column("ref", "The company that asks", to="company")
    status: str = column("enum", "How far it is", required=True, values=CASE_STATUS, default="new", settable=False)
    priority: str = column("enum", "How urgent it is", required=True, values=PRIORITY, default="normal")
    type: str | None = column("enum", "What kind it is", values=CASE_TYPE)
    channel: str | None = column("enum", "How it came", values=CHANNEL)
    product_id: int | None = column("ref", "The product that it is about", to="product")
    order_id: int | None = column("ref", "The order that it is about", to="sales_order")
    owner_id: int | None = column("ref", "Who works on it: a user name, or me", to="user_account")
    opened_at: datetime = column("time", required=True)
    first_response_at: datetime | None = column("time")
    response_due_at: datetime | None = column("time")
    resolution_due_at: datetime | None = column("time")
    resolved_at: datetime | None = column("time")
    closed_at: datetime | None = column("time")
    resolution: str | None = column("long", "How it was solved, Markdown")
    reopen_count: int = column("integer", required=True, default=0)
    satisfaction: int | None = column("integer", "How satisfied the customer was, 1 to 5", settable=False)
    external: str | None = column("text", length=700)
    custom: str | None = column("json")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        index("ux_support_case_uid", "uid", unique=True),
        index("ux_support_case_external", "external", unique=True, where="external is not null"),
        index("ix_support_case_contact", "contact_id", "opened_at"),
        index("ix_support_case_company", "company_id", "opened_at"),
        index("ix_support_case_open", "owner_id", "resolution_due_at", "id", where=OPEN),
        index("ix_support_case_response", "response_due_at", "id", where=f"first_response_at is null and {OPEN}"),
        index("ix_support_case_resolution", "resolution_due_at", "id", where=OPEN),
        index("ix_support_case_resolved", "resolved_at", "id", where="resolved_at is not null and deleted_at is null"),
        index("ix_support_case_opened", "opened_at", "id", where="deleted_at is null"),
        index("ix_support_case_product", "product_id", where="product_id is not null"),
        index("ix_support_case_order", "order_id", where="order_id is not null"),
    )


class CaseStatus(SQLModel, table=True):
    """A time that a case was in a status; the last one has no end."""

    __tablename__ = "case_status"

    id: int | None = primary_key()
    case_id: int = column("ref", required=True, to="support_case")
    status: str = column("enum", required=True, values=CASE_STATUS)
    entered_at: datetime = column("time", required=True)
    left_at: datetime | None = column("time")

    __table_args__ = (index("ix_case_status_case", "case_id", "entered_at"),)
