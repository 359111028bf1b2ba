"""What travels of each kind of record: the values of the keys of JSON and of the columns of tables; see `keys`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crmcli.exporters import cells, deals, goods
from crmcli.exporters.base import Field, Record
from crmcli.exporters.keys import KEYS, NAMES
from crmcli.store.description import Column
from crmcli.store.schema import TABLES

_LISTS = (
    "emails",
    "phones",
    "addresses",
    "urls",
    "companies",
    "domains",
    "tags",
    "preferences",
    "consents",
    "external_ids",
    "extra",
)
_PLACE = ("uid", "name", "role", "is_primary", "started_on", "ended_on")
_PERSON = ("uid", "display_name", "name", "email")
_LINE = (
    *("line", "product_uid", "name", "sku", "quantity", "unit_price", "discount", "tax_rate", "tax", "amount"),
    *("shipped", "return_of", "returned_on"),
)
_PAYMENT = ("amount", "paid_on", "method", "reference")
_PRICE = ("currency", "amount", "from")
_PRODUCT = ("uid", "name", "sku")
_ORDER = ("uid", "number")
_WITH_PEOPLE = ("interaction", "followup")
_ATTACHMENT = ("name", "media_type", "size", "digest")


def nested(noun: str) -> tuple[Field, ...]:
    """The keys of a record in JSON."""
    # A tag counts its companies.
    special = {} if noun == "tag" else _NESTED_VALUES | (deals.NESTED if noun == "deal" else {})
    # The working days of a rule are part of it, and have a column of their own only in tables.
    names = (name for name in KEYS[noun] if name != "workdays")
    return tuple(Field(name, special.get(name) or _of(name)) for name in names)


def flat(noun: str, custom: Sequence[str] = (), *, extra: bool = False) -> tuple[Field, ...]:
    """The columns of a record in a table.

    Args:
        noun: what the records are.
        custom: the custom fields that get a column.
        extra: whether there is a column for the lines of vCards that have no other place.
    """
    if noun == "tag":
        return tuple(Field(name, _plain(name)) for name in KEYS[noun])
    if noun not in NAMES:
        left = () if noun == "order" else ("contact", "company", "participants")
        names = [name for name in KEYS[noun] if name not in left]
        if noun == "deal":
            return tuple(Field(name, deals.CELLS.get(name) or _flat_value(name)) for name in (*names, "people"))
        found = [Field(name, _flat_value(name)) for name in names]
        if noun == "case":
            return (*found, Field("people", deals.people))
        return (*found, Field("people", _people)) if noun in _WITH_PEOPLE else tuple(found)
    columns = [_flag_name(column) for column in TABLES[noun].columns.values() if column.settable]
    plain = ["uid", NAMES[noun], *(name for name in columns if name != "notes")]
    lists = [name for name in _LISTS if name in KEYS[noun] and (name != "extra" or extra)]
    return (
        *(Field(name, _flat_value(name)) for name in plain),
        *(Field(name, _flat_value(name)) for name in lists),
        *(Field(f"custom.{name}", _custom(name)) for name in custom),
        Field("notes", _flat_value("notes")),
    )


def _flag_name(column: Column) -> str:
    return column.name.removesuffix("_id")


# --- values


def _of(name: str) -> Callable[[Record], Any]:
    return lambda record: record[name]


def _part(entry: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: entry[name] for name in names if name in entry}


def _companies(record: Record) -> Any:
    return [_part(entry, _PLACE) for entry in record["companies"]]


def _parent(record: Record) -> Any:
    return record["parent"] and _part(record["parent"], _PLACE)


def _participants(record: Record) -> Any:
    return [_part(person, _PERSON) for person in record["participants"]]


def _attachments(record: Record) -> Any:
    return [_part(entry, _ATTACHMENT) for entry in record["attachments"]]


def _consents(record: Record) -> list[Any]:
    # The databases do not agree on where an empty channel stands.
    return sorted(record["consents"], key=lambda entry: (entry["purpose"], entry["channel"] or ""))


def _parts(name: str, names: Sequence[str]) -> Callable[[Record], Any]:
    return lambda record: [_part(entry, names) for entry in record[name]]


def _deal(record: Record) -> Any:
    return record["deal"] and _part(record["deal"], ("uid", "name"))


def _party_cell(name: str) -> Callable[[Record], str]:
    def cell(record: Record) -> str:
        party = record[name]
        return cells.people([{**party, "name": party.get("display_name") or party.get("name")}]) if party else ""

    return cell


def _called(other: Any, name: str) -> str:
    """Another record by its name, else its uid, which lines have alone."""
    return text(other.get(name) or other["uid"] if isinstance(other, Mapping) else other)


def _customer(name: str, parts: Sequence[str] = _PERSON) -> Callable[[Record], Any]:
    def value(record: Record) -> Any:
        person = record[name]
        return _part(person, parts) if isinstance(person, Mapping) else person

    return value


_NESTED_VALUES: dict[str, Callable[[Record], Any]] = {
    "companies": _companies,
    "parent": _parent,
    "participants": _participants,
    "attachments": _attachments,
    "consents": _consents,
    "contact": _customer("contact"),
    "company": _customer("company"),
    "deal": _deal,
    "lines": _parts("lines", _LINE),
    "payments": _parts("payments", _PAYMENT),
    "price_list": _parts("price_list", _PRICE),
    "product": _customer("product", _PRODUCT),
    "order": _customer("order", _ORDER),
}


def _flat_value(name: str) -> Callable[[Record], str]:
    return _CELLS.get(name) or _plain(name)


def _plain(name: str) -> Callable[[Record], str]:
    return lambda record: text(record[name])


def text(value: Any) -> str:
    """A single value as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _custom(name: str) -> Callable[[Record], str]:
    return lambda record: text(record["custom"].get(name))


def _company_cell(record: Record) -> str:
    # The uid is written only where the name does not tell which company is meant.
    hide = ("uid",)
    rows = [
        {name: value for name, value in entry.items() if not entry.get("alone") or name not in hide}
        for entry in record["companies"]
    ]
    return cells.companies(rows)


def _people(record: Record) -> str:
    people = record["participants"] if "participants" in record else [record["contact"] or record["company"] or {}]
    people = [person for person in people if person]
    return cells.people([{**person, "name": person.get("display_name") or person.get("name")} for person in people])


def _workdays(record: Record) -> Any:
    return record["recurrence"] and record["recurrence"]["workdays"]


_CELLS: dict[str, Callable[[Record], str]] = {
    "recurrence": lambda record: text(record["recurrence"] and record["recurrence"]["words"]),
    "workdays": lambda record: text(_workdays(record)),
    "emails": lambda record: cells.emails(record["emails"]),
    "phones": lambda record: cells.phones(record["phones"]),
    "addresses": lambda record: cells.addresses(record["addresses"]),
    "urls": lambda record: cells.urls(record["urls"]),
    "companies": _company_cell,
    "domains": lambda record: cells.words(record["domains"]),
    "tags": lambda record: cells.words(record["tags"]),
    "preferences": lambda record: cells.pairs(record["preferences"]),
    "consents": lambda record: cells.consents(_consents(record)),
    "external_ids": lambda record: cells.words(record["external_ids"]),
    "extra": lambda record: cells.words(record["extra"]),
    "parent": lambda record: text(record["parent"] and record["parent"]["name"]),
    "contact": _party_cell("contact"),
    "company": _party_cell("company"),
    "deal": lambda record: text(record["deal"] and record["deal"]["uid"]),
    "lines": goods.line_cell,
    "payments": goods.payment_cell,
    "price_list": goods.price_cell,
    "choices": lambda record: cells.words(record["choices"]),
    "product": lambda record: _called(record["product"], "name"),
    "order": lambda record: _called(record["order"], "number"),
    "custom": lambda record: cells.pairs(record["custom"]),
    "attachments": lambda record: cells.words(entry["name"] for entry in record["attachments"]),
}
