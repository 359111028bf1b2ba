"""Contacts that happened: calls, mail, meetings, in both directions."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import CHANNEL, DIRECTION, OUTCOME

TIMELINE = ("occurred_at", "direction", "interaction_id", "deleted_at")


class Interaction(SQLModel, table=True):
    """One contact with a customer, inbound or outbound, or an internal note about one."""

    __tablename__ = "interaction"

    id: int | None = primary_key()
    uid: str = uid()
    direction: str = column("enum", "Who began it", required=True, values=DIRECTION)
    channel: str = column("enum", "How it happened", required=True, values=CHANNEL)
    occurred_at: datetime = column("time", "When it happened", required=True)
    duration: int | None = column("integer", "How long it took: 30m, 1h15m")
    subject: str | None = column("text", "Subject line", length=1000)
    body: str | None = column("long", "What was said, Markdown")
    outcome: str | None = column("enum", "What came of it", values=OUTCOME)
    satisfaction: int | None = column("integer", "How satisfied the customer was, 1 to 5")
    message_id: str | None = column("text", length=1000)
    user_id: int | None = column("ref", to="user_account")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")
    deal_id: int | None = column("ref", "The deal that it was about", to="deal")
    order_id: int | None = column("ref", "The order that it was about: its id or number", to="sales_order")
    case_id: int | None = column("ref", to="support_case")

    __table_args__ = (
        index("ux_interaction_uid", "uid", unique=True),
        # The direction stands in it, so that the contacts of a week are counted by the index alone.
        index("ix_interaction_time", "occurred_at", "id", "direction", where="deleted_at is null"),
        index("ix_interaction_user", "user_id", "occurred_at", "direction", where="deleted_at is null"),
        index("ix_interaction_message", "message_id", where="message_id is not null"),
        index("ix_interaction_deal", "deal_id", "occurred_at", where="deal_id is not null"),
        index("ix_interaction_order", "order_id", "occurred_at", where="order_id is not null"),
        index("ix_interaction_case", "case_id", "occurred_at", where="case_id is not null"),
    )


class Participant(SQLModel, table=True):
    """Who took part.

    `occurred_at`, `direction` and `deleted_at` repeat the interaction's, so that a timeline and the counts of a year
    are ranges of one index, however busy the customer.

    `company_id` is the company in whose name the contact took part, or the company itself when no person is known.
    """

    __tablename__ = "participant"

    id: int | None = primary_key()
    interaction_id: int = column("ref", required=True, to="interaction")
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    occurred_at: datetime = column("time", required=True)
    direction: str = column("enum", required=True, values=DIRECTION)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        index("ix_participant_interaction", "interaction_id"),
        # Whole, since a foreign key is only followed backwards through an index of all rows.
        index("ix_participant_contact_time", "contact_id", *TIMELINE),
        index("ix_participant_company_time", "company_id", *TIMELINE),
    )
