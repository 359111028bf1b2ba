"""Reads of cadences, and of when the customers they are about were last in contact.

When somebody is due is kept nowhere: it follows from the interactions whenever it is asked. A contact counts when it
was logged as inbound or outbound, has happened by now, and reached somebody: see `FAILED` of `crmcli.model.enums`.
"""

from collections.abc import Sequence

from crmcli.model.enums import CHANNEL, FAILED
from crmcli.store import consents
from crmcli.store.connection import Row
from crmcli.store.sql import ENDLESS, listed, slices
from crmcli.store.store import Store

NAMES = {"contact": "display_name", "company": "name"}
COLUMNS = (
    "cadence.*, contact.display_name AS contact_name, company.name AS company_name,"
    " user_account.name AS owner_name, user_account.timezone AS owner_zone"
)
TABLES = (
    "cadence LEFT JOIN contact ON contact.id = cadence.contact_id"
    " LEFT JOIN company ON company.id = cadence.company_id"
    " LEFT JOIN user_account ON user_account.id = cadence.owner_id"
)
KEPT = "cadence.deleted_at IS NULL AND contact.deleted_at IS NULL AND company.deleted_at IS NULL"


def get(store: Store, key: int) -> Row | None:
    """The row with this key, or None."""
    sql = f"SELECT {COLUMNS} FROM {TABLES} WHERE cadence.id = ? AND cadence.deleted_at IS NULL"
    return store.row(sql, [key])


def page(store: Store, limit: int | None) -> list[Row]:
    """All cadences by their ids; one more than `limit` when there are more."""
    most = ENDLESS if limit is None else limit + 1
    return store.rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE {KEPT} ORDER BY cadence.id LIMIT ?", [most])


def running(store: Store, owner: int | None, now: str) -> list[Row]:
    """Those that are not paused: of one user and of nobody, or everyone's for None."""
    mine = "" if owner is None else " AND (cadence.owner_id = ? OR cadence.owner_id IS NULL)"
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {KEPT} AND (cadence.paused_at IS NULL OR cadence.paused_until <= ?)"
        f"{mine} ORDER BY cadence.id",
        [now, *([] if owner is None else [owner])],
    )


def of(store: Store, noun: str, key: int) -> list[Row]:
    """The cadences that a contact or company has of its own."""
    sql = f"SELECT {COLUMNS} FROM {TABLES} WHERE cadence.{noun}_id = ? AND cadence.deleted_at IS NULL"
    return store.rows(f"{sql} ORDER BY cadence.id", [key])


def exist(store: Store) -> bool:
    """Whether there is any cadence: most teams' cron jobs need not ask who is due by them."""
    return store.row("SELECT 1 AS found FROM cadence WHERE deleted_at IS NULL LIMIT 1") is not None


def are_about(store: Store, noun: str, key: int) -> bool:
    """Whether a contact or company has a cadence of its own, or there are any for filters."""
    sql = f"SELECT 1 AS found FROM cadence WHERE deleted_at IS NULL AND ({noun}_id = ? OR filter IS NOT NULL) LIMIT 1"
    return store.row(sql, [key]) is not None


def of_filters(store: Store, noun: str) -> list[Row]:
    """The cadences about all contacts, or all companies, that match a filter."""
    sql = f"SELECT {COLUMNS} FROM {TABLES} WHERE cadence.filter IS NOT NULL AND cadence.noun = ?"
    return store.rows(f"{sql} AND cadence.deleted_at IS NULL ORDER BY cadence.id", [noun])


def names(store: Store, noun: str, keys: Sequence[int]) -> dict[int, str]:
    """The names of contacts or companies by their keys."""
    found = {}
    for part in slices(keys):
        for row in store.rows(f"SELECT id, {NAMES[noun]} AS name FROM {noun} WHERE id IN ({listed(part)})"):
            found[row["id"]] = row["name"]
    return found


def count(store: Store, noun: str, where: tuple[str, list[object]], channel: str | None, most: int) -> int:
    """How many records match a filter and may be contacted by a channel, or by any; counted as far as `most`."""
    sql, parameters = where
    found = f"SELECT 1 FROM {noun} WHERE {_reachable(noun, _text(channel))} AND {sql} LIMIT ?"
    return int(store.value(f"SELECT count(*) AS n FROM ({found}) AS found", [*parameters, most]))


# --- the last contact


def of_own(store: Store, noun: str, cadences: Sequence[int], now: str) -> list[Row]:
    """The customers of cadences of their own: `cadence_id`, `id`, `last_at`, and when the record was `created_at`.

    Those who were deleted or must not be contacted are left out.
    """
    found = []
    channel = "(cadence.channel IS NULL OR i.channel = cadence.channel)"
    for part in slices(cadences):
        found += store.rows(
            f"SELECT cadence.id AS cadence_id, {noun}.id AS id, {noun}.created_at AS created_at,"
            f" {_last(noun, channel)} AS last_at FROM cadence CROSS JOIN {noun}"
            f" WHERE cadence.id IN ({listed(part)}) AND {noun}.id = cadence.{noun}_id"
            f" AND {_reachable(noun, 'cadence.channel')}",
            [now],
        )
    return found


def of_filter(
    store: Store,
    noun: str,
    where: tuple[str, list[object]],
    channel: str | None,
    now: str,
    *,
    started: str,
    before: str,
    limit: int | None,
) -> list[Row]:
    """Those who match a filter and have waited since before a moment: `id`, `last_at`, `since`; the longest first.

    Args:
        store: the store.
        noun: contact or company.
        where: the filter as SQL, not empty.
        channel: only contacts on this channel count; None for any.
        now: what happens later does not count.
        started: since when somebody waits at the earliest who was never in contact.
        before: the moment.
        limit: how many at most; None for all.
    """
    sql, bound = _waiting(noun, where, channel, now, started)
    return store.rows(
        f"SELECT id, last_at, since FROM ({sql}) AS waiting WHERE since < ? ORDER BY since, id LIMIT ?",
        [*bound, before, ENDLESS if limit is None else limit],
    )


def of_filter_among(
    store: Store,
    noun: str,
    where: tuple[str, list[object]],
    channel: str | None,
    now: str,
    *,
    started: str,
    keys: Sequence[int],
) -> list[Row]:
    """The same of those of `keys` who match, however long they have waited."""
    found = []
    for part in slices(keys):
        sql, bound = _waiting(noun, where, channel, now, started, f"{noun}.id IN ({listed(part)}) AND ")
        found += store.rows(sql, bound)
    return found


def _waiting(
    noun: str, where: tuple[str, list[object]], channel: str | None, now: str, started: str, among: str = ""
) -> tuple[str, list[object]]:
    """`id`, `last_at` and `since` of those who match."""
    sql, parameters = where
    on_channel = "i.channel = ?" if channel else ""
    # Failed attempts move these columns too: only where both are empty do they say all.
    never = f"{noun}.last_inbound_at IS NULL AND {noun}.last_outbound_at IS NULL"
    # LIMIT keeps SQLite from computing the last contact wherever it is named.
    known = (
        f"SELECT {noun}.id AS id, CASE WHEN {never} THEN NULL ELSE {_last(noun, on_channel)} END AS last_at,"
        f" CASE WHEN {noun}.created_at > ? THEN {noun}.created_at ELSE ? END AS started"
        f" FROM {noun} WHERE {among}{_reachable(noun, _text(channel))} AND {sql} LIMIT ?"
    )
    bound = [now, *([channel] if channel else []), started, started, *parameters, ENDLESS]
    return f"SELECT id, last_at, coalesce(last_at, started) AS since FROM ({known}) AS known", bound


def _last(noun: str, on_channel: str) -> str:
    """When a record of the outer query was last in contact: the index of its participants is walked backwards."""
    failed = ", ".join(f"'{outcome}'" for outcome in FAILED)
    return (
        "(SELECT p.occurred_at FROM participant p CROSS JOIN interaction i"
        f" WHERE p.{noun}_id = {noun}.id AND i.id = p.interaction_id AND p.occurred_at <= ?"
        " AND p.direction <> 'internal' AND p.deleted_at IS NULL"
        f" AND (i.outcome IS NULL OR i.outcome NOT IN ({failed})){f' AND {on_channel}' if on_channel else ''}"
        " ORDER BY p.occurred_at DESC LIMIT 1)"
    )


def _reachable(noun: str, channel: str) -> str:
    return f"{noun}.deleted_at IS NULL AND {consents.reachable(noun, channel)}"


def _text(channel: str | None) -> str:
    """A channel as SQL; "" for none."""
    assert channel is None or channel in CHANNEL
    return f"'{channel}'" if channel else ""
