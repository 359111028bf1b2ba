"""What a team adds of its own: tags, custom fields, preferences, and the keys that other systems know a record by."""

from sqlmodel import SQLModel

from crmcli.model.base import OF_COMPANY, column, index, one_owner, primary_key
from crmcli.model.enums import FIELD_TYPE


class Tag(SQLModel, table=True):
    """A word to group records by."""

    __tablename__ = "tag"

    id: int | None = primary_key()
    name: str = column("text", required=True, length=100)
    name_key: str = column("text", required=True, length=400, derived=True)

    __table_args__ = (index("ux_tag_name_key", "name_key", unique=True),)


class Tagging(SQLModel, table=True):
    """A tag on a record."""

    __tablename__ = "tagging"

    id: int | None = primary_key()
    tag_id: int = column("ref", required=True, to="tag")
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")

    __table_args__ = (
        one_owner(),
        index("ix_tagging_contact", "contact_id", "tag_id"),
        index("ix_tagging_company", "company_id", "tag_id", where=OF_COMPANY),
        index("ix_tagging_tag", "tag_id", "contact_id"),
    )


class CustomField(SQLModel, table=True):
    """A field that the team declared; undeclared keys become text fields when they are first set."""

    __tablename__ = "custom_field"

    id: int | None = primary_key()
    name: str = column("text", required=True, length=60)
    type: str = column("enum", "What values look like", required=True, values=FIELD_TYPE, default="text")
    choices: str | None = column("text", length=5000)
    description: str | None = column("text", "What the field means")

    __table_args__ = (index("ux_custom_field_name", "name", unique=True),)


class CustomValue(SQLModel, table=True):
    """The value of a custom field on a record."""

    __tablename__ = "custom_value"

    id: int | None = primary_key()
    field_id: int = column("ref", required=True, to="custom_field")
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    value: str = column("text", required=True, length=100_000)
    number: float | None = column("real", derived=True)

    __table_args__ = (
        one_owner(),
        index("ix_custom_value_contact", "contact_id", "field_id"),
        index("ix_custom_value_company", "company_id", "field_id", where=OF_COMPANY),
        index("ix_custom_value_field", "field_id", "contact_id"),
    )


class Preference(SQLModel, table=True):
    """How a person likes things: `channel=email`, `coffee=black`."""

    __tablename__ = "preference"

    id: int | None = primary_key()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    key: str = column("text", required=True, length=60)
    value: str = column("text", required=True, length=5000)

    __table_args__ = (
        one_owner(),
        index("ix_preference_contact", "contact_id", "key"),
        index("ix_preference_company", "company_id", "key", where=OF_COMPANY),
    )


class ExternalId(SQLModel, table=True):
    """The key by which another system knows a record: `hubspot:1234`."""

    __tablename__ = "external_id"

    id: int | None = primary_key()
    source: str = column("text", required=True, length=60)
    key: str = column("text", required=True, length=300)
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")

    __table_args__ = (
        one_owner(),
        index("ux_external_id_source", "source", "key", unique=True),
        index("ix_external_id_contact", "contact_id"),
        index("ix_external_id_company", "company_id", where=OF_COMPANY),
    )
