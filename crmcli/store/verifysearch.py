"""Whether the search index holds what it should: the words of every record, and those of names under their keys."""

from collections.abc import Iterator, Mapping, Sequence

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.similarity import deletes
from crmcli.store import search
from crmcli.store.connection import Connection
from crmcli.store.fault import Fault, record_name
from crmcli.store.indexing import PAGE, wordings
from crmcli.store.sql import ENDLESS
from crmcli.store.sqlite import is_damage

NOUNS = {"search_name": tuple(search.NAMES), "search_text": tuple(search.TEXTS)}
"""Of which kinds of records each table holds words."""


def faults(connection: Connection) -> Iterator[Fault]:
    """What is missing, too much or otherwise than it should be in `search_name`, `search_text` and `search_word`."""
    spelt: set[str] = set()
    for noun in search.TEXTS:
        last, low = 0, -ENDLESS
        sql = f"SELECT id FROM {noun} WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT {PAGE}"
        while rows := connection.rows(sql, [last]):
            last = rows[-1]["id"]
            yield from _page(connection, noun, [row["id"] for row in rows], (low, last), spelt)
            low = last + 1
        yield from _page(connection, noun, [], (low, ENDLESS), spelt)
    yield from _others(connection)
    yield from _words(connection, spelt)


def full_text(connection: Connection, index: str) -> Fault | None:
    """Whether an index of SQLite's own fits its table, told by the index itself.

    To look in this way counts as writing for SQLite: it needs a transaction for writing, which is taken back, and
    others wait with their changes meanwhile. No such transaction may be open.

    Raises:
        DatabaseUnavailable: others are writing, or the file is read-only.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    except CrmError as error:
        if isinstance(error, DatabaseUnavailable) and not is_damage(error):
            raise
        return Fault(f"{index} does not fit the words that it is an index of")
    finally:
        connection.execute("ROLLBACK")
    return None


def _page(
    connection: Connection, noun: str, keys: Sequence[int], ends: tuple[int, int], spelt: set[str]
) -> Iterator[Fault]:
    names: dict[int, str] = {}
    texts: dict[int, str] = {}
    for key, wording in wordings(connection, noun, keys).items():
        spelt.update(wording.spelt)
        if wording.called:
            names[key] = wording.called
        if wording.written:
            texts[key] = " ".join(wording.written)
    if noun in search.NAMES:
        yield from _held(connection, "search_name", noun, ends, names)
    yield from _held(connection, "search_text", noun, ends, texts)


def _held(
    connection: Connection, table: str, noun: str, ends: tuple[int, int], expected: Mapping[int, str]
) -> Iterator[Fault]:
    """Hold the index rows of some records against what they should be; the order of the words does not count."""
    order = "record_id, part" if table == "search_text" else "record_id"
    sql = f"SELECT record_id, text FROM {table} WHERE noun = ? AND record_id BETWEEN ? AND ? ORDER BY {order}"
    found: dict[int, str] = {}
    for row in connection.rows(sql, [noun, *ends]):
        key = row["record_id"]
        found[key] = f"{found[key]} {row['text']}" if key in found else row["text"]
    for key in sorted(expected.keys() | found.keys()):
        if found.get(key) == expected.get(key):
            continue
        record = (noun, key)
        if key not in expected:
            yield Fault(f"{table} holds words of {record_name(record)}, which should not be found", record)
        elif key not in found:
            yield Fault(f"{table} lacks {record_name(record)}", record)
        elif sorted(set(found[key].split())) != sorted(set(expected[key].split())):
            yield Fault(f"{table} holds other words of {record_name(record)} than it has", record)


def _others(connection: Connection) -> Iterator[Fault]:
    for table, nouns in NOUNS.items():
        known = ", ".join(f"'{noun}'" for noun in nouns)
        for row in connection.rows(f"SELECT DISTINCT noun FROM {table} WHERE noun NOT IN ({known})"):
            yield Fault(f"{table} holds words of '{row['noun']}', which is no kind of record")


def _words(connection: Connection, spelt: set[str]) -> Iterator[Fault]:
    counted: dict[str, int] = {}
    keys: dict[str, set[str]] = {}
    for portion in connection.stream("SELECT key, word FROM search_word"):
        for row in portion:
            word = row["word"]
            if word not in keys:
                keys.clear()  # the rows of a word mostly stand together
                keys[word] = deletes(word)
            if row["key"] in keys[word]:
                counted[word] = counted.get(word, 0) + 1
            else:
                yield Fault(f"search_word has '{word}' under '{row['key']}', which is none of its keys")
    for word in sorted(spelt):
        if search.is_spelt(word) and counted.get(word, 0) != len(deletes(word)):
            yield Fault(f"search_word lacks keys of '{word}', a word of a name")
