"""Organisations, and who works where."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import LIFECYCLE_STAGE


class Company(SQLModel, table=True):
    """An organisation that people work for and that buys."""

    __tablename__ = "company"

    id: int | None = primary_key()
    uid: str = uid()
    name: str = column("text", "Name, as it is shown", required=True, settable=False)
    legal_name: str | None = column("text", "Registered name")
    industry: str | None = column("text", "Industry")
    employee_count: int | None = column("integer", "Number of employees")
    preferred_language: str | None = column("language", "Language (BCP 47), such as en-GB")
    timezone: str | None = column("timezone", "Time zone (IANA), such as Europe/London")
    currency: str | None = column("currency", "Currency (ISO 4217), such as EUR")
    parent_id: int | None = column("ref", "The company that owns this one", to="company")
    lifecycle_stage: str | None = column("enum", "Where in the life cycle", values=LIFECYCLE_STAGE)
    owner_id: int | None = column("ref", "Who looks after the company: a user name, or me", to="user_account")
    do_not_contact: int = column("bool", "Never contact this company", required=True, default=0)
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
        index("ux_company_uid", "uid", unique=True),
        index("ix_company_name_key", "name_key"),
        index("ix_company_page", "sort_key", "id", where="deleted_at is null"),
        index("ix_company_last_inbound", "last_inbound_at", "id", where="deleted_at is null"),
        index("ix_company_last_outbound", "last_outbound_at", "id", where="deleted_at is null"),
        # The whole market is counted by this index alone.
        index(
            "ix_company_market",
            "lifecycle_stage",
            "order_count",
            "last_order_on",
            "first_order_on",
            "last_inbound_at",
            "last_outbound_at",
            "owner_id",
            where="deleted_at is null",
        ),
        index("ix_company_created", "created_at", "id", where="deleted_at is null"),
        index("ix_company_updated", "updated_at", "id", where="deleted_at is null"),
        index("ix_company_owner", "owner_id", "sort_key", "id", where="owner_id is not null and deleted_at is null"),
        index("ix_company_parent", "parent_id"),
    )


class CompanyDomain(SQLModel, table=True):
    """An internet domain of a company; mail addresses in it link people to the company."""

    __tablename__ = "company_domain"

    id: int | None = primary_key()
    company_id: int = column("ref", required=True, to="company")
    domain: str = column("text", required=True, length=253)
    is_primary: int = column("bool", required=True, default=0)

    __table_args__ = (
        index("ix_company_domain_company", "company_id"),
        index("ix_company_domain_domain", "domain"),
    )


class Employment(SQLModel, table=True):
    """A contact's place in a company: several at a time are fine, one of them the primary one."""

    __tablename__ = "employment"

    id: int | None = primary_key()
    contact_id: int = column("ref", required=True, to="contact")
    company_id: int = column("ref", required=True, to="company")
    role: str | None = column("text")
    started_on: str | None = column("day")
    ended_on: str | None = column("day")
    is_primary: int = column("bool", required=True, default=0)

    __table_args__ = (
        index("ux_employment_contact", "contact_id", "company_id", unique=True),
        index("ix_employment_company", "company_id", "contact_id"),
    )
