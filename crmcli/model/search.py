"""The search index: names apart from long text, and the words that names are made of.

Texts are folded and cut into words by `crmcli.kernel.text` before they come here, so that both databases find the same
things. SQLite adds FTS5 tables over these rows, PostgreSQL GIN indexes.
"""

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key


class SearchName(SQLModel, table=True):
    """The words by which a contact or company is called: names, e-mail addresses, phones, company, tags."""

    __tablename__ = "search_name"

    id: int | None = primary_key()
    noun: str = column("text", required=True, length=60)
    record_id: int = column("integer", required=True)
    text: str = column("long", required=True)

    __table_args__ = (index("ux_search_name_record", "noun", "record_id", unique=True),)


class SearchText(SQLModel, table=True):
    """The words that a person wrote: notes, subjects, bodies, field values. A very long text is cut into parts."""

    __tablename__ = "search_text"

    id: int | None = primary_key()
    noun: str = column("text", required=True, length=60)
    record_id: int = column("integer", required=True)
    part: int = column("integer", required=True, default=0)
    text: str = column("long", required=True)

    __table_args__ = (index("ux_search_text_record", "noun", "record_id", "part", unique=True),)


class SearchWord(SQLModel, table=True):
    """A word of some name, under each key that it has when one letter is left out (the SymSpell method).

    A mistyped word shares such a key with the right one, so that candidates cost a look-up and not a scan.
    """

    __tablename__ = "search_word"

    id: int | None = primary_key()
    key: str = column("text", required=True, length=64)
    word: str = column("text", required=True, length=64)

    __table_args__ = (index("ux_search_word_key", "key", "word", unique=True),)


def _full_text(table: str, prefix: str) -> list[str]:
    """An FTS5 table over the rows of `table`, and the triggers that keep it in step."""
    index_name = f"{table}_fts"
    tokenizer = "unicode61 remove_diacritics 0"
    add = f"insert into {index_name}(rowid, text) values (new.id, new.text);"
    drop = f"insert into {index_name}({index_name}, rowid, text) values ('delete', old.id, old.text);"
    return [
        f"create virtual table {index_name} using fts5"
        f"(text, content='{table}', content_rowid='id', prefix='{prefix}', tokenize='{tokenizer}')",
        f"create trigger {table}_added after insert on {table} begin {add} end",
        f"create trigger {table}_removed after delete on {table} begin {drop} end",
        f"create trigger {table}_changed after update on {table} begin {drop} {add} end",
    ]


def _words(table: str) -> str:
    return f"create index ix_{table}_words on {table} using gin (array_to_tsvector(string_to_array(text, ' ')))"


SQLITE_EXTRAS = [*_full_text("search_name", "2 3"), *_full_text("search_text", "3")]

# The letters-without-accents function that filters use; SQLite gets the same from Python when a connection opens.
POSTGRESQL_EXTRAS = [
    "create function crm_fold(value text) returns text language sql immutable parallel safe "
    "return lower(regexp_replace(normalize(value, NFKD), '[\\u0300-\\u036f]', '', 'g'))",
    _words("search_name"),
    _words("search_text"),
]
