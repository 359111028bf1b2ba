"""What records of others say of a person in running text, and taking it out: out of the rows and out of the journal.

Nothing is taken out of what others are called or reached by: somebody else may have the same name.
"""

from typing import TYPE_CHECKING, NamedTuple

from crmcli.services.erasing.words import Eraser, Words
from crmcli.store import erasing, mentions
from crmcli.store.connection import Row
from crmcli.store.erasing import Traces
from crmcli.store.journal import record_of
from crmcli.store.store import Store

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

# What is written about something, by table; names, addresses, numbers and keys are none of these.
TEXTS = {
    "contact": ("job_title", "department", "lead_source", "notes"),
    "company": ("industry", "notes"),
    "interaction": ("subject", "body"),
    "message": ("quoted",),
    "attachment": ("name",),
    "followup": ("subject", "note", "outcome_note"),
    "deal": ("name", "note", "lost_reason", "source", "custom"),
    "deal_line": ("name",),
    "deal_contact": ("role",),
    "sales_order": ("note", "source", "custom"),
    "order_line": ("name",),
    "payment": ("reference",),
    "support_case": ("subject", "description", "resolution", "custom"),
    "product": ("category", "description", "custom"),
    "address": ("street_address", "extended_address"),
    "custom_value": ("value",),
    "preference": ("value",),
    "employment": ("role",),
    "consent": ("source",),
    "extra_property": ("line",),
}


class Others(NamedTuple):
    """Rows of others that name a person, with the table of each, and such changes of the journal."""

    rows: list[tuple[str, Row]]
    changes: list[int]

    def records(self) -> list[tuple[str, int]]:
        """The records that the rows belong to."""
        found = [record_of(table, row["id"], row) for table, row in self.rows]
        return [record for record in dict.fromkeys(found) if record is not None]


def find(store: Store, traces: Traces, words: Words, eraser: Eraser) -> Others:
    """Where others name a person in running text."""
    own = {(table, row["id"]) for table, rows in traces.rows.items() for row in rows}
    taken = {*traces.changes, *traces.shared_changes}
    told: dict[str, set[int]] = {}
    for places in mentions.places(store, sorted(words.forms())).places.values():
        for place in places:
            if (place.table, place.key) not in own:
                told.setdefault(place.table, set()).add(place.key)
    texts = [(table, told[table]) for table in TEXTS if table in told]
    rows = [(table, row) for table, keys in texts for row in erasing.by_keys(store, table, keys)]
    changes = [key for key in sorted(told.get(mentions.JOURNAL, set()) - taken) if _is_in_text(store, key, eraser)]
    return Others([(table, row) for table, row in rows if eraser.changed(row, TEXTS[table])], changes)


def _is_in_text(store: Store, change: int, eraser: Eraser) -> bool:
    said = [(image, TEXTS.get(table, ())) for table, image in erasing.images(store, [change])]
    return any(eraser.finds(str(image[name])) for image, names in said for name in names if image.get(name))


def clean(gate: "Gate", others: Others, eraser: Eraser) -> None:
    """Take the person out of these rows; of the changes the caller takes the words."""
    for table, row in others.rows:
        gate.update(table, row["id"], eraser.changed(row, TEXTS[table]))
