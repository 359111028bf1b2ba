"""Reads of leads: which contacts they are, lists, and what the journal knows of their stages."""

from collections.abc import Callable, Iterable, Sequence

from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import UsageError
from crmcli.model.enums import LEAD_CLOSED, LEAD_STAGES, LEAD_STATUS
from crmcli.store import party_list
from crmcli.store.connection import Row
from crmcli.store.filter_sql import Field, compile_filter
from crmcli.store.filters import Node
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store

Condition = tuple[str, list[object]]
SORTS = {
    "name": ("contact.sort_key", "contact.id"),
    "created": ("contact.created_at", "contact.id"),
    "owner": ("user_account.name_key IS NULL", "user_account.name_key", "contact.sort_key", "contact.id"),
}
HISTORY = ("lifecycle_stage", "lead_status")


def fields() -> dict[str, Field]:
    """What a filter may ask about leads: all that it may ask about contacts, and shorter names."""
    found = party_list.fields("contact")
    found["status"] = found["lead_status"]._replace(name="status")
    found["source"] = found["lead_source"]._replace(name="source")
    untouched = "(CASE WHEN contact.last_outbound_at IS NULL THEN 1 ELSE 0 END)"
    found["untouched"] = Field("untouched", "bool", untouched, help="Never contacted by us")
    return found


def condition(
    store: Store, node: Node | None, clock: Clock, user: Callable[[str], int], *, only_open: bool, deleted: bool
) -> Condition:
    """Which contacts are meant, as SQL.

    Args:
        store: the store.
        node: a filter.
        clock: the moment from which its dates are understood.
        user: the number of a user who is named.
        only_open: those at a lead's stage on whom somebody works; else all of them and those with a lead status.
        deleted: the deleted ones instead.
    """
    sql, bound = compile_filter(
        node,
        fields(),
        words=party_list.words(store.dialect, "contact"),
        clock=clock,
        user=user,
        dynamic=_dynamic(store),
    )
    state = f"contact.deleted_at IS {'NOT NULL' if deleted else 'NULL'}"
    at = f"contact.lifecycle_stage IN ({marks(LEAD_STAGES)})"
    parameters: list[object] = list(LEAD_STAGES)
    if only_open:
        scope = f"{at} AND coalesce(contact.lead_status, '') NOT IN ({marks(LEAD_CLOSED)})"
        parameters += LEAD_CLOSED
    else:
        # As it is written each half is a range of an index.
        scope = f"({state} AND {at} OR {state} AND contact.lead_status IN ({marks(LEAD_STATUS)}))"
        parameters += LEAD_STATUS
    return f"{state} AND {scope}" + (f" AND {sql}" if sql else ""), [*parameters, *bound]


def _dynamic(store: Store) -> Callable[[str], Field | None]:
    """Fields that the team made; the score, by which leads are sorted, is none, as the database does not know it."""
    own = party_list.dynamic(store, "contact")

    def find(name: str) -> Field | None:
        found = own(name)
        if found is None and name == "score":
            hint = "those with at least 50: crm lead list --min 50; their ids for other commands: -o ids"
            raise UsageError("the score is computed when it is read, and no filter can ask about it", hint)
        return found

    return find


def page(store: Store, where: Condition, sort: str, limit: int | None) -> list[int]:
    """The keys of the contacts that a condition holds for, in an order of SORTS; one more than `limit` if there are."""
    direction = " DESC" if sort.startswith("-") else ""
    order = ", ".join(f"{part}{direction}" for part in SORTS[sort.lstrip("-")])
    sql = (
        "SELECT contact.id FROM contact LEFT JOIN user_account ON user_account.id = contact.owner_id"
        f" WHERE {where[0]} ORDER BY {order}"
    )
    if limit is None:
        return [row["id"] for row in store.rows(sql, where[1])]
    return [row["id"] for row in store.rows(f"{sql} LIMIT ?", [*where[1], limit + 1])]


def rows(store: Store, keys: Sequence[int], columns: Sequence[str]) -> list[Row]:
    """Columns of contacts, in the order of the keys."""
    found: dict[int, Row] = {}
    for part in slices(keys):
        sql = f"SELECT {', '.join(columns)} FROM contact WHERE id IN ({listed(part)})"
        found.update((row["id"], row) for row in store.rows(sql))
    return [found[key] for key in keys if key in found]


def untouched(store: Store, keys: Iterable[int]) -> list[int]:
    """Those of some contacts that are new leads."""
    sql = (
        f"SELECT id FROM contact WHERE id IN ({listed([0, *keys])}) AND lead_status = 'new'"
        f" AND lifecycle_stage IN ({marks(LEAD_STAGES)}) ORDER BY id"
    )
    return [row["id"] for row in store.rows(sql, LEAD_STAGES)]


# --- what the journal knows


def merged(store: Store, key: int) -> list[int]:
    """The contacts that were merged into one, without those that were merged into these."""
    sql = "SELECT record_id FROM merged_record WHERE noun = 'contact' AND kept_id = ? ORDER BY record_id"
    return [row["record_id"] for row in store.rows(sql, [key])]


def changes(store: Store, key: int) -> list[Row]:
    """The changes of a contact's own row that are not erased, the oldest first."""
    sql = (
        "SELECT operation_id, before, after FROM change WHERE noun = 'contact' AND record_id = ?"
        " AND table_name = 'contact' AND after IS NOT NULL ORDER BY id"
    )
    return store.rows(sql, [key])


def notes(store: Store, keys: Sequence[int], operations: Iterable[int]) -> dict[int, str]:
    """What was noted about contacts in the same operations, by operation."""
    sql = (
        "SELECT change.operation_id, interaction.body FROM change"
        " JOIN interaction ON interaction.id = change.row_id AND interaction.deleted_at IS NULL"
        " JOIN participant ON participant.interaction_id = interaction.id"
        f" WHERE change.operation_id IN ({listed([0, *operations])}) AND change.table_name = 'interaction'"
        f" AND change.before IS NULL AND interaction.direction = 'internal' AND interaction.body IS NOT NULL"
        f" AND participant.contact_id IN ({listed([0, *keys])}) ORDER BY change.id"
    )
    return {row["operation_id"]: row["body"] for row in store.rows(sql)}
