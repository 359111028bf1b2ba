"""Whose turn it is with a customer: what the last contact that counts leaves open, and who may have something open.

A conversation is made of the contacts in both directions. An attempt of ours that reached nobody does not count: what
the customer asked stays open. Notes among ourselves do not count either.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.model.enums import FAILED
from crmcli.store.connection import Row
from crmcli.store.consents import reachable
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store

# An outcome after which nobody waits for an answer. Having been called and picked up is none: what the customer asked
# is still open. Having called and been picked up is one.
SETTLED_INBOUND = ("replied", "held", "resolved")
SETTLED_OUTBOUND = ("connected", "replied", "held", "resolved")
# Channels on which what we say waits for an answer; on the others it was heard when it was said.
WRITTEN = ("email", "chat", "sms", "social", "post", "web_form")

PASSED = 10_000
"""So many customers of the whole team are passed by, the latest ones, to find those who are meant."""
GLANCED_AT = 300
"""So many to say whether there are more before the span that was looked at."""
LOOKED_AT = 1000
"""So many are looked at: a longer list is no list to work through."""
ANSWERED = 4000
"""So many whom we contacted since are looked at for what did not reach them."""
HABIT = 500
"""So many contacts of a customer, the latest ones, tell what is usual."""
TOGETHER = 100
"""Of so many customers that is read in one statement."""
LONGEST_EXCERPT = 2000
DIRECTIONS = {"owed": "inbound", "waiting": "outbound"}

_REACHED = "i.outcome IS NULL OR i.outcome NOT IN ({})".format(", ".join(f"'{outcome}'" for outcome in FAILED))
# In the order in which it happened the last contact of a customer that counts.
_LAST = (
    "SELECT p.interaction_id FROM participant p JOIN interaction i ON i.id = p.interaction_id"
    " WHERE p.{noun}_id = customer.id AND p.deleted_at IS NULL"
    f" AND (p.direction = 'inbound' OR (p.direction = 'outbound' AND ({_REACHED})))"
    " ORDER BY p.occurred_at DESC, p.interaction_id DESC LIMIT 1"
)
_SAID = "id, direction, channel, occurred_at, outcome"


def counts(contact: Mapping[str, Any]) -> bool:
    """Whether a contact, given by its `direction` and `outcome`, belongs to the conversation."""
    if contact["direction"] == "outbound":
        return contact["outcome"] not in FAILED
    return bool(contact["direction"] == "inbound")


def owes(last: Mapping[str, Any] | None) -> str | None:
    """Who owes an answer after the last contact that counts: `us`, `them`, or nobody, None."""
    if last is None:
        return None
    if last["direction"] == "inbound":
        return None if last["outcome"] in SETTLED_INBOUND else "us"
    return None if last["outcome"] in SETTLED_OUTBOUND else "them"


def expects_answer(last: Mapping[str, Any]) -> bool:
    """Whether they owe us an answer that is to be waited for: we wrote, or spoke to a machine."""
    asked = last["channel"] in WRITTEN or (last["channel"] == "call" and last["outcome"] == "left_voicemail")
    return asked and owes(last) == "them"


class Span(NamedTuple):
    """From which stored instant on, and before which one."""

    since: str
    until: str = "9999"


class Asked(NamedTuple):
    """Whose customers are meant: those of `owner` and of nobody, everyone's for None; and a filter on contacts as SQL.

    Companies have no place in the answer to a filter.
    """

    owner: int | None
    sql: str = ""
    parameters: Sequence[object] = ()

    def condition(self, noun: str) -> tuple[str, list[object]]:
        """Which contacts or companies are meant, as SQL with its parameters."""
        mine = "" if self.owner is None else f" AND ({noun}.owner_id = ? OR {noun}.owner_id IS NULL)"
        filtered = f" AND {self.sql}" if self.sql else ""
        condition = f"{noun}.deleted_at IS NULL AND {reachable(noun)}{mine}{filtered}"
        return condition, [*([] if self.owner is None else [self.owner]), *self.parameters]


def of_owner(owner: int) -> Asked:
    """The contacts of one user alone; the plus keeps SQLite off the index of owners, which has another order."""
    return Asked(None, "+contact.owner_id = ?", [owner])


def people(store: Store, name: str, asked: Asked, span: Span, passed: int = PASSED) -> tuple[list[Row], str | None]:
    """Contacts who may be owed an answer or may owe one: those last in touch in that direction within the span.

    Args:
        store: the store.
        name: `owed` or `waiting`.
        asked: whose.
        span: when they were last in touch.
        passed: of how many of the span, the latest, to find those who are meant.

    Returns:
        Rows with `id`, `name`, `owner`, `last_inbound_at` and `last_outbound_at`, and the instant before which not
        everybody was looked at, None where all were.
    """
    column, other = ("last_inbound_at", "last_outbound_at")[:: 1 if name == "owed" else -1]
    beginning: str | None = store.value(
        f"SELECT {column} FROM contact WHERE deleted_at IS NULL AND {column} >= ? AND {column} < ?"
        f" ORDER BY {column} DESC, id DESC LIMIT 1 OFFSET ?",
        [*span, passed],
    )
    parts = {f"(contact.{other} IS NULL OR contact.{other} <= contact.{column})": LOOKED_AT}
    if name == "owed":
        # Most who heard from us afterwards were answered; they are looked at for what reached nobody.
        parts[f"contact.{other} > contact.{column}"] = ANSWERED
    found: list[Row] = []
    for part, most in parts.items():
        rows = _people(store, column, part, asked, Span(beginning or span.since, span.until), most)
        if len(rows) == most:
            beginning = max(beginning or "", rows[-1][column])
        found += rows
    return found, beginning


def _people(store: Store, column: str, part: str, asked: Asked, span: Span, most: int) -> list[Row]:
    condition, parameters = asked.condition("contact")
    return store.rows(
        "SELECT contact.id, contact.display_name AS name, user_account.name AS owner, contact.last_inbound_at,"
        " contact.last_outbound_at FROM contact LEFT JOIN user_account ON user_account.id = contact.owner_id"
        f" WHERE contact.{column} >= ? AND contact.{column} < ? AND {part} AND {condition}"
        f" ORDER BY contact.{column} DESC, contact.id DESC LIMIT ?",
        [*span, *parameters, most],
    )


def companies(store: Store, name: str, asked: Asked, span: Span) -> list[Row]:
    """Companies that spoke or were spoken to without a person within the span; see `people`.

    Contacts without a person are a range of an index of their own: they are few, whatever the number of companies.
    """
    if asked.sql:
        return []
    condition, parameters = asked.condition("company")
    alone = (
        "SELECT company_id FROM participant WHERE contact_id IS NULL AND occurred_at >= ? AND occurred_at < ?"
        f" AND direction = '{DIRECTIONS[name]}' AND deleted_at IS NULL ORDER BY occurred_at DESC LIMIT ?"
    )
    return store.rows(
        "SELECT company.id, company.name, user_account.name AS owner, company.last_inbound_at,"
        f" company.last_outbound_at FROM (SELECT DISTINCT company_id FROM ({alone}) AS alone) AS found"
        " JOIN company ON company.id = found.company_id"
        f" LEFT JOIN user_account ON user_account.id = company.owner_id WHERE {condition}",
        [span.since, span.until, LOOKED_AT, *parameters],
    )


def last_said(store: Store, noun: str, keys: Sequence[int]) -> dict[int, Row]:
    """The last contact that counts of each customer: `id`, `direction`, `channel`, `occurred_at` and `outcome`."""
    found: dict[int, Row] = {}
    last = _LAST.format(noun=noun)
    for part in slices(keys):
        # In two steps: joined, PostgreSQL would rather read all interactions than look for so many.
        rows = store.rows(
            f"SELECT customer.id, ({last}) AS said FROM {noun} customer WHERE customer.id IN ({listed(part)})"
        )
        said = {row["id"]: row["said"] for row in rows if row["said"] is not None}
        sql = f"SELECT {_SAID} FROM interaction WHERE id IN ({listed(said.values())})"
        contacts = {row["id"]: row for row in (store.rows(sql) if said else ())}
        found.update((key, contacts[one]) for key, one in said.items())
    return found


def with_a_person(store: Store, keys: Sequence[int]) -> set[tuple[int, int]]:
    """The interactions, each with a company, in which a person took part for that company."""
    found: set[tuple[int, int]] = set()
    for part in slices(keys):
        rows = store.rows(
            f"SELECT interaction_id, company_id FROM participant WHERE interaction_id IN ({marks(part)})"
            " AND contact_id IS NOT NULL AND company_id IS NOT NULL",
            part,
        )
        found.update((row["interaction_id"], row["company_id"]) for row in rows)
    return found


def words(store: Store, keys: Sequence[int]) -> dict[int, Row]:
    """`subject` and the beginning of `body` of interactions, by their keys."""
    found: dict[int, Row] = {}
    for part in slices(keys):
        sql = f"SELECT id, subject, substr(body, 1, {LONGEST_EXCERPT}) AS body FROM interaction WHERE id IN"
        found.update((row["id"], row) for row in store.rows(f"{sql} ({marks(part)})", part))
    return found


def promised(store: Store, keys: Sequence[int]) -> dict[tuple[int, int | None, int | None], int]:
    """Open follow-ups that were promised in interactions, the earliest due of each: (interaction, contact, company)."""
    found: dict[tuple[int, int | None, int | None], int] = {}
    for part in slices(keys):
        rows = store.rows(
            "SELECT id, interaction_id, contact_id, company_id FROM followup"
            f" WHERE interaction_id IN ({marks(part)}) AND status = 'open' AND deleted_at IS NULL"
            " ORDER BY due_at DESC, id DESC",
            part,
        )
        found.update(((row["interaction_id"], row["contact_id"], row["company_id"]), row["id"]) for row in rows)
    return found


def asked_about(store: Store, case: int, subject: str) -> bool:
    """Whether an open follow-up of a case with this subject is planned."""
    sql = "SELECT 1 AS found FROM followup WHERE case_id = ? AND subject = ? AND status = 'open' AND deleted_at IS NULL"
    return store.row(sql, [case, subject]) is not None


def promised_in(store: Store, interaction: int, subject: str) -> bool:
    """Whether a follow-up of that subject was ever promised in an interaction, in whatever state it is."""
    sql = "SELECT 1 AS found FROM followup WHERE interaction_id = ? AND subject = ? LIMIT 1"
    return store.row(sql, [interaction, subject]) is not None


def closed_by(store: Store, interaction: int, subject: str) -> bool:
    """Whether a follow-up of that subject was done by an interaction."""
    sql = "SELECT 1 AS found FROM followup WHERE closing_interaction_id = ? AND subject = ? LIMIT 1"
    return store.row(sql, [interaction, subject]) is not None


def answers(store: Store, noun: str, keys: Sequence[int], since: str) -> dict[int, list[tuple[str, str]]]:
    """When we got in touch since then and when, next, the customer did: the pairs of each customer.

    Of one with very many contacts the latest HABIT alone are read: what is usual does not need ten thousand.
    """
    found: dict[int, list[tuple[str, str]]] = {key: [] for key in keys}
    latest = (
        f"SELECT * FROM (SELECT {noun}_id AS customer, occurred_at, interaction_id, direction FROM participant"
        f" WHERE {noun}_id = ? AND occurred_at >= ? AND deleted_at IS NULL AND direction <> 'internal'"
        f" ORDER BY occurred_at DESC, interaction_id DESC LIMIT {HABIT}) AS latest"
    )
    for part in slices(keys, TOGETHER):
        rows = store.rows(
            "SELECT customer, asked, answered FROM (SELECT customer, direction, occurred_at AS asked,"
            " lead(occurred_at) OVER conversation AS answered, lead(direction) OVER conversation AS reaction"
            f" FROM ({' UNION ALL '.join([latest] * len(part))}) AS contacts"
            " WINDOW conversation AS (PARTITION BY customer ORDER BY occurred_at, interaction_id)) AS turns"
            " WHERE direction = 'outbound' AND reaction = 'inbound'",
            [value for key in part for value in (key, since)],
        )
        for row in rows:
            found[row["customer"]].append((row["asked"], row["answered"]))
    return found
