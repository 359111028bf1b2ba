"""Rules that hold for every table: what the database itself must be able to check."""

import re

import pytest
from sqlalchemy import CheckConstraint, Table

from crmcli.model import enums
from crmcli.model.tables import metadata

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


@pytest.mark.parametrize("table", TABLES)
def test_every_constraint_has_a_name(table: Table) -> None:
    """A migration can only change what it can name."""
    assert all(constraint.name for constraint in table.constraints)
    assert all(index.name for index in table.indexes)


@pytest.mark.parametrize("table", TABLES)
def test_every_text_is_bounded_and_every_value_checked(table: Table) -> None:
    checked = {
        str(check.name).removeprefix(f"ck_{table.name}_")
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    for column in table.columns:
        if column.info["kind"] not in ("key", "ref", "integer", "money", "real", "digest"):
            assert column.name in checked, f"{table.name}.{column.name}"


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_is_indexed(table: Table) -> None:
    """Otherwise following it backwards, or deleting what it points to, reads the whole table.

    The databases check a foreign key by an index of all rows, or of all that refer to something.
    """
    leading = set()
    for index in table.indexes:
        name = re.split(r"\W", str(next(iter(index.expressions))))[0]
        condition = index.dialect_options["sqlite"]["where"]
        if condition is None or str(condition) == f"{name} is not null":
            leading.add(name)
    references = {column.name for column in table.columns if column.info["kind"] == "ref"}
    # Users are hardly ever removed, and nobody asks the journal for all that one of them did.
    assert references - {"user_id", "owner_id"} <= leading, table.name


@pytest.mark.parametrize(
    "table", [table for table in metadata.sorted_tables if "uid" in table.columns], ids=lambda table: table.name
)
def test_every_uid_is_unique(table: Table) -> None:
    assert [index.unique for index in table.indexes if str(index.name) == f"ux_{table.name}_uid"] == [True]


@pytest.mark.parametrize("name", [name for name in dir(enums) if name.isupper()])
def test_enum_values_are_plain_words(name: str) -> None:
    values = getattr(enums, name)
    assert isinstance(values, tuple)
    assert len(set(values)) == len(values)
    assert all(re.fullmatch(r"[a-z][a-z_]*", value) for value in values)


def test_what_people_see_is_explained() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("settable"):
                assert column.info["help"], f"{table.name}.{column.name}"
                assert not column.info["help"].endswith(".")
