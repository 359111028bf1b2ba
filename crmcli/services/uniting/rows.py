"""What becomes of the rows of a record that is merged: they are moved, or become one with those that are there."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmcli.services.children import PARTS
from crmcli.store.connection import Row
from crmcli.store.description import Column
from crmcli.store.merges import Links, references
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

# Of each table that refers to contacts and companies, by the column that does: the columns by which two rows of one
# record say the same. They become one; all others are moved. A table without such columns is only moved.
_CHILDREN: Mapping[str, tuple[str, ...]] = {
    "address": PARTS,
    "cadence": (),
    "custom_value": ("field_id",),
    "deal": (),
    "email": ("value_key",),
    "external_id": (),
    "extra_property": ("name", "line"),
    "followup": (),
    "phone": ("digits",),
    "preference": ("key",),
    "sales_order": (),
    "support_case": (),
    "tagging": ("tag_id",),
    "url": ("value",),
}
SAME: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{(table, f"{noun}_id"): columns for table, columns in _CHILDREN.items() for noun in PARTIES},
    ("consent", "contact_id"): ("purpose", "channel"),
    ("deal_contact", "contact_id"): ("deal_id",),
    ("employment", "contact_id"): ("company_id",),
    ("participant", "contact_id"): ("interaction_id",),
    ("company", "parent_id"): (),
    ("company_domain", "company_id"): ("domain",),
    ("employment", "company_id"): ("contact_id",),
    ("participant", "company_id"): ("interaction_id", "contact_id"),
}
# Values that mean something where they are missing: who has no last day still works there.
TELLING_WHEN_EMPTY = {("employment", "ended_on")}
FLAGS = ("opted_out", "invalid")
# A refusal (what was withdrawn is one) beats consent, and what was said beats what nobody knows.
STRICTEST = ("denied", "granted", "pending", "unknown")
CONSENT = ("state", "legal_basis", "source", "at")
# Where two values differ, one is chosen as that of a field is.
CHOSEN = {"custom_value": "custom", "preference": "preferences"}

Choose = Callable[[str, Row, Row], Any]
"""Given the table and two rows, the kept record's first: the value that the one row gets."""


def unite(gate: "Gate", links: Links, kept: int, other: int, choose: Choose) -> Counter[str]:
    """Let all rows that refer to `other` refer to `kept`; returns how many there were, by table."""
    moved: Counter[str] = Counter()
    for table, column in references(links.noun):
        rows = [row for row in links.rows(table, column, other) if (table, row["id"]) != (links.noun, kept)]
        moved[table] += len(rows)
        identity = SAME.get((table, column), ())
        mine = {_identity(row, identity): row for row in links.rows(table, column, kept)} if identity else {}
        for row in rows:
            known = mine.get(_identity(row, identity))
            if known is None:
                _move(gate, links, table, column, row, kept)
            else:
                gate.delete(table, row["id"])
                links.drop(table, column, row)
                _complete(gate, table, column, known, row, choose)
            if table == "employment" and column == "company_id":
                gate.touch("contact", row["contact_id"])
    return moved


def _identity(row: Row, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns)


def _is_owned(table: str, column: str) -> bool:
    """Whether the record is the owner of such rows: a place of work is the person's, and so is its order."""
    return (table, column) != ("employment", "company_id")


def _move(gate: "Gate", links: Links, table: str, column: str, row: Row, kept: int) -> None:
    values = {column: kept}
    if row.get("is_primary") and _is_owned(table, column):
        values["is_primary"] = int(not any(one["is_primary"] for one in links.rows(table, column, kept)))
    gate.update(table, row["id"], values)
    links.move(table, column, {**row, **values, column: row[column]}, kept)


def _complete(gate: "Gate", table: str, column: str, known: Row, row: Row, choose: Choose) -> None:
    """Put into the kept row what the one that goes says more."""
    values: dict[str, Any] = {}
    if table == "consent":
        if _is_stricter(row, known):
            values = {name: row[name] for name in CONSENT}
    elif table in CHOSEN:
        values = {"value": choose(table, known, row)}
    else:
        for name, entry in TABLES[table].columns.items():
            if _may_be_filled(table, entry) and known[name] is None and name != column:
                values[name] = row[name]
        values |= {name: max(known[name], row[name]) for name in FLAGS if name in known}
    if not _is_owned(table, column) and row["is_primary"]:
        values["is_primary"] = 1
    gate.update(table, known["id"], values)
    known.update(values)


def _may_be_filled(table: str, column: Column) -> bool:
    return column.kind != "key" and not column.derived and (table, column.name) not in TELLING_WHEN_EMPTY


def _is_stricter(row: Row, known: Row) -> bool:
    """Whether a row's consent wins: a refusal over all else, of two refusals the later one."""
    one, other = (STRICTEST.index("denied" if each["state"] == "withdrawn" else each["state"]) for each in (row, known))
    return one < other or (one == other and bool(row["at"] > known["at"]))
