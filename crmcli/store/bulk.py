"""The write gate for very many new rows: the same checks, journal and search, each done for all rows at once.

A row through `Gate.insert` costs a hundred microseconds, of which SQLite's own work is a tenth. Here rows come as
tuples, are written by one statement a table, and their journal is made by the database from the rows themselves. Where
there are more new rows than old ones, indexes are made anew afterwards.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from crmcli.kernel.bloom import BloomFilter
from crmcli.store import indexing, search
from crmcli.store.ddl import statements
from crmcli.store.gate import Gate
from crmcli.store.journal import RECORDS, SALT
from crmcli.store.matching import keys
from crmcli.store.nouns import OWNERS, PARTIES
from crmcli.store.schema import TABLES

# From so many expected rows on it pays to make indexes anew, unless there are more old ones.
MANY = 5_000
# So many must have been new before more are taken for new: in a nightly import nearly none is.
PROOF = 2_000
LARGE_CACHE_KIB = 32_000
# Indexes that a large load makes anew afterwards: nothing that an import asks needs them.
LATE = (
    *(
        f"ix_{noun}_{name}"
        for noun in PARTIES
        for name in ("page", "last_inbound", "last_outbound", "created", "updated", "owner", "stage", "market")
    ),
    "ix_source_record_operation",
)
# Those that a large load of orders makes anew: what it asks is found by the key of an order and what others know it by.
ORDERS = (
    *(f"ix_sales_order_{name}" for name in ("number", "contact", "company", "day", "unpaid", "open", "deal", "series")),
    "ix_order_line_product",
    "ix_payment_day",
    "ix_source_record_operation",
)
COUNTED = (*search.NAMES, "sales_order")
"""The tables whose new rows tell how large a load is."""
# Those by which records that are here are found, and what belongs to them: while they are gone, `Bulk.met` tells what
# is new.
MATCHING = (
    "ix_contact_name_key",
    "ix_email_value_key",
    "ix_email_domain",
    "ix_phone_e164",
    "ix_phone_digits",
    *(f"ix_{table}_{noun}" for table in ("email", "phone", "address", "url") for noun in PARTIES),
    "ix_tagging_tag",
    "ix_custom_value_field",
    "ix_employment_company",
    "ux_source_record_digest",
    "ux_search_name_record",
    "ux_search_text_record",
)
# A record is met again by about so many texts: addresses, numbers, names, its digest.
KEYS_OF_A_RECORD = 6
# A set of words that is known to be in search_word; emptied when it grows beyond this.
MOST_WORDS = 400_000


class Bulk:
    """New rows of one operation.

    `met` is there while records cannot be looked up, and knows the keys of all that are there, see `matching.keys`. Who
    writes a record then first asks it, and keeps for later what it may have met.

    Args:
        gate: of the open transaction.
    """

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.connection = gate.connection
        self.written = 0
        self.met: BloomFilter | None = None
        self._words: set[str] = set()
        self._dropped: tuple[str, ...] = ()
        # Of the tables of words the last rows from before anything was dropped.
        self._last_words: dict[str, int] = {}
        self._had_enough = False
        self._cache_size = 0

    def reserve(self, table: str, count: int) -> int:
        """The first of `count` keys that nothing else will get."""
        if self.connection.dialect == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            sql = f"SELECT setval({sequence}, nextval({sequence}) + ? - 1) AS last"
            return int(self.connection.execute(sql, [count]).fetchone()["last"]) - count + 1
        row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
        first = (row["seq"] if row else 0) + 1
        if row:
            self.connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", [first + count - 1, table])
        else:
            self.connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, count])
        return first

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write new rows and their journal.

        Args:
            table: where to.
            columns: what the values of a row are: all that differ from the defaults, the derived ones too. Without
                `id` the rows get the next keys in their order.
            rows: the values, checked as `crmcli.store.gate` checks them: of the types and lengths of their columns.
        """
        if not rows:
            return
        if columns[0] != "id":
            first = self.reserve(table, len(rows))
            columns = ("id", *columns)
            rows = [(key, *row) for key, row in enumerate(rows, first)]
        filled, whole, rows = _filled_columns(columns, rows)
        self.connection.insert_rows(table, filled, rows)
        self.written += len(rows) if table in COUNTED else 0
        low, high = rows[0][0], rows[-1][0]
        statement = _journal(self.connection.dialect, table, tuple(filled), whole)
        self.gate.journal_rows(statement, [low, high], len(rows))

    def index(self, noun: str, entries: Iterable[tuple[int, str, str, str]]) -> None:
        """Make new contacts or companies findable.

        Each entry has the key, and words: of the names, of all that the record is called by, of other texts.
        """
        names: list[tuple[str, int, str]] = []
        texts: list[tuple[str, int, int, str]] = []
        words: set[str] = set()
        for key, spelt, called, written in entries:
            words.update(spelt.split())
            if called:
                names.append((noun, key, called))
            if written:
                short = len(written) < search.PART
                parts = [written] if short else search.parts(written.split())
                texts += [(noun, key, part, text) for part, text in enumerate(parts)]
        self.connection.insert_rows("search_name", ("noun", "record_id", "text"), names)
        self.connection.insert_rows("search_text", ("noun", "record_id", "part", "text"), texts)
        self.remember(words)

    def remember(self, words: set[str]) -> None:
        """Put words of names under their misspelling keys, as far as they are new."""
        fresh = {word for word in words - self._words if search.is_spelt(word)}
        if not fresh:
            return
        if len(self._words) > MOST_WORDS:
            self._words.clear()
        self._words |= fresh
        indexing.remember(self.connection, fresh)

    def expect(self, left: int, *, matching: bool, orders: bool = False) -> None:
        """Say that about so many records are still to come.

        Where they will be most of the database, what need not follow every row is dropped now and made anew at the end;
        without `matching` that goes for the indexes too by which records are looked up. With `orders` they are orders,
        whose customers are always looked up.
        """
        if self.connection.dialect != "sqlite" or self._dropped or self._had_enough or left < MANY:
            return
        among = ("sales_order",) if orders else tuple(search.NAMES)
        if self.written < PROOF or self.written + left < 2 * max(map(self._last, among)):
            return
        self._cache_size = self.connection.execute("PRAGMA cache_size").fetchone()["cache_size"]
        self.connection.execute(f"PRAGMA cache_size=-{LARGE_CACHE_KIB}")
        # The rows were checked when they were prepared, by the same rules.
        self.connection.execute("PRAGMA ignore_check_constraints=ON")
        self._dropped = ORDERS if orders else LATE
        if not matching and not orders:
            self._dropped += MATCHING
            self.met = BloomFilter(KEYS_OF_A_RECORD * (left + self._last("contact")))
            self.met.meet(keys(self.connection))
        self._suspend()

    def finish(self) -> None:
        """Make anew what was dropped; from now on all is kept."""
        self._had_enough = True
        if self._dropped:
            self._resume()
            self._restore_settings()

    def abandon(self) -> None:
        """Let the connection be as it was, before a rollback, which brings back what was dropped."""
        if self._dropped:
            self._restore_settings()

    def _restore_settings(self) -> None:
        self.connection.execute("PRAGMA ignore_check_constraints=OFF")
        self.connection.execute(f"PRAGMA cache_size={self._cache_size}")
        self._dropped, self.met = (), None

    def _suspend(self) -> None:
        """Drop what is made anew, and let the search index follow only the rows that are there already."""
        for name in _made(self._dropped):
            self.connection.execute(f"DROP INDEX {name}")
        self._last_words = {table: self._last(table) for table in search.INDEXES}
        for table, last in self._last_words.items():
            for name, statement in _triggers(table).items():
                self.connection.execute(f"DROP TRIGGER {name}")
                if not name.endswith("_added"):
                    known = statement.replace(" begin ", f" when old.id <= {last} begin ", 1)
                    self.connection.execute(known)

    def _resume(self) -> None:
        for table, index in search.INDEXES.items():
            for name, statement in _triggers(table).items():
                self.connection.execute(f"DROP TRIGGER IF EXISTS {name}")
                self.connection.execute(statement)
            sql = f"INSERT INTO {index}(rowid, text) SELECT id, text FROM {table} WHERE id > ?"
            self.connection.execute(sql, [self._last_words[table]])
        for statement in _made(self._dropped).values():
            self.connection.execute(statement)

    def _last(self, table: str) -> int:
        return int(self.connection.execute(f"SELECT coalesce(max(id), 0) AS n FROM {table}").fetchone()["n"])


def _filled_columns(
    columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> tuple[Sequence[str], bool, Sequence[Sequence[object]]]:
    """The columns of which any row has a value, whether all rows have all of those, and the rows of just those.

    The driver takes as long for ten empty columns as for the row itself.
    """
    by_column = list(zip(*rows, strict=True))
    empty = [values.count(None) for values in by_column]
    kept = [place for place, count in enumerate(empty) if count < len(rows)]
    whole = not any(empty[place] for place in kept)
    if len(kept) == len(columns):
        return columns, whole, rows
    return [columns[place] for place in kept], whole, list(zip(*(by_column[place] for place in kept), strict=True))


@cache
def _made(names: Sequence[str]) -> dict[str, str]:
    """The statements that make these indexes of SQLite, as far as there are such."""
    found = {}
    for statement in statements("sqlite"):
        head, _, rest = statement.partition("INDEX ")
        name = rest.partition(" ")[0]
        if head in ("CREATE ", "CREATE UNIQUE ") and name in names:
            found[name] = statement
    return found


@cache
def _triggers(table: str) -> dict[str, str]:
    """The statements that make the triggers of a table of words."""
    made = [statement for statement in statements("sqlite") if statement.startswith(f"create trigger {table}_")]
    return {statement.split()[2]: statement for statement in made}


@cache
def _journal(dialect: str, table: str, filled: tuple[str, ...], whole: bool) -> str:
    """The statement that journals the rows of a table between two keys, as `Gate` journals one.

    Its parameters: the operation, the lowest and the highest key. `filled` are the columns that were written, and
    `whole` tells that all rows have all of them; what is empty does not stand in the journal.
    """
    entries = [entry for entry in TABLES[table].columns.values() if entry.kind != "key" and not entry.derived]
    names = [entry.name for entry in entries if entry.name in filled or entry.default is not None]
    pairs = ", ".join(f"'{name}', {name}" for name in names)
    if dialect == "postgresql":
        image = f"json_strip_nulls(json_build_object({pairs}))::text"
    else:
        image = f"json_object({pairs})" if whole else f"json_patch('{{}}', json_object({pairs}))"
    noun, key = _owner(table)
    return (
        "INSERT INTO change (operation_id, table_name, row_id, noun, record_id, before, after, salt)"
        f" SELECT ?, '{table}', id, {noun}, {key}, NULL, {image}, {SALT[dialect]} FROM {table}"
        " WHERE id BETWEEN ? AND ? ORDER BY id"
    )


def _owner(table: str) -> tuple[str, str]:
    """The expressions for the record that a row belongs to; see `crmcli.store.journal.record_of`."""
    if table in RECORDS:
        return f"'{table}'", "id"
    columns = TABLES[table].columns
    owners = [(noun, column) for column, noun in OWNERS if column in columns]
    if not owners:
        return "NULL", "NULL"
    noun, column = owners[0]
    if columns[column].required or len(owners) == 1:
        return f"'{noun}'", column
    return f"CASE WHEN {column} IS NULL THEN '{owners[1][0]}' ELSE '{noun}' END", f"coalesce({column}, {owners[1][1]})"
