"""Erasing one person within a transaction that is open."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.services.erasing import files, others
from crmcli.services.erasing.files import Files
from crmcli.services.erasing.others import Others
from crmcli.services.erasing.words import ERASED, Eraser, Words, named_key
from crmcli.store import chain, erasing, erasing_reminders, erasing_sales, erasures, suppression
from crmcli.store.connection import Row
from crmcli.store.erasing import Traces
from crmcli.store.store import Store

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

# What may name the person in what is shared with others, by table.
TEXTS = {"interaction": ("subject", "body"), "message": ("quoted",), "attachment": ("name",)}
# Where another record may have the same, so that it must go on being taken in: kind -> table and column.
SHARED_KEYS = {"email": ("email", "value_key"), "phone": ("phone", "digits")}


class Found(NamedTuple):
    """A person as the database has one: where the words stand, what they are, the files of what is shared, and what of
    others is to be cleaned."""

    traces: Traces
    words: Words
    files: Files
    others: Others


class Extent(NamedTuple):
    """What goes beside what is the person's own, when it is asked for.

    `mentions`: names, addresses and numbers in what is written on others; `unread_files`: of messages that others have,
    too, attached files that cannot be looked into.
    """

    mentions: bool = False
    unread_files: bool = False


OWN_ALONE = Extent()


def look(store: Store, key: int, extent: Extent = OWN_ALONE) -> Found:
    """Where a contact's words stand, and what they are."""
    traces = erasing.traces(store, key)
    words = Words()
    for table, rows in traces.rows.items():
        for row in rows:
            words.add(table, row)
    for order in traces.orders:
        words.add("sales_order", order)
    # What is said in deals and cases of others is not the person's alone.
    for table, image in erasing.images(store, [key for key in traces.changes if key not in traces.common_changes]):
        words.add(table, image)
    eraser = Eraser(words)
    chosen = files.choose(store, traces, eraser, unread_too=extent.unread_files)
    erasing.take_files(store, traces, chosen.going)
    named = others.find(store, traces, words, eraser) if extent.mentions else Others([], [])
    return Found(traces, words, chosen, named)


def erase(gate: "Gate", store: Store, found: Found, details: Mapping[str, Any], secret: str) -> None:
    """Take a person out: rows, names in what is shared, journal, search; and keep what must not come back.

    Args:
        gate: of the open transaction.
        store: the store.
        found: what `look` returned in this transaction.
        details: `erased_at`, `actor` and `reason` of the rows of `erasure`.
        secret: of the digests.
    """
    traces, words = found.traces, found.words
    eraser = Eraser(words)
    people = traces.rows["contact"]
    reason = eraser.clean(details.get("reason"))
    dirty = _dirty(store, traces, eraser)
    with gate.wordless():
        others.clean(gate, found.others, eraser)
        for table, row in _shared_rows(store, traces):
            changed = eraser.changed(row, TEXTS[table])
            if changed:
                gate.update(table, row["id"], changed)
        erasing_sales.empty(gate, traces.contacts, traces.common, traces.orders, eraser.changed, eraser.kept)
    erasing.remove(gate, traces)
    chain.erase(gate.connection, [*traces.changes, *dirty, *found.others.changes])
    erasing.forget_words(gate.connection, words.spelt)
    erasing.clean_file_names(gate.connection, eraser.clean)
    erasing_reminders.clean(gate.connection, eraser.clean, lambda said: _error(said, eraser, words))
    keys = [
        erasures.keep(gate, {"uid": row["uid"], "record_id": row["id"], **details, "reason": reason}) for row in people
    ]
    _suppress(gate, store, words, next(iter(keys), None), secret)


def _error(said: str | None, eraser: Eraser, words: Words) -> str | None:
    """What another program said when a reminder failed: whole, or not at all where it may quote what was told."""
    if said is None or (eraser.kept(said) and not any(text in said for text in words.texts)):
        return said
    return ERASED


def _shared_rows(store: Store, traces: Traces) -> list[tuple[str, Row]]:
    return [(table, row) for table in TEXTS for row in erasing.rows_of_interactions(store, table, traces.shared)]


def _dirty(store: Store, traces: Traces, eraser: Eraser) -> list[int]:
    """The changes of what is shared with others whose images name the person."""
    found = []
    for key in traces.shared_changes:
        said = [str(value) for _, image in erasing.images(store, [key]) for value in image.values()]
        if any(eraser.finds(text) for text in said):
            found.append(key)
    return found


def _is_shared(store: Store, key: str, table: str, column: str) -> bool:
    dialled = suppression.number_of(key)
    condition = f"{column} = ?" if dialled is None else f"{column} LIKE ?"
    value = key if dialled is None else f"%{dialled}"
    return bool(store.rows(f"SELECT id FROM {table} WHERE {condition} LIMIT 1", [value]))


def _suppress(gate: "Gate", store: Store, words: Words, erasure: int | None, secret: str) -> None:
    """Suppress what the person was known by, and nobody else is."""
    for key, kind in words.keys.items():
        if kind in SHARED_KEYS and _is_shared(store, key, *SHARED_KEYS[kind]):
            continue
        suppression.add(gate, store, erasure, kind, [suppression.digest(secret, key)])
    suppression.add(gate, store, erasure, "external", [suppression.digest(secret, key) for key in sorted(words.sales)])
    if words.only_named():
        digests = [suppression.digest(secret, named_key(name)) for name in sorted(words.names)]
        suppression.add(gate, store, erasure, suppression.NAMED, digests)
