"""What scores are made of: which rules hold for which contacts, in a query for the facts and one for the behaviours."""

from collections.abc import Callable, Sequence

from crmcli.kernel.clock import Clock
from crmcli.store import interactions, party_list
from crmcli.store.connection import Row
from crmcli.store.filter_sql import compile_filter
from crmcli.store.filters import parse
from crmcli.store.store import Store

Condition = tuple[str, list[object]]
NEVER = "1 = 0"


def fact(store: Store, text: str, clock: Clock, user: Callable[[str], int]) -> Condition:
    """A filter of contacts as SQL. Raises UsageError when it is wrong."""
    return compile_filter(
        parse(text),
        party_list.fields("contact"),
        words=party_list.words(store.dialect, "contact"),
        clock=clock,
        user=user,
        dynamic=party_list.dynamic(store, "contact"),
    )


def behaviour(store: Store, text: str, clock: Clock, user: Callable[[str], int]) -> Condition:
    """A filter of logged contacts as SQL. Raises UsageError when it is wrong."""
    return interactions.condition(store, text, clock, user)


def facts(store: Store, where: Condition, rules: Sequence[tuple[Condition, int]]) -> list[Row]:
    """`id` and the `points` of all facts, of each contact that a condition holds for."""
    points, parameters = _sum(rules)
    sql = f"SELECT contact.id, {points} AS points FROM contact WHERE {where[0]}"
    return store.rows(sql, [*parameters, *where[1]])


def behaviours(
    store: Store, where: Condition, rules: Sequence[Condition], since: str, until: str, *, told: bool = False
) -> list[Row]:
    """What such contacts did and any rule is about, by contact, the newest first: `contact_id`, `occurred_at`, `mask`.

    Args:
        store: the store.
        where: a condition about `contact`.
        rules: conditions about `interaction`; the bit of the first one in `mask` is 1, of the next one 2.
        since: only what was later than this moment.
        until: and not later than this one.
        told: with the interaction's `id` and `channel`.
    """
    mask, parameters = _sum([(rule, 1 << place) for place, rule in enumerate(rules)])
    more = ", interaction.id AS id, interaction.channel AS channel" if told else ""
    inner = (
        f"SELECT participant.contact_id, interaction.occurred_at, {mask} AS mask{more} FROM contact"
        " JOIN participant ON participant.contact_id = contact.id"
        " JOIN interaction ON interaction.id = participant.interaction_id"
        f" WHERE {where[0]} AND participant.deleted_at IS NULL"
        " AND participant.occurred_at > ? AND participant.occurred_at <= ?"
    )
    sql = f"SELECT * FROM ({inner}) AS found WHERE mask > 0 ORDER BY contact_id, occurred_at DESC"
    return store.rows(sql + (", id DESC" if told else ""), [*parameters, *where[1], since, until])


def _sum(rules: Sequence[tuple[Condition, int]]) -> Condition:
    parts = [f"CASE WHEN {sql or NEVER} THEN {number} ELSE 0 END" for (sql, _), number in rules]
    return f"({' + '.join(parts) or '0'})", [value for (_, bound), _ in rules for value in bound]
