"""How to reach a contact or a company: e-mail addresses, phones, postal addresses, links, and what they agreed to."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import OF_COMPANY, column, index, one_owner, primary_key
from crmcli.model.enums import CHANNEL, CONSENT_STATE, LEGAL_BASIS


class Email(SQLModel, table=True):
    """An e-mail address, kept as written; `invalid` marks one that mail cannot reach."""

    __tablename__ = "email"

    id: int | None = primary_key()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    value: str = column("email", required=True)
    label: str | None = column("text", length=100)
    is_primary: int = column("bool", required=True, default=0)
    opted_out: int = column("bool", required=True, default=0)
    invalid: int = column("bool", required=True, default=0)
    value_key: str = column("text", required=True, length=1300, derived=True)
    domain: str = column("text", required=True, length=1300, derived=True)

    __table_args__ = (
        one_owner(),
        index("ix_email_contact", "contact_id"),
        index("ix_email_company", "company_id", where=OF_COMPANY),
        index("ix_email_value_key", "value_key"),
        index("ix_email_domain", "domain", "contact_id"),
    )


class Phone(SQLModel, table=True):
    """A phone number: `raw` as it was written, `e164` when it could be understood."""

    __tablename__ = "phone"

    id: int | None = primary_key()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    raw: str = column("text", required=True, length=100)
    e164: str | None = column("text", length=20)
    label: str | None = column("text", length=100)
    is_primary: int = column("bool", required=True, default=0)
    opted_out: int = column("bool", required=True, default=0)
    digits: str = column("text", required=True, length=100, derived=True)

    __table_args__ = (
        one_owner(),
        index("ix_phone_contact", "contact_id"),
        index("ix_phone_company", "company_id", where=OF_COMPANY),
        index("ix_phone_e164", "e164"),
        index("ix_phone_digits", "digits"),
    )


class Address(SQLModel, table=True):
    """A postal address, in the parts that vCard names."""

    __tablename__ = "address"

    id: int | None = primary_key()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    street_address: str | None = column("text")
    extended_address: str | None = column("text")
    post_office_box: str | None = column("text", length=100)
    locality: str | None = column("text", length=200)
    region: str | None = column("text", length=200)
    postal_code: str | None = column("text", length=40)
    country_code: str | None = column("country")
    label: str | None = column("text", length=100)
    is_primary: int = column("bool", required=True, default=0)

    __table_args__ = (
        one_owner(),
        index("ix_address_contact", "contact_id"),
        index("ix_address_company", "company_id", where=OF_COMPANY),
    )


class Url(SQLModel, table=True):
    """A link: a web site, a profile."""

    __tablename__ = "url"

    id: int | None = primary_key()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    value: str = column("text", required=True, length=2000)
    label: str | None = column("text", length=100)
    is_primary: int = column("bool", required=True, default=0)

    __table_args__ = (
        one_owner(),
        index("ix_url_contact", "contact_id"),
        index("ix_url_company", "company_id", where=OF_COMPANY),
    )


class Consent(SQLModel, table=True):
    """What a person agreed to, per purpose and channel; `channel` is empty when it holds for all of them."""

    __tablename__ = "consent"

    id: int | None = primary_key()
    contact_id: int = column("ref", required=True, to="contact")
    purpose: str = column("text", required=True, length=100)
    channel: str | None = column("enum", values=CHANNEL)
    state: str = column("enum", required=True, values=CONSENT_STATE)
    legal_basis: str | None = column("enum", values=LEGAL_BASIS)
    source: str | None = column("text")
    at: datetime = column("time", required=True)

    __table_args__ = (index("ix_consent_contact", "contact_id", "purpose"),)
