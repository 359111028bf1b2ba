"""Lists of contacts and companies: what a filter may ask about them, and pages in the order of a key."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from crmcli.kernel.clock import Clock
from crmcli.kernel.retention import RETENTION
from crmcli.kernel.sorting import sort_key
from crmcli.kernel.text import tokens
from crmcli.store import retention
from crmcli.store.connection import Row
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import parse
from crmcli.store.names import MOST_WORDS, matching
from crmcli.store.schema import TABLES
from crmcli.store.store import Store

KINDS = {
    "text": "text",
    "long": "text",
    "enum": "enum",
    "time": "time",
    "birth": "day",
    "day": "day",
    "bool": "bool",
    "integer": "number",
}
EXACT = ("language", "timezone", "currency")
SORTS = {
    "name": "sort_key",
    "created": "created_at",
    "updated": "updated_at",
    "last_in": "last_inbound_at",
    "last_out": "last_outbound_at",
    "id": "id",
}


class Order(NamedTuple):
    """The order of a list: a column with an index, then the id."""

    column: str
    descending: bool


def order(text: str) -> Order:
    """The order that `--sort` names; a leading `-` reverses it.

    Raises:
        UsageError: there is no such order.
    """
    name = sort_key("a list", text, SORTS, {"created_at": "created", "updated_at": "updated"})
    return Order(SORTS[name.removeprefix("-")], name.startswith("-"))


def fields(noun: str, by: Order | None = None) -> dict[str, Field]:
    """What a filter may ask about a contact or company, by every name it goes by.

    With `by` the times that the list is not sorted by are written so that SQLite does not read their index: a range of
    one often holds most records, and sorting those costs more than meeting them in the order of the list.
    """
    found = {}
    for column in TABLES[noun].columns.values():
        if column.name in ("name_key", "sort_key", "uid", "deleted_at"):
            continue
        expression = f"{noun}.{column.name}"
        if by and column.kind == "time" and column.name != by.column:
            expression = f"coalesce({expression}, NULL)"
        name = column.name.removesuffix("_id")
        if column.kind in KINDS:
            kind = KINDS[column.kind]
        elif column.kind in EXACT:
            kind = "text"
        elif column.kind == "ref":
            kind = "user" if column.to == "user_account" else f"ref:{column.to}"
        elif column.kind == "key":
            kind = f"ref:{noun}"
        else:
            kind = "exact"
        found[name] = Field(name, kind, expression, values=column.values, help=column.help)
    found["last_in"] = found["last_inbound_at"]._replace(name="last_in", help="Last inbound contact")
    found["last_out"] = found["last_outbound_at"]._replace(name="last_out", help="Last outbound contact")
    found["created"] = found["created_at"]._replace(name="created", help="When it was added")
    found["updated"] = found["updated_at"]._replace(name="updated", help="When it was last changed")
    found["stage"] = found["lifecycle_stage"]._replace(name="stage")
    found["language"] = found["preferred_language"]._replace(name="language")
    found["uid"] = Field("uid", "exact", f"{noun}.uid")
    found.update(_children(noun))
    return found


def _children(noun: str) -> dict[str, Field]:
    key = f"{noun}_id = {noun}.id"

    def child(name: str, kind: str, table: str, inner: str, help: str) -> Field:
        return Field(
            name, kind, exists=f"exists (select 1 from {table} where {table}.{key} and {{}})", inner=inner, help=help
        )

    def joined(name: str, kind: str, tables: str, inner: str, help: str) -> Field:
        return Field(name, kind, exists=f"exists (select 1 from {tables} and {{}})", inner=inner, help=help)

    found = {
        "email": child("email", "text", "email", "email.value", "E-mail address"),
        "phone": child("phone", "phone", "phone", "phone.digits", "Phone number"),
        "url": child("url", "text", "url", "url.value", "Link"),
        "city": child("city", "text", "address", "address.locality", "City of an address"),
        "country": child("country", "text", "address", "address.country_code", "Country of an address"),
        "postal_code": child("postal_code", "text", "address", "address.postal_code", "Postal code"),
        "external": child(
            "external", "exact", "external_id", "external_id.source || ':' || external_id.key", "Foreign key"
        ),
        "tag": joined(
            "tag", "tag", f"tagging join tag on tag.id = tagging.tag_id where tagging.{key}", "tag.name_key", "Tag"
        ),
    }
    if noun == "contact":
        employed = (
            "employment join company on company.id = employment.company_id and company.deleted_at is null"
            " where employment.contact_id = contact.id"
        )
        by_id = joined("company", "ref:company", employed, "company.id", "Id of a company")
        named = joined("company", "text", employed, "company.name", "Name or id of a company")
        found["company"] = named._replace(others=(by_id,))
        found["employees"] = joined("employees", "number", employed, "company.employee_count", "Employees of a company")
        found["opted_out"] = child("opted_out", "bool", "email", "email.opted_out", "Wants no mail at an address")
        found["role"] = child("role", "text", "employment", "employment.role", "Role in a company")
        found["consent"] = child(
            "consent", "text", "consent", "consent.purpose || '=' || consent.state", "marketing=granted"
        )
        found["name"] = Field("name", "folded", "contact.name_key", help="Full name")
    else:
        found["domain"] = child("domain", "exact", "company_domain", "company_domain.domain", "Internet domain")
        found["name"] = Field("name", "folded", "company.name_key", help="Name")
    return found


def dynamic(store: Store, noun: str) -> Callable[[str], Field | None]:
    """Fields that the team made: `custom.source`, or `source` alone; `pref.channel` asks for a preference."""

    def find(name: str) -> Field | None:
        prefix, _, rest = name.rpartition(".")
        if prefix in ("pref", "prefer", "preference"):
            exists = (
                f"exists (select 1 from preference where preference.{noun}_id = {noun}.id"
                f" and preference.key = '{_quoted(rest)}' and {{}})"
            )
            return Field(name, "text", exists=exists, inner="preference.value")
        if prefix not in ("", "custom"):
            return None
        row = store.row("SELECT id, type FROM custom_field WHERE name = ?", [rest])
        if row is None:
            return None
        kind = {"number": "real", "date": "day"}.get(row["type"], "text")
        inner = "custom_value.number" if kind == "real" else "custom_value.value"
        exists = (
            f"exists (select 1 from custom_value where custom_value.{noun}_id = {noun}.id"
            f" and custom_value.field_id = {row['id']} and {{}})"
        )
        return Field(name, kind, exists=exists, inner=inner)

    return find


def _quoted(text: str) -> str:
    return text.replace("'", "''").replace("%", "").replace("?", "").replace("{", "").replace("}", "")


def words(dialect: str, noun: str) -> Callable[[str], tuple[str, list[object]]]:
    """The condition for bare words: names that hold each of them, complete or begun."""

    def condition(text: str) -> tuple[str, list[object]]:
        found = tokens(text)[:MOST_WORDS]
        if not found:
            return "1 = 0", []
        sql, parameters = matching(dialect, "search_name", found)
        return f"{noun}.id IN (SELECT record_id FROM search_name WHERE noun = '{noun}' AND {sql})", parameters

    return condition


def condition(
    store: Store, noun: str, text: str, by: Order, clock: Clock, user: Callable[[str], int]
) -> tuple[str, list[object]]:
    """A filter text as SQL; "" for an empty one.

    Raises:
        UsageError: the filter is wrong; see `compile_filter`.
    """
    known = fields(noun, by if store.dialect == "sqlite" else None)
    told = retention.expression(store.dialect, noun, clock.today())
    known["retention"] = Field("retention", "enum", told, values=RETENTION, help="How well a customer is kept")
    return compile_filter(
        parse(text),
        known,
        words=words(store.dialect, noun),
        clock=clock,
        user=user,
        dynamic=dynamic(store, noun),
    )


def page(
    store: Store,
    noun: str,
    where: tuple[str, list[object]],
    by: Order,
    limit: int | None,
    columns: Sequence[str],
    *,
    deleted: bool = False,
) -> list[Row]:
    """The `columns` of the rows that match, in order; one more than `limit` when there are more."""
    sql, parameters = where
    state = "IS NOT NULL" if deleted else "IS NULL"
    direction = "DESC" if by.descending else "ASC"
    # Who was never in contact comes first among the silent, and last among the recent.
    nulls = (" NULLS LAST" if by.descending else " NULLS FIRST") if by.column.startswith("last_") else ""
    conditions = f"{noun}.deleted_at {state}" + (f" AND {sql}" if sql else "")
    ordering = f"{noun}.{by.column} {direction}{nulls}" + ("" if by.column == "id" else f", {noun}.id {direction}")
    names = ", ".join(f"{noun}.{name}" for name in columns)
    query = f"SELECT {names} FROM {noun} WHERE {conditions} ORDER BY {ordering}"
    if limit is None:
        return store.rows(query, parameters)
    return store.rows(f"{query} LIMIT ?", [*parameters, limit + 1])
