"""How a table is declared: column helpers that carry, beside the SQL type, what every other floor needs to know.

`column(kind, help)` gives an SQLModel field whose `info` names its kind (how it is parsed, checked and shown), whether
a person may set it, and its closed list of values. `crmcli.model.compile` turns that into plain data for run time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, Integer, MetaData, Text, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import REAL, TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

# Every constraint has a name, so that a migration can change it on both databases.
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# One byte order for both databases, so that pages by key and sorted lists agree.
TEXT: TypeEngine[Any] = Text().with_variant(Text(collation="C"), "postgresql")
INTEGER: TypeEngine[Any] = BigInteger().with_variant(Integer(), "sqlite")
FLOAT: TypeEngine[Any] = REAL()


class UtcText(TypeDecorator[datetime]):
    """An instant, stored as the fixed-width text `2026-11-21T14:00:00Z` on both databases.

    Text in this form sorts as time does, is the same in both databases and in every export, and needs no conversion
    between the database and what scripts read. Python sees an aware UTC `datetime`.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The text type of the given database."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """A stored text for an aware datetime."""
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """An aware UTC datetime for a stored text."""
        return None if value is None else datetime.fromisoformat(cast(str, value))


LENGTHS = {
    "long": 10_000_000,
    "json": 100_000_000,
    "email": 320,
    "language": 35,
    "timezone": 64,
    "currency": 3,
    "country": 2,
    "uid": 36,
    "birth": 10,
    "day": 10,
    "digest": 0,
}


def column(
    kind: str,
    help: str = "",
    *,
    required: bool = False,
    length: int = 0,
    values: Sequence[str] = (),
    default: Any = None,
    to: str = "",
    derived: bool = False,
    settable: bool = True,
) -> Any:
    """A field of a table.

    Args:
        kind: text, long, email, enum, time, day, birth, language, timezone, currency, country, bool, integer, real,
            money (minor units of the row's `currency`), percent (0 to 100), json, uid, ref, digest (hexadecimal, made
            by the program alone).
        help: one line for option help and the data model page; a column without help is not offered to people.
        required: NOT NULL.
        length: the longest text, in characters; by default what the kind says, else 500.
        values: the closed list of an enum.
        default: the value of a row that does not say.
        to: the table that a `ref` points to.
        derived: computed by the store from other columns; neither journalled nor exported.
        settable: whether a person may set it.
    """
    sql_type: Any = TEXT
    if kind in ("bool", "integer", "money", "percent", "ref"):
        sql_type = INTEGER
    elif kind == "real":
        sql_type = FLOAT
    elif kind == "time":
        sql_type = UtcText()
    info = {
        "kind": kind,
        "help": help,
        "values": tuple(values),
        "to": to,
        "derived": derived,
        "settable": settable and not derived and bool(help),
        "length": 0 if sql_type is not TEXT or kind in ("enum", "digest") else length or LENGTHS.get(kind, 500),
        "default": default,
    }
    keys = [ForeignKey(f"{to}.id")] if to else []
    server_default = None if default is None else text(repr(default))
    sa_column: Any = Column(sql_type, *keys, nullable=not required, server_default=server_default, info=info)
    return Field(default=default, sa_column=sa_column)


def primary_key() -> Any:
    """The integer key of a table: short, stable, never used twice."""
    return Field(default=None, sa_column=Column(INTEGER, Identity(), primary_key=True, info={"kind": "key"}))


def uid() -> Any:
    """The UUIDv7 that travels in exports, so that a later import knows the record again."""
    return column("uid", required=True)


def finish(tables: MetaData) -> None:
    """Give every table the constraints that its columns' kinds imply, and in SQLite strict types and keys used once."""
    for table in tables.tables.values():
        for entry in list(table.columns):
            rule = _rule(entry)
            if rule:
                table.append_constraint(CheckConstraint(rule, name=entry.name))
        options = table.dialect_options["sqlite"]
        options["strict"] = True
        options["autoincrement"] = [key.name for key in table.primary_key] == ["id"]


def _rule(entry: Column[Any]) -> str:
    info, name = entry.info, entry.name
    if info["kind"] == "enum":
        return f"{name} in ({', '.join(repr(value) for value in info['values'])})"
    if info["kind"] == "bool":
        return f"{name} in (0, 1)"
    if info["kind"] == "percent":
        return f"{name} between 0 and 100"
    if info["kind"] == "time":
        return f"length({name}) = 20 and {name} like '____-__-__T__:__:__Z'"
    if info.get("length"):
        return f"length({name}) <= {info['length']}"
    return ""


def index(name: str, *parts: str, where: str = "", unique: bool = False) -> Index:
    """An index over columns or expressions, partial when `where` is given; the same on both databases."""
    condition: Any = text(where) if where else None
    return Index(
        name, *[text(part) for part in parts], unique=unique, sqlite_where=condition, postgresql_where=condition
    )


OF_COMPANY = "company_id is not null"
"""Most rows that may belong to either belong to a contact: an index by company has no place for those."""
ONE_OWNER = "(contact_id is null) <> (company_id is null)"


def one_owner() -> CheckConstraint:
    """The rule of every child row: it belongs to one contact or to one company, never to both."""
    return CheckConstraint(ONE_OWNER, name="one_owner")
