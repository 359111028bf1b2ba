"""Reads of the search index, each bounded, so that a word which a million records hold costs as little as a rare one.

No score is computed over all matches: the newest matches are taken, as many as are asked for, and ranked by the caller.
"""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.kernel.text import FIRST_IDEOGRAPH, tokens
from crmcli.store.connection import Row
from crmcli.store.names import MOST_WORDS, NAME
from crmcli.store.sql import marks
from crmcli.store.store import Store

# The index keeps lists of what begins with two and three letters for names, and with three for texts. Gathering what
# begins with fewer would read most of it; of a longer beginning, the words that begin so are looked up first.
SHORTEST_BEGINNING = {"search_name": 2, "search_text": 3}
LONGEST_BEGINNING = 3
# Words with one beginning that are looked for.
MOST_SPELLINGS = 40
# Matches of the index that are looked through for those of the wanted kind.
MOST_MATCHES = 20_000
LAST_CHARACTER = "\U0010ffff"


class Term(NamedTuple):
    """Words that follow one another; the last may be only begun, unless the person put them between quotes."""

    words: tuple[str, ...]
    quoted: bool = False

    @property
    def text(self) -> str:
        """The words with spaces between them, as they stand in the index."""
        return " ".join(self.words)


class Entry(NamedTuple):
    """A row of the search index that matched: its age, the record, and its words."""

    id: int
    noun: str
    record_id: int
    text: str


def terms(text: str) -> list[Term]:
    """What a person looks for: each stretch without spaces, or between double quotes, is one term."""
    found = []
    for number, part in enumerate(text.split('"')):
        quoted = number % 2 == 1
        for stretch in [part] if quoted else part.split():
            words = tuple(tokens(stretch)[:MOST_WORDS])
            if words:
                found.append(Term(words, quoted))
    return found[:MOST_WORDS]


def entries(
    store: Store, table: str, sought: Sequence[Term], nouns: Sequence[str], limit: int, *, begun: bool
) -> list[Entry]:
    """The newest rows of `search_name` or `search_text` that hold all terms.

    Args:
        store: the database.
        table: which of the two indexes.
        sought: the terms.
        nouns: the kinds of record wanted.
        limit: how many at most.
        begun: the last word of a term may be only begun; else all must be whole.
    """
    short = [term for term in sought if begun and is_short(term, table)]
    indexed = [term for term in sought if term not in short]
    indexed += [Term(term.words[:-1], quoted=True) for term in short if len(term.words) > 1]
    if not indexed:
        return []
    source, conditions, parameters = (_sqlite if store.dialect == "sqlite" else _postgresql)(
        store, table, indexed, begun
    )
    conditions.append(f"n.noun IN ({marks(nouns)})")
    parameters += nouns
    # What the index cannot answer is looked up in the words themselves. None of them holds a % or _.
    for term in short if store.dialect == "sqlite" else sought:
        if term in short or len(term.words) > 1:
            conditions.append("' ' || n.text || ' ' LIKE ?")
            parameters.append(f"% {term.text}%" if begun and not term.quoted else f"% {term.text} %")
    rows = store.rows(
        f"SELECT n.id, n.noun, n.record_id, n.text FROM {source} WHERE {' AND '.join(conditions)}"
        f"{'' if store.dialect == 'sqlite' else ' ORDER BY n.id DESC'} LIMIT ?",
        [*parameters, limit],
    )
    return [Entry(**row) for row in rows]


def is_short(term: Term, table: str = "search_name") -> bool:
    """Whether the index has no list of what begins with the last word, though it may be only begun."""
    return _may_be_begun(term) and len(term.words[-1]) < SHORTEST_BEGINNING[table]


def _may_be_begun(term: Term) -> bool:
    # A word of one character is never only begun.
    return not term.quoted and term.words[-1] < FIRST_IDEOGRAPH


def _sqlite(store: Store, table: str, sought: Sequence[Term], begun: bool) -> tuple[str, list[str], list[object]]:
    """The newest matches come first from the index, and the outer loop of a CROSS JOIN keeps their order."""
    match = " AND ".join(_match(store, table, term, begun) for term in sought)
    newest = f"SELECT rowid AS id FROM {table}_fts WHERE {table}_fts MATCH ? ORDER BY rowid DESC LIMIT {MOST_MATCHES}"
    return f"({newest}) m CROSS JOIN {table} n", ["n.id = m.id"], [match]


def _match(store: Store, table: str, term: Term, begun: bool) -> str:
    if not (begun and _may_be_begun(term)):
        return f'"{term.text}"'
    if len(term.words[-1]) <= LONGEST_BEGINNING:
        return f'"{term.text}" *'
    spellings = [" ".join((*term.words[:-1], last)) for last in _spellings(store, table, term.words[-1])]
    return "(" + " OR ".join(f'"{spelling}"' for spelling in spellings or [term.text]) + ")"


def _spellings(store: Store, table: str, word: str) -> list[str]:
    """Words of the index that begin with `word`: a look-up for each, however many records hold it."""
    store.connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_word USING fts5vocab(main, {table}_fts, instance)"
    )
    found: list[str] = []
    after = word
    while len(found) < MOST_SPELLINGS:
        row = store.row(f"SELECT term FROM temp.{table}_word WHERE term >= ? LIMIT 1", [after])
        if row is None or not row["term"].startswith(word):
            break
        found.append(row["term"])
        after = row["term"] + "\1"
    return found


def _postgresql(store: Store, table: str, sought: Sequence[Term], begun: bool) -> tuple[str, list[str], list[object]]:
    """The index tells which words a row holds, and not whether they are neighbours."""
    words = []
    for term in sought:
        words += [f"'{word}'" for word in term.words]
        if begun and _may_be_begun(term):
            words[-1] += ":*"
    match = "array_to_tsvector(string_to_array(n.text, ' ')) @@ cast(? AS tsquery)"
    return f"{table} n", [match], [" & ".join(words)]


def beginning(store: Store, key: str, nouns: Sequence[str], limit: int) -> list[Row]:
    """Contacts and companies whose folded name begins with `key`, in alphabetical order."""
    return [
        row
        for noun in nouns
        for row in store.rows(
            f"SELECT '{noun}' AS noun, id, {NAME[noun]} AS name FROM {noun}"
            " WHERE name_key >= ? AND name_key < ? AND deleted_at IS NULL ORDER BY name_key, id LIMIT ?",
            [key, key + LAST_CHARACTER, limit],
        )
    ]
