"""People."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import LEAD_STATUS, LIFECYCLE_STAGE


class Contact(SQLModel, table=True):
    """A person. A name is whatever its owner writes: one field is enough, and no script is assumed."""

    __tablename__ = "contact"

    id: int | None = primary_key()
    uid: str = uid()
    display_name: str = column("text", "Full name, as it is shown", required=True, settable=False)
    honorific_prefix: str | None = column("text", "Title before the name, such as Dr", length=100)
    given_name: str | None = column("text", "Given (first) name", length=200)
    additional_name: str | None = column("text", "Middle or further names", length=200)
    family_name: str | None = column("text", "Family (last) name", length=200)
    honorific_suffix: str | None = column("text", "Suffix after the name, such as Jr", length=100)
    nickname: str | None = column("text", "What friends say", length=200)
    phonetic_given_name: str | None = column("text", "How the given name is read", length=200)
    phonetic_family_name: str | None = column("text", "How the family name is read", length=200)
    job_title: str | None = column("text", "Job title")
    department: str | None = column("text", "Department")
    birth_date: str | None = column("birth", "Birthday: 1990-05-12, or --05-12 without the year")
    preferred_language: str | None = column("language", "Language (BCP 47), such as en-GB")
    timezone: str | None = column("timezone", "Time zone (IANA), such as Europe/London")
    currency: str | None = column("currency", "Currency (ISO 4217), such as EUR")
    lifecycle_stage: str | None = column("enum", "Where in the life cycle", values=LIFECYCLE_STAGE)
    lead_status: str | None = column("enum", "State of work on a lead", values=LEAD_STATUS)
    lead_source: str | None = column("text", "Where the contact came from")
    owner_id: int | None = column("ref", "Who looks after the contact: a user name, or me", to="user_account")
    do_not_contact: int = column("bool", "Never contact this person", required=True, default=0)
    notes: str | None = column("long", "Free text, Markdown")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")
    name_key: str = column("text", required=True, length=2000, derived=True)
    sort_key: str = column("text", required=True, length=2000, derived=True)
    last_inbound_at: datetime | None = column("time", derived=True)
    last_outbound_at: datetime | None = column("time", derived=True)
    order_count: int = column("integer", required=True, default=0, derived=True)
    first_order_on: str | None = column("day", derived=True)
    last_order_on: str | None = column("day", derived=True)

    __table_args__ = (
        index("ux_contact_uid", "uid", unique=True),
        index("ix_contact_name_key", "name_key"),
        index("ix_contact_page", "sort_key", "id", where="deleted_at is null"),
        index("ix_contact_last_inbound", "last_inbound_at", "id", where="deleted_at is null"),
        index("ix_contact_last_outbound", "last_outbound_at", "id", where="deleted_at is null"),
        # The whole market is counted by this index alone.
        index(
            "ix_contact_market",
            "lifecycle_stage",
            "order_count",
            "last_order_on",
            "first_order_on",
            "last_inbound_at",
            "last_outbound_at",
            "owner_id",
            "lead_status",
            where="deleted_at is null",
        ),
        index("ix_contact_created", "created_at", "id", where="deleted_at is null"),
        index("ix_contact_updated", "updated_at", "id", where="deleted_at is null"),
        index(
            "ix_contact_birthday",
            "substr(birth_date, length(birth_date) - 4)",
            "owner_id",
            where="birth_date is not null and deleted_at is null",
        ),
        index("ix_contact_owner", "owner_id", "sort_key", "id", where="owner_id is not null and deleted_at is null"),
        index(
            "ix_contact_stage",
            "lifecycle_stage",
            "sort_key",
            "id",
            where="lifecycle_stage is not null and deleted_at is null",
        ),
        index("ix_contact_lead", "lead_status", "id", where="lead_status is not null and deleted_at is null"),
    )
