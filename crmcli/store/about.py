"""What all records about a customer have in common: whom a filter may ask about, and what a bare word finds.

Such a table has a `contact_id` and a `company_id`, and its words are in the search index.
"""

import re
from collections.abc import Callable, Mapping

from crmcli.kernel.clock import Clock
from crmcli.kernel.codes import minor_unit_table
from crmcli.kernel.text import tokens
from crmcli.store import party_list
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import Node
from crmcli.store.names import MOST_WORDS, matching
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES
from crmcli.store.store import Store


def condition(
    store: Store, table: str, node: Node | None, fields: Mapping[str, Field], clock: Clock, user: Callable[[str], int]
) -> tuple[str, list[object]]:
    """A parsed filter about rows of a table as SQL; "" for an empty one.

    Args:
        store: the store.
        table: followup, deal, sales_order, support_case.
        node: what `filters.parse` returned.
        fields: what may be asked, by every name; `contact.FIELD` and `company.FIELD` come with it.
        clock: from which dates are understood.
        user: the key of a user whom the filter names.

    Raises:
        UsageError: the filter is wrong; see `compile_filter`.
    """
    if node is None:
        return "", []
    return compile_filter(
        node,
        fields,
        words=_words(store.dialect, table),
        clock=clock,
        user=user,
        dynamic=_of_the_customer(store, table),
    )


def money(table: str, amount: str, currency: str = "currency") -> str:
    """The expression of an amount in whole units of its currency, as people write it in a filter."""
    scales = "".join(
        f" WHEN {table}.{currency} IN ({', '.join(repr(code) for code in codes)}) THEN {10**units}"
        for units, codes in minor_unit_table().items()
    )
    return f"({table}.{amount} * 1.0 / CASE{scales} ELSE 100 END)"


def customer_fields(table: str) -> tuple[Field, ...]:
    """What a filter may ask about the customer of a row."""
    contact, company = f"contact.id = {table}.contact_id", f"company.id = {table}.company_id"
    person, firm = (
        f"(select {noun}.name_key from {noun} where {which})"
        for noun, which in (("contact", contact), ("company", company))
    )
    name = f"(coalesce({person}, {firm}))"
    tagged = f"(tagging.contact_id = {table}.contact_id or tagging.company_id = {table}.company_id)"
    employed = f"company.id in (select e.company_id from employment e where e.contact_id = {table}.contact_id)"
    firms = Field(
        "company",
        "ref:company",
        exists=f"exists (select 1 from company where ({company} or {employed}) and {{}})",
        inner="company.id",
    )

    def its(noun: str) -> Field:
        return Field(noun, f"ref:{noun}", f"{table}.{noun}_id")

    either = (its("contact"), its("company"), Field("company", "folded", firm))
    return (
        Field("who", "folded", name, help="Name or id of the contact or company", others=either),
        its("contact")._replace(help="Id or name of the contact", others=(Field("contact", "folded", person),)),
        firms._replace(
            help="Id or name of the company, or of the company of the contact",
            others=(firms._replace(kind="folded", inner="company.name_key"),),
        ),
        Field(
            "tag",
            "tag",
            exists=f"exists (select 1 from tagging join tag on tag.id = tagging.tag_id where {tagged} and {{}})",
            inner="tag.name_key",
            help="Tag of the contact or company",
        ),
    )


def _of_the_customer(store: Store, table: str) -> Callable[[str], Field | None]:
    """`contact.FIELD` and `company.FIELD`: what a filter may ask about a contact or company; and `custom.KEY`."""

    own = own_fields(store, table)

    def find(name: str) -> Field | None:
        noun, _, rest = name.partition(".")
        if noun == "custom":
            return own(name)
        if noun not in PARTIES:
            return None
        inner = party_list.fields(noun).get(rest) or party_list.dynamic(store, noun)(rest)
        if inner is None:
            return None
        whole = _of_its(table, noun, inner)
        return whole._replace(name=name, others=tuple(_of_its(table, noun, other) for other in inner.others))

    return find


def _of_its(table: str, noun: str, inner: Field) -> Field:
    """A field of a contact or company, asked of the one that a row is about."""
    its = f"exists (select 1 from {noun} where {noun}.id = {table}.{noun}_id and {inner.exists or '{}'})"
    return inner._replace(sql="", exists=its, inner=inner.inner if inner.exists else inner.sql)


def own_fields(store: Store, table: str) -> Callable[[str], Field | None]:
    """What a filter may ask about fields of the record's own, as `custom.KEY`."""

    def find(name: str) -> Field | None:
        noun, _, key = name.partition(".")
        return _own_field(store.dialect, table, key) if noun == "custom" else None

    return find


def _own_field(dialect: str, table: str, key: str) -> Field | None:
    """`custom.KEY`: a field of the record's own, which its column `custom` holds as JSON."""
    if not re.fullmatch(r"\w+", key) or "custom" not in TABLES[table].columns:
        return None
    text = (
        f"cast({table}.custom as json) ->> '{key}'"
        if dialect == "postgresql"
        else (f"json_extract({table}.custom, '$.\"{key}\"')")
    )
    return Field(f"custom.{key}", "text", f"({text})")


def _words(dialect: str, table: str) -> Callable[[str], tuple[str, list[object]]]:
    """The condition for bare words: in what was written, or in the name of the contact or company."""

    def condition(text: str) -> tuple[str, list[object]]:
        sought = tokens(text)[:MOST_WORDS]
        if not sought:
            return "1 = 0", []
        written, values = matching(dialect, "search_text", sought)
        parts = [f"{table}.id IN (SELECT record_id FROM search_text WHERE noun = '{table}' AND {written})"]
        for noun in PARTIES:
            named, more = matching(dialect, "search_name", sought)
            found = f"SELECT record_id FROM search_name WHERE noun = '{noun}' AND {named}"
            parts.append(f"coalesce({table}.{noun}_id IN ({found}), 1 = 0)")
            values = [*values, *more]
        return f"({' OR '.join(parts)})", values

    return condition
