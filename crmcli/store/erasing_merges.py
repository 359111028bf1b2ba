"""What merges that were taken back wrote of a person into the rows of others: the journal says it still.

While two records were one, what the one was called and what was noted of it stood in the row of the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from json import loads

from crmcli.store.connection import Row
from crmcli.store.sql import listed
from crmcli.store.store import Store
from crmcli.store.texts import text_columns

NOUN = "contact"
SHORTEST = 4
"""A shorter text of the person is no sign of a longer one in which it stands."""
Said = Mapping[str, set[str]]


def said(rows: Iterable[Row]) -> Said:
    """What rows of the person, or images of them, have in each column that holds texts."""
    found: dict[str, set[str]] = {name: set() for name in text_columns(NOUN)}
    for row in rows:
        for name, texts in found.items():
            if row.get(name):
                texts.add(str(row[name]))
    return found


def changes(store: Store, contacts: Sequence[int], texts: Said) -> list[Row]:
    """The changes of others, made while they were one with the person or when that began and ended, that say what the
    person's row said: `id` and `operation_id`."""
    others: set[int] = set()
    operations: set[int] = set()
    sql = "SELECT operation_id, before, after FROM change WHERE table_name = 'merged_record' ORDER BY id"
    for change in store.rows(sql):
        image = loads(change["before"] or change["after"] or "{}")
        pair = {image.get("record_id"), image.get("kept_id")}
        if image.get("noun") == NOUN and not pair.isdisjoint(contacts):
            others |= pair.difference(contacts)
            operations.add(change["operation_id"])
    if not others:
        return []
    sql = (
        "SELECT id, operation_id, before, after FROM change WHERE noun = ? AND table_name = ?"
        f" AND record_id IN ({listed(sorted(others))}) AND operation_id BETWEEN ? AND ? ORDER BY id"
    )
    rows = store.rows(sql, [NOUN, NOUN, min(operations), max(operations)])
    return [row for row in rows if any(_says(loads(row[side]), texts) for side in ("before", "after") if row[side])]


def _says(image: Row, texts: Said) -> bool:
    return any(
        text == image[name] or (len(text) >= SHORTEST and text in str(image[name]))
        for name, found in texts.items()
        if image.get(name)
        for text in found
    )
