"""How often somebody wants to be in touch, and with whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from crmcli.model.base import OF_COMPANY, column, index, primary_key, uid
from crmcli.model.enums import CHANNEL, PARTY


class Cadence(SQLModel, table=True):
    """The gap between contacts that is wanted, and the longest that is borne: with one customer, or all of a filter.

    When somebody is due follows from the logged contacts alone. A pause without `paused_until` lasts until it is ended.
    """

    __tablename__ = "cadence"

    id: int | None = primary_key()
    uid: str = uid()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    noun: str = column("enum", "contact or company: what the filter is about", required=True, values=PARTY)
    filter: str | None = column("text", "Whom it is about, in the language of filters", length=1000)
    ideal: str = column("text", "The gap that is wanted: 6w, 10d, 3m", required=True, length=20)
    maximum: str = column("text", "The longest gap that is borne", required=True, length=20)
    channel: str | None = column("enum", "Only contacts on this channel count", values=CHANNEL)
    owner_id: int | None = column("ref", "Who stays in touch: a user name, or me", to="user_account")
    paused_at: datetime | None = column("time")
    paused_until: datetime | None = column("time")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        CheckConstraint(
            "(case when contact_id is null then 0 else 1 end) + (case when company_id is null then 0 else 1 end)"
            " + (case when filter is null then 0 else 1 end) = 1",
            name="one_scope",
        ),
        index("ux_cadence_uid", "uid", unique=True),
        index("ix_cadence_contact", "contact_id", where="contact_id is not null"),
        index("ix_cadence_company", "company_id", where=OF_COMPANY),
    )
