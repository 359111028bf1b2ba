"""Reads of contacts and companies with all that belongs to them, a query per kind of child for a whole page."""

from collections.abc import Collection, Sequence
from typing import Any

from crmcli.kernel.ids import ref
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES
from crmcli.store.store import Store

# Columns of the record itself that are shown under their own names.
HIDDEN = ("id", "name_key", "sort_key", "owner_id", "parent_id")
PLAIN = {
    noun: [column.name for column in TABLES[noun].columns.values() if column.name not in HIDDEN] for noun in PARTIES
}
FLAGS = ("is_primary", "opted_out", "invalid")
CHILDREN = {
    "emails": ("email", ("value", "label", "is_primary", "opted_out", "invalid")),
    "phones": ("phone", ("e164", "raw", "label", "is_primary", "opted_out")),
    "addresses": (
        "address",
        (
            "street_address",
            "extended_address",
            "post_office_box",
            "locality",
            "region",
            "postal_code",
            "country_code",
            "label",
            "is_primary",
        ),
    ),
    "urls": ("url", ("value", "label", "is_primary")),
}


def records(store: Store, noun: str, rows: Sequence[Row], parts: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The records of `rows`, in their order, with children and names filled in.

    Args:
        store: the store.
        noun: contact or company.
        rows: rows of the noun's table with at least the columns that `columns` names.
        parts: the keys of a record that are wanted beside its id and name; None for all.
    """
    if not rows:
        return []
    keys = [row["id"] for row in rows]
    owners = _owners(store, rows)
    names = [name for name in rows[0] if name not in HIDDEN]
    found = {row["id"]: _plain(noun, row, names, owners) for row in rows}
    wanted = ALL_PARTS if parts is None else parts
    for name, (table, columns) in CHILDREN.items():
        if name in wanted:
            _add_children(store, noun, keys, found, (name, table, columns))
    for name, add in _ADDED.items():
        if name in wanted and name in found[keys[0]]:
            add(store, noun, keys, found)
    if noun == "company" and "parent" in wanted:
        _add_parents(store, rows, found)
    return list(found.values())


def _add_children(
    store: Store,
    noun: str,
    keys: Sequence[int],
    found: dict[int, dict[str, Any]],
    child: tuple[str, str, Sequence[str]],
) -> None:
    name, table, columns = child
    sql = f"SELECT {noun}_id, {', '.join(columns)} FROM {table} WHERE {noun}_id IN ({{}})"
    flags = [flag for flag in FLAGS if flag in columns]
    for row in _children(store, sql, keys, "is_primary DESC, id"):
        for flag in flags:
            row[flag] = row[flag] == 1
        found[row.pop(f"{noun}_id")][name].append(row)


def columns(noun: str, parts: Collection[str] | None) -> list[str]:
    """The columns that records with these parts are made of."""
    if parts is None:
        return ["id", "owner_id", *(["parent_id"] if noun == "company" else []), *PLAIN[noun]]
    references = [f"{name}_id" for name in ("owner", "parent") if name in parts]
    return ["id", *references, *(name for name in PLAIN[noun] if name in parts or name in ("display_name", "name"))]


def _plain(noun: str, row: Row, names: Sequence[str], owners: dict[int, str]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": ref(noun, row["id"])}
    record.update([(name, row[name]) for name in names])
    if "do_not_contact" in record:
        record["do_not_contact"] = bool(record["do_not_contact"])
    record["owner"] = owners.get(row.get("owner_id"))  # type: ignore[arg-type]
    if noun == "contact":
        record.update(companies=[], consents=[])
    else:
        record.update(domains=[], parent=None)
    record.update(emails=[], phones=[], addresses=[], urls=[], tags=[], preferences={}, custom={}, external_ids=[])
    return record


def _owners(store: Store, rows: Sequence[Row]) -> dict[int, str]:
    keys = sorted({row["owner_id"] for row in rows if row.get("owner_id") is not None})
    if not keys:
        return {}
    found = _children(store, "SELECT id, name FROM user_account WHERE id IN ({})", keys, "id")
    return {row["id"]: row["name"] for row in found}


def _children(store: Store, sql: str, keys: Sequence[int], order: str) -> list[Row]:
    """The rows of a query over many keys, in slices, since a statement takes only so many parameters."""
    found = []
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        found += store.rows(f"{sql.format(', '.join('?' * len(part)))} ORDER BY {order}", part)
    return found


def _add_companies(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    sql = (
        "SELECT e.contact_id, e.company_id AS id, c.name, e.role, e.is_primary, e.started_on, e.ended_on"
        " FROM employment e JOIN company c ON c.id = e.company_id WHERE e.contact_id IN ({}) AND c.deleted_at IS NULL"
    )
    for row in _children(store, sql, keys, "e.is_primary DESC, e.id"):
        contact = row.pop("contact_id")
        found[contact]["companies"].append(
            {**row, "id": ref("company", row["id"]), "is_primary": bool(row["is_primary"])}
        )


def _add_consents(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    names = ("purpose", "channel", "state", "legal_basis", "source", "at")
    for row in _children(store, "SELECT * FROM consent WHERE contact_id IN ({})", keys, "purpose, channel, id"):
        found[row["contact_id"]]["consents"].append({name: row[name] for name in names})


def _add_domains(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    for row in _children(store, "SELECT * FROM company_domain WHERE company_id IN ({})", keys, "is_primary DESC, id"):
        found[row["company_id"]]["domains"].append(row["domain"])


def _add_parents(store: Store, rows: Sequence[Row], found: dict[int, dict[str, Any]]) -> None:
    for row in rows:
        name = None
        if row["parent_id"] is not None:
            name = store.value("SELECT name FROM company WHERE id = ? AND deleted_at IS NULL", [row["parent_id"]])
        parent = None if name is None else {"id": ref("company", row["parent_id"]), "name": name}
        found[row["id"]]["parent"] = parent


def _add_tags(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    owner = f"{noun}_id"
    sql = f"SELECT g.{owner}, t.name FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.{owner} IN ({{}})"
    for row in _children(store, sql, keys, "t.name_key"):
        found[row[owner]]["tags"].append(row["name"])


def _add_preferences(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    owner = f"{noun}_id"
    for row in _children(store, f"SELECT * FROM preference WHERE {owner} IN ({{}})", keys, "key, id"):
        found[row[owner]]["preferences"][row["key"]] = row["value"]


def _add_custom(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    owner = f"{noun}_id"
    sql = f"SELECT v.{owner}, f.name, v.value FROM custom_value v JOIN custom_field f ON f.id = v.field_id"
    for row in _children(store, f"{sql} WHERE v.{owner} IN ({{}})", keys, "f.name"):
        found[row[owner]]["custom"][row["name"]] = row["value"]


def _add_external_ids(store: Store, noun: str, keys: Sequence[int], found: dict[int, dict[str, Any]]) -> None:
    owner = f"{noun}_id"
    for row in _children(store, f"SELECT * FROM external_id WHERE {owner} IN ({{}})", keys, "source, key"):
        found[row[owner]]["external_ids"].append(f"{row['source']}:{row['key']}")


_ADDED = {
    "companies": _add_companies,
    "consents": _add_consents,
    "domains": _add_domains,
    "tags": _add_tags,
    "preferences": _add_preferences,
    "custom": _add_custom,
    "external_ids": _add_external_ids,
}
ALL_PARTS = frozenset([*CHILDREN, *_ADDED, "parent"])
