"""What travels of each kind of record: the keys of JSON and the columns of tables, in their fixed order.

Left out is what belongs to this database alone: ids, when something was added, changed or deleted here, and what
follows from other records. So the same records give the same bytes wherever they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crmcli.exporters import cells, deals
from crmcli.exporters.base import Field, Record
from crmcli.store.description import Column
from crmcli.store.schema import TABLES

LOCAL = frozenset(
    {"id", "created_at", "updated_at", "deleted_at", "last_inbound_at", "last_outbound_at", "overdue"}
    | {"interaction_id", "closing_interaction_id", "deal_id", "order_id", "case_id"}
)
"""Keys of the JSON contracts of lists that do not travel."""

NAMES = {"contact": "display_name", "company": "name"}
_NESTED = {
    "contact": (
        "uid",
        "display_name",
        "honorific_prefix",
        "given_name",
        "additional_name",
        "family_name",
        "honorific_suffix",
        "nickname",
        "phonetic_given_name",
        "phonetic_family_name",
        "job_title",
        "department",
        "birth_date",
        "emails",
        "phones",
        "addresses",
        "urls",
        "companies",
        "tags",
        "lifecycle_stage",
        "lead_status",
        "lead_source",
        "owner",
        "preferred_language",
        "timezone",
        "currency",
        "do_not_contact",
        "consents",
        "preferences",
        "custom",
        "external_ids",
        "notes",
        "extra",
    ),
    "company": (
        "uid",
        "name",
        "legal_name",
        "industry",
        "employee_count",
        "domains",
        "emails",
        "phones",
        "addresses",
        "urls",
        "tags",
        "lifecycle_stage",
        "owner",
        "parent",
        "preferred_language",
        "timezone",
        "currency",
        "do_not_contact",
        "preferences",
        "custom",
        "external_ids",
        "notes",
        "extra",
    ),
    "interaction": (
        "uid",
        "direction",
        "channel",
        "occurred_at",
        "duration",
        "subject",
        "body",
        "outcome",
        "satisfaction",
        "user",
        "participants",
        "message_id",
        "thread",
        "in_reply_to",
        "quoted",
        "attachments",
    ),
    "followup": (
        "uid",
        "subject",
        "note",
        "channel",
        "due_at",
        "all_day",
        "timezone",
        "status",
        "priority",
        "owner",
        "contact",
        "company",
        "snooze_count",
        "first_due_at",
        "closed_at",
        "outcome_note",
        "recurrence",
        "workdays",
        "series",
        "occurs_on",
    ),
    "deal": (
        "uid",
        "name",
        "status",
        "pipeline",
        "stage",
        "amount",
        "currency",
        "probability",
        "forecast_category",
        "close_date",
        "contact",
        "company",
        "owner",
        "source",
        "lost_reason",
        "closed_at",
        "external",
        "custom",
        "lines",
        "contacts",
        "stages",
        "note",
    ),
    "product": (
        *("uid", "name", "sku", "category", "unit", "description", "tax", "active", "price_list", "external", "custom"),
    ),
    "order": (
        *("uid", "number", "ordered_on", "contact", "company", "status", "financial_status", "fulfillment_status"),
        *("currency", "tax_included", "subtotal", "discount", "shipping", "tax", "total", "paid", "due_on"),
        *("shipped_on", "delivered_on", "returned_on", "cancelled_on", "paid_on", "deal", "owner", "source", "note"),
        *("recurrence", "series", "occurs_on", "external", "custom", "lines", "payments"),
    ),
    "line": (
        *("order", "number", "ordered_on", "customer", "line", "product", "name", "sku", "quantity", "unit_price"),
        *("discount", "tax_rate", "tax", "amount", "currency", "shipped", "return_of", "returned_on"),
    ),
    "case": (
        "uid",
        "subject",
        "description",
        "status",
        "priority",
        "type",
        "channel",
        "contact",
        "company",
        "product",
        "order",
        "owner",
        "opened_at",
        "first_response_at",
        "response_due_at",
        "resolution_due_at",
        "resolved_at",
        "closed_at",
        "resolution",
        "reopen_count",
        "satisfaction",
        "external",
        "custom",
    ),
    "user": ("uid", "name", "display_name", "email", "timezone", "role"),
    "tag": ("name", "contacts", "companies"),
    "field": ("name", "type", "choices", "description"),
}
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
    names = (name for name in _NESTED[noun] if name != "workdays")
    return tuple(Field(name, special.get(name) or _of(name)) for name in names)


def flat(noun: str, custom: Sequence[str] = (), *, extra: bool = False) -> tuple[Field, ...]:
    """The columns of a record in a table.

    Args:
        noun: what the records are.
        custom: the custom fields that get a column.
        extra: whether there is a column for the lines of vCards that have no other place.
    """
    if noun == "tag":
        return tuple(Field(name, _plain(name)) for name in _NESTED[noun])
    if noun not in NAMES:
        left = () if noun == "order" else ("contact", "company", "participants")
        names = [name for name in _NESTED[noun] if name not in left]
        if noun == "deal":
            return tuple(Field(name, deals.CELLS.get(name) or _flat_value(name)) for name in (*names, "people"))
        found = [Field(name, _flat_value(name)) for name in names]
        if noun == "case":
            return (*found, Field("people", deals.people))
        return (*found, Field("people", _people)) if noun in _WITH_PEOPLE else tuple(found)
    columns = [_flag_name(column) for column in TABLES[noun].columns.values() if column.settable]
    plain = ["uid", NAMES[noun], *(name for name in columns if name != "notes")]
    lists = [name for name in _LISTS if name in _NESTED[noun] and (name != "extra" or extra)]
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


def lines_of(record: Record) -> Iterator[dict[str, Any]]:
    """The lines of an order as records of their own, each with what tells of which order it is."""
    party = record["contact"] or record["company"] or {}
    whole = {"order": record["uid"], "number": record["number"], "ordered_on": record["ordered_on"]}
    whole |= {"customer": party.get("display_name") or party.get("name"), "currency": record["currency"]}
    for line in record["lines"]:
        yield {**line, **whole, "product": line["product_uid"]}


def _line_cell(record: Record) -> str:
    rows = []
    for line in record["lines"]:
        off = f" -{line['discount'].lstrip('-')}" if line["discount_minor"] else ""
        tax = f" tax {line['tax_rate']}" if line["tax_rate"] else ""
        rows.append(f"{line['quantity']} x {line['name']} @ {line['unit_price']} {record['currency']}{off}{tax}")
    return cells.words(rows)


def _payment_cell(record: Record) -> str:
    return cells.words(
        " ".join(filter(None, (one["paid_on"], one["amount"], one["method"], one["reference"])))
        for one in record["payments"]
    )


def _price_cell(record: Record) -> str:
    return cells.words(
        f"{one['amount']} {one['currency']}" + (f" from {one['from']}" if one["from"] else "")
        for one in record["price_list"]
    )


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
    "lines": _line_cell,
    "payments": _payment_cell,
    "price_list": _price_cell,
    "choices": lambda record: cells.words(record["choices"]),
    "product": lambda record: _called(record["product"], "name"),
    "order": lambda record: _called(record["order"], "number"),
    "custom": lambda record: cells.pairs(record["custom"]),
    "attachments": lambda record: cells.words(entry["name"] for entry in record["attachments"]),
}
