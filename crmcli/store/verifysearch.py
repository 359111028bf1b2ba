"""Whether the search index holds what it should: the words of every record, and those of names under their keys."""

from collections.abc import Iterator, Mapping, Sequence

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.similarity import deletes
from crmcli.store import search
from crmcli.store.connection import Connection, Row
from crmcli.store.fault import Fault, record_name
from crmcli.store.sql import ENDLESS
from crmcli.store.sqlite import is_damage

PAGE = 200
_Texts = dict[int, list[str | None]]
_NOUN_TABLES = {"search_name": tuple(search.NAMES), "search_text": tuple(search.TEXTS)}


def faults(connection: Connection) -> Iterator[Fault]:
    """What is missing, too much or otherwise than it should be in `search_name`, `search_text` and `search_word`."""
    spelt: set[str] = set()
    for noun in search.TEXTS:
        last, low = 0, -ENDLESS
        columns = ", ".join(("id", "deleted_at", *search.NAMES.get(noun, ()), *search.TEXTS[noun]))
        sql = f"SELECT {columns} FROM {noun} WHERE id > ? ORDER BY id LIMIT {PAGE}"
        while rows := connection.rows(sql, [last]):
            last = rows[-1]["id"]
            yield from _page(connection, noun, rows, (low, last), spelt)
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
    connection: Connection, noun: str, rows: Sequence[Row], ends: tuple[int, int], spelt: set[str]
) -> Iterator[Fault]:
    living = [row for row in rows if row["deleted_at"] is None]
    children = _Children(connection, noun, (rows[0]["id"], rows[-1]["id"])) if rows else None
    names: dict[int, str] = {}
    texts: dict[int, str] = {}
    for row in living:
        assert children is not None
        called, written, words = children.expected(row)
        spelt.update(words)
        if called:
            names[row["id"]] = called
        if written:
            texts[row["id"]] = written
    if noun in search.NAMES:
        yield from _held(connection, "search_name", noun, ends, names)
    yield from _held(connection, "search_text", noun, ends, texts)


class _Children:
    """The words of a page of records."""

    def __init__(self, connection: Connection, noun: str, ends: tuple[int, int]) -> None:
        self.connection, self.noun, self.ends = connection, noun, ends
        self.names: list[_Texts] = []
        self.texts: list[_Texts] = []
        if noun in search.NAMES:
            self.names = [self._read(table, columns) for table, columns in search.NAME_CHILDREN.items()]
            self.national = self._read("phone", ("e164",))
            self.domains = self._read("company_domain", ("domain",)) if noun == "company" else {}
            self.texts = [self._read(table, columns) for table, columns in search.TEXT_CHILDREN.items()]
            self.texts.append(self._tags())

    def expected(self, row: Row) -> tuple[str, str, list[str]]:
        """What `search.refresh` would write of a record: what it is called, its other words; and those of its name."""
        key, texts = row["id"], [row[name] for name in search.TEXTS[self.noun]]
        if self.noun not in search.NAMES:
            return "", " ".join(search.words(texts)), []
        own = [row[name] for name in search.NAMES[self.noun]]
        names = [*own, *(text for found in self.names for text in found.get(key, ()))]
        names += search.national(self.national.get(key, ())) + list(self.domains.get(key, ()))
        texts += [text for found in self.texts for text in found.get(key, ())]
        return search.called(names), " ".join(search.words(texts)), search.words(own)

    def _read(self, table: str, columns: Sequence[str]) -> _Texts:
        owner = f"{self.noun}_id"
        names = ", ".join((f"{owner} AS owner", *columns))
        sql = f"SELECT {names} FROM {table} WHERE {owner} BETWEEN ? AND ? ORDER BY {owner}, id"
        return self._grouped(sql, columns)

    def _tags(self) -> _Texts:
        owner = f"tagging.{self.noun}_id"
        sql = (
            f"SELECT {owner} AS owner, tag.name FROM tagging JOIN tag ON tag.id = tagging.tag_id"
            f" WHERE {owner} BETWEEN ? AND ? ORDER BY 1, 2"
        )
        return self._grouped(sql, ("name",))

    def _grouped(self, sql: str, columns: Sequence[str]) -> _Texts:
        found: _Texts = {}
        for row in self.connection.rows(sql, self.ends):
            found.setdefault(row["owner"], []).extend(row[name] for name in columns)
        return found


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
    for table, nouns in _NOUN_TABLES.items():
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
