"""What came from other programs: runs of an import, saved column mappings, and what was seen before."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import OF_COMPANY, column, index, one_owner, primary_key


class ImportRun(SQLModel, table=True):
    """What one operation took in. An import in several transactions is several of them, with one `run`.

    The operation's changes tell which values came from it, so that every value remembers its source.
    """

    __tablename__ = "import_run"

    id: int | None = primary_key()
    run: str = column("uid", required=True)
    operation_id: int = column("ref", required=True, to="operation")
    format: str = column("text", required=True, length=60)
    name: str = column("text", required=True)
    started_at: datetime = column("time", required=True)
    total: int = column("integer", required=True, default=0)
    created: int = column("integer", required=True, default=0)
    updated: int = column("integer", required=True, default=0)
    unchanged: int = column("integer", required=True, default=0)
    skipped: int = column("integer", required=True, default=0)
    rejected: int = column("integer", required=True, default=0)

    __table_args__ = (
        index("ix_import_run_operation", "operation_id"),
        index("ix_import_run_run", "run"),
    )


class ImportMap(SQLModel, table=True):
    """A column mapping that was saved under a name, for imports that run every night."""

    __tablename__ = "import_map"

    id: int | None = primary_key()
    name: str = column("text", required=True, length=100)
    format: str = column("text", required=True, length=60)
    mapping: str = column("json", required=True)
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)

    __table_args__ = (index("ux_import_map_name", "name", unique=True),)


class SourceRecord(SQLModel, table=True):
    """A record of a source that was taken in, by its digest: when it comes again unchanged there is nothing to do.

    It saves work and is no record itself: losing it costs time, not truth. It is neither journalled nor exported.
    """

    __tablename__ = "source_record"

    id: int | None = primary_key()
    digest: str = column("text", required=True, length=24)
    operation_id: int = column("ref", required=True, to="operation")

    __table_args__ = (
        index("ux_source_record_digest", "digest", unique=True),
        index("ix_source_record_operation", "operation_id"),
    )


class ExtraProperty(SQLModel, table=True):
    """A property of a vCard that has no place of its own here, kept word for word until it is exported again."""

    __tablename__ = "extra_property"

    id: int | None = primary_key()
    contact_id: int | None = column("ref", to="contact")
    company_id: int | None = column("ref", to="company")
    name: str = column("text", required=True, length=200)
    line: str = column("long", required=True)

    __table_args__ = (
        one_owner(),
        index("ix_extra_property_contact", "contact_id"),
        index("ix_extra_property_company", "company_id", where=OF_COMPANY),
    )
