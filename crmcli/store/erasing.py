"""What the database holds of a person, wherever it stands, and taking it out: rows, journal and words of the search.

A person is the record and all that were merged into it. The tables are read by the columns that refer to contacts; the
journal is read once from end to end, since it also tells of rows that are gone by now.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from json import loads

from crmcli.kernel.similarity import deletes
from crmcli.store import erasing_files, erasing_merges, erasing_reminders, erasing_sales, journal, origins
from crmcli.store.connection import Connection, Row
from crmcli.store.gate import Gate
from crmcli.store.merges import references
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store

NOUN = "contact"
# So many changes of the journal are looked at by one statement.
WINDOW = 20_000
# What belongs to an interaction, in the order in which it can be removed.
PARTS = ("attachment", "message", "participant")
POINTING = ("interaction_id", "closing_interaction_id")
PAIRS = (("merged_record", "record_id"), ("merged_record", "kept_id"),
         ("distinct_pair", "first_id"), ("distinct_pair", "second_id"))  # fmt: skip


@dataclass
class Traces:
    """Where a person's words stand.

    `rows` are the person's own, by table, in an order in which they can be removed; `alone` the interactions of nobody
    else, `shared` those of others, too; `changes` the keys of the changes in the journal that say something of the
    person, and `shared_changes` those of what is shared, which may; `tags` are tags that nobody else has.

    `sent` are those of `shared` that the person wrote; see `crmcli.store.erasing_files`.

    `common` are deals, cases and orders of others, too, by table; `orders` the orders of the person alone, of which the
    figures stay; `common_changes` those of `changes` that are of `common`; see `crmcli.store.erasing_sales`.
    """

    contacts: list[int]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    alone: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    sent: set[int] = field(default_factory=set)
    changes: list[int] = field(default_factory=list)
    shared_changes: list[int] = field(default_factory=list)
    operations: set[int] = field(default_factory=set)
    tags: list[int] = field(default_factory=list)
    common: dict[str, list[int]] = field(default_factory=dict)
    orders: list[Row] = field(default_factory=list)
    lost: dict[str, list[int]] = field(default_factory=dict)
    common_changes: set[int] = field(default_factory=set)

    def count(self, table: str) -> int:
        """How many of the person's own rows a table has."""
        return len(self.rows.get(table, ()))


def by_uids(store: Store, uids: Sequence[str]) -> list[int]:
    """The contacts of these uids, deleted ones, too."""
    found: list[int] = []
    for part in slices(uids):
        sql = f"SELECT id FROM contact WHERE uid IN ({marks(part)}) ORDER BY id"
        found += [row["id"] for row in store.rows(sql, part)]
    return found


def traces(store: Store, key: int) -> Traces:
    """Where the words of a contact stand, who may be deleted."""
    found = Traces(list(dict.fromkeys([key, *origins.merged_into(store, NOUN, key)])))
    known = listed(found.contacts)
    for table, column in references(NOUN):
        found.rows[table] = store.rows(f"SELECT * FROM {table} WHERE {column} IN ({known}) ORDER BY id")
    _find_pairs(store, found)
    history = _history(store, found)
    _sort_interactions(store, found, history)
    found.common, found.lost, found.orders = erasing_sales.sort(store, found.contacts, found.rows, history)
    for table in PARTS:
        sql = f"SELECT * FROM {table} WHERE interaction_id IN ({listed([0, *found.alone])}) ORDER BY id"
        taken = {row["id"]: row for row in [*found.rows.get(table, ()), *store.rows(sql)]}
        found.rows[table] = list(taken.values())
    found.rows["attachment_content"] = _contents(store, found)
    sql = f"SELECT * FROM interaction WHERE id IN ({listed([0, *found.alone])}) ORDER BY id"
    found.rows["interaction"] = store.rows(sql)
    found.rows[NOUN] = store.rows(f"SELECT * FROM contact WHERE id IN ({known}) ORDER BY id")
    found.rows["reminder"] = _reminders(store, found, history)
    found.tags = _own_tags(store, found)
    found.rows["tag"] = store.rows(f"SELECT * FROM tag WHERE id IN ({listed([0, *found.tags])}) ORDER BY id")
    _find_changes(store, found, history)
    return found


def _find_pairs(store: Store, found: Traces) -> None:
    known = listed(found.contacts)
    for table, column in PAIRS:
        rows = store.rows(f"SELECT * FROM {table} WHERE noun = ? AND {column} IN ({known}) ORDER BY id", [NOUN])
        have = {row["id"]: row for row in [*found.rows.get(table, ()), *rows]}
        found.rows[table] = list(have.values())


def _history(store: Store, found: Traces) -> list[Row]:
    """All changes whose images name the person: of rows that are there and of those that are gone."""
    named = journal.naming("contact_id", found.contacts)
    test = " OR ".join(["before LIKE ? OR after LIKE ?"] * len(named))
    parameters = [name for name in named for _ in range(2)]
    last = store.value("SELECT max(id) AS last FROM change") or 0
    sql = (
        "SELECT id, operation_id, table_name, row_id, noun, record_id FROM change"
        f" WHERE id > ? AND id <= ? AND ({test}) ORDER BY id"
    )
    rows: list[Row] = []
    for start in range(0, last, WINDOW):
        rows += store.rows(sql, [start, start + WINDOW, *parameters])
    return rows


def _sort_interactions(store: Store, found: Traces, history: Sequence[Row]) -> None:
    """Tell the interactions of nobody else from those of others, too, by who takes part in them."""
    mine = {row["interaction_id"] for row in found.rows["participant"]}
    earlier = {row["record_id"] for row in history if row["table_name"] == "participant"} - mine - {None}
    others = _with_others(store, found, sorted(mine))
    found.alone = sorted(mine - others)
    found.shared = sorted(others | _still_there(store, sorted(earlier)))
    # What was removed altogether, by an undo, is told of by the journal alone.
    found.alone += sorted(earlier - set(found.shared))
    parts = [(row["id"], row["interaction_id"]) for row in found.rows["participant"]]
    parts += [(row["row_id"], row["record_id"]) for row in history if row["table_name"] == "participant"]
    found.sent = erasing_files.sent(store, found.contacts, found.shared, parts)


def take_files(store: Store, found: Traces, attachments: Iterable[Row]) -> None:
    """Let these attachments of what is shared go, too, with their bytes and what the journal says of both.

    Bytes go that nothing else has, also those that a purge or an undo left to the journal alone.
    """
    rows = found.rows["attachment"] = [*found.rows["attachment"], *attachments]
    found.rows["attachment_content"] = _contents(store, found)
    loose = {table: {row["id"] for row in found.rows[table]} for table in ("attachment", "attachment_content")}
    picked = {row["id"]: row["operation_id"] for row in _loose_changes(store, loose)}
    every = sorted({*found.changes, *picked})
    said = [image for table, image in images(store, every) if table == "attachment"]
    digests = {row["digest"] for row in (*rows, *said) if row.get("digest")}
    lost = {digest for digest in digests if not erasing_files.having(store, digest, loose["attachment"])}
    picked |= {row["id"]: row["operation_id"] for row in erasing_files.journalled(store, lost)}
    found.changes = sorted({*found.changes, *picked})
    found.operations |= set(picked.values())
    found.shared_changes = sorted(set(found.shared_changes) - set(picked))


def _with_others(store: Store, found: Traces, keys: Sequence[int]) -> set[int]:
    others: set[int] = set()
    for part in slices(keys):
        sql = (
            f"SELECT DISTINCT interaction_id FROM participant WHERE interaction_id IN ({marks(part)})"
            f" AND (contact_id IS NULL OR contact_id NOT IN ({listed(found.contacts)}))"
        )
        others |= {row["interaction_id"] for row in store.rows(sql, part)}
    return others


def _still_there(store: Store, keys: Sequence[int]) -> set[int]:
    return {row["id"] for row in store.rows(f"SELECT id FROM interaction WHERE id IN ({listed([0, *keys])})")}


def _contents(store: Store, found: Traces) -> list[Row]:
    """The bytes of attachments that no other interaction has; without the bytes themselves."""
    gone = {row["id"] for row in found.rows["attachment"]}
    left = []
    for digest in sorted({row["digest"] for row in found.rows["attachment"]}):
        having = {row["id"] for row in store.rows("SELECT id FROM attachment WHERE digest = ?", [digest])}
        if having <= gone:
            left += store.rows("SELECT id, digest FROM attachment_content WHERE digest = ?", [digest])
    return left


def _reminders(store: Store, found: Traces, history: Sequence[Row]) -> list[Row]:
    """What was told of the person, also of follow-ups and cases that an undo or a purge took away since."""
    cases = [*(row["id"] for row in found.rows["support_case"]), *found.lost["support_case"]]
    followups = _ever(store, "followup", found, history)
    return erasing_reminders.told(store, followups=followups, cases=cases, contacts=found.contacts)


def _ever(store: Store, noun: str, found: Traces, history: Sequence[Row]) -> list[int]:
    """The keys of the person's rows of a table, with those that are no more; without what is somebody else's by now."""
    here = {row["id"] for row in found.rows[noun]}
    ever = {row["record_id"] for row in history if row["table_name"] == noun}
    others = store.rows(f"SELECT id FROM {noun} WHERE id IN ({listed([0, *(ever - here)])})")
    return sorted((here | ever) - {row["id"] for row in others})


def _own_tags(store: Store, found: Traces) -> list[int]:
    mine = {row["tag_id"] for row in found.rows["tagging"]}
    own = []
    for tag in sorted(mine):
        having = store.rows("SELECT id, contact_id FROM tagging WHERE tag_id = ?", [tag])
        if all(row["contact_id"] in found.contacts for row in having):
            own.append(tag)
    return own


def _find_changes(store: Store, found: Traces, history: Sequence[Row]) -> None:
    """The changes that say something of the person."""
    picked = {row["id"]: row for row in history}
    records = {NOUN: found.contacts, "interaction": found.alone}
    for noun in ("followup", "cadence"):
        records[noun] = _ever(store, noun, found, history)
    for noun, lost in found.lost.items():
        mine = found.orders if noun == "sales_order" else found.rows[noun]
        records[noun] = [*(row["id"] for row in mine), *lost]
    for noun, keys in records.items():
        picked.update({row["id"]: row for row in _changes_of(store, noun, keys)})
    loose = {
        table: {row["id"] for row in found.rows[table]} for table in ("tag", "attachment_content", "merged_record")
    }
    for row in _loose_changes(store, loose):
        picked[row["id"]] = row
    own = [row["id"] for row in _changes_of(store, NOUN, found.contacts)]
    former = [image for table, image in images(store, own) if table == NOUN]
    texts = erasing_merges.said([*found.rows[NOUN], *former])
    picked.update({row["id"]: row for row in erasing_merges.changes(store, found.contacts, texts)})
    found.changes = sorted(picked)
    found.operations = {row["operation_id"] for row in picked.values()}
    shared = _changes_of(store, "interaction", found.shared)
    for noun, keys in found.common.items():
        of_others = _changes_of(store, noun, keys)
        found.common_changes |= {row["id"] for row in of_others if row["id"] in picked}
        shared += of_others
    found.shared_changes = sorted({row["id"] for row in shared} - picked.keys())


def _changes_of(store: Store, noun: str, keys: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for part in slices(keys):
        sql = f"SELECT id, operation_id FROM change WHERE noun = ? AND record_id IN ({marks(part)}) ORDER BY id"
        rows += store.rows(sql, [noun, *part])
    return rows


def _loose_changes(store: Store, wanted: dict[str, set[int]]) -> Iterator[Row]:
    """The changes of rows that belong to no record, such as tags."""
    for table, keys in wanted.items():
        if not keys:
            continue
        last = store.value("SELECT max(id) AS last FROM change") or 0
        sql = (
            "SELECT id, operation_id FROM change WHERE id > ? AND id <= ? AND table_name = ?"
            f" AND row_id IN ({listed(keys)}) ORDER BY id"
        )
        for start in range(0, last, WINDOW):
            yield from store.rows(sql, [start, start + WINDOW, table])


def images(store: Store, changes: Iterable[int]) -> Iterator[tuple[str, Row]]:
    """The table and each image of these changes."""
    for part in slices(list(changes)):
        sql = f"SELECT table_name, before, after FROM change WHERE id IN ({marks(part)}) ORDER BY id"
        for row in store.rows(sql, part):
            for name in ("before", "after"):
                if row[name] is not None:
                    yield row["table_name"], loads(row[name])


# --- taking it out


REMOVED = (
    "followup", "cadence", "attachment", "message", "participant", "interaction", "tagging", "tag",
    "employment", "email", "phone", "address", "url", "custom_value", "preference", "external_id", "extra_property",
    "consent", "merged_record", "distinct_pair", "attachment_content", "deal_contact", "deal_line", "deal_stage",
    "deal", "case_status", "support_case", "contact",
)  # fmt: skip


def remove(gate: Gate, found: Traces) -> None:
    """Remove the person's rows. Follow-ups of others that came of an interaction of the person's no longer name it."""
    for column in POINTING:
        mine = {row["id"] for row in found.rows["followup"]}
        sql = f"SELECT id FROM followup WHERE {column} IN ({listed([0, *found.alone])}) ORDER BY id"
        for row in gate.connection.rows(sql):
            if row["id"] not in mine:
                gate.update("followup", row["id"], {column: None})
    erasing_sales.release(gate, found.rows)
    erasing_reminders.remove(gate.connection, found.rows["reminder"])
    with gate.wordless():
        for table in REMOVED:
            for row in found.rows.get(table, ()):
                gate.delete(table, row["id"])
    gate.refresh()
    # A re-import looks at these records again, and leaves the person out.
    for part in slices(sorted(found.operations)):
        gate.connection.execute(f"DELETE FROM source_record WHERE operation_id IN ({marks(part)})", part)


def forget_words(connection: Connection, words: Iterable[str]) -> None:
    """Forget those of these words that no name has any more, with the keys of their misspellings."""
    for word in sorted(set(words)):
        if not _is_in_a_name(connection, word):
            for key in sorted({word, *deletes(word)}):
                connection.execute("DELETE FROM search_word WHERE key = ? AND word = ?", [key, word])


def words_left(connection: Connection, words: Iterable[str]) -> list[str]:
    """Those of these words that the search knows the misspellings of, although no name has them."""
    left = []
    for part in slices(sorted(set(words))):
        sql = f"SELECT DISTINCT word FROM search_word WHERE word IN ({marks(part)}) ORDER BY word"
        left += [row["word"] for row in connection.rows(sql, part)]
    return [word for word in left if not _is_in_a_name(connection, word)]


def _is_in_a_name(connection: Connection, word: str) -> bool:
    if connection.dialect == "sqlite":
        sql = "SELECT 1 AS found FROM search_name_fts WHERE search_name_fts MATCH ? LIMIT 1"
        return bool(connection.rows(sql, [f'"{word}"']))
    sql = (
        "SELECT 1 AS found FROM search_name"
        " WHERE array_to_tsvector(string_to_array(text, ' ')) @@ CAST(quote_literal(?) AS tsquery) LIMIT 1"
    )
    return bool(connection.rows(sql, [word]))


def rows_of_interactions(store: Store, table: str, keys: Sequence[int]) -> list[Row]:
    """The rows of interactions (`table` is interaction), or of what belongs to them."""
    column = "id" if table == "interaction" else "interaction_id"
    rows: list[Row] = []
    for part in slices(keys):
        rows += store.rows(f"SELECT * FROM {table} WHERE {column} IN ({marks(part)}) ORDER BY id", part)
    return rows


def by_keys(store: Store, table: str, keys: Iterable[int]) -> list[Row]:
    """The rows of a table with these keys."""
    rows: list[Row] = []
    for part in slices(sorted(keys)):
        rows += store.rows(f"SELECT * FROM {table} WHERE id IN ({marks(part)}) ORDER BY id", part)
    return rows


def clean_file_names(connection: Connection, clean: Callable[[str | None], str | None]) -> None:
    """Take a person's names out of the names of files that were imported, whoever was in them."""
    for row in connection.rows("SELECT id, name FROM import_run ORDER BY id"):
        if clean(row["name"]) != row["name"]:
            connection.execute("UPDATE import_run SET name = ? WHERE id = ?", [clean(row["name"]), row["id"]])
