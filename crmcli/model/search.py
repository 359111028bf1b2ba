"""The search index: names apart from long text, and the words that names are made of.

Texts are folded and cut into words by `crmcli.kernel.text` before they come here, so that both databases find the same
things. SQLite adds FTS5 tables over these rows, PostgreSQL GIN indexes.
"""

from unicodedata import decomposition

from sqlmodel import SQLModel

from crmcli.kernel.text import fold
from crmcli.model.base import column, index, primary_key


class SearchName(SQLModel, table=True):
    """The words by which a contact or company is called: its names, e-mail addresses, phone numbers and domains."""

    __tablename__ = "search_name"

    id: int | None = primary_key()
    noun: str = column("text", required=True, length=60)
    record_id: int = column("integer", required=True)
    text: str = column("long", required=True)

    __table_args__ = (index("ux_search_name_record", "noun", "record_id", unique=True),)


class SearchText(SQLModel, table=True):
    """All other words that a person wrote: notes, subjects, bodies, field values, tags, addresses, links.

    A very long text is cut into parts.
    """

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

# Where the characters stand that `fold` changes and that do not decompose, as of Unicode 14. What is newer is left out,
# so that every Python compiles the same function.
_FOLDED = (
    (0x00AD, 0x0376), (0x037F, 0x037F), (0x0391, 0x03A1), (0x03A3, 0x052E), (0x0531, 0x0556), (0x0591, 0x05C7),
    (0x0610, 0x06ED), (0x0711, 0x074A), (0x07EB, 0x07F3), (0x07FD, 0x082D), (0x0859, 0x085B), (0x0898, 0x0954),
    (0x09FE, 0x09FE), (0x0F18, 0x0F39), (0x0F82, 0x0F87), (0x0FC6, 0x0FC6), (0x108D, 0x10C5), (0x10C7, 0x10C7),
    (0x10CD, 0x10CD), (0x135D, 0x135F), (0x13F8, 0x13FD), (0x17DD, 0x17DD), (0x18A9, 0x18A9), (0x1939, 0x193B),
    (0x1A17, 0x1A18), (0x1A75, 0x1A7C), (0x1A7F, 0x1A7F), (0x1AB0, 0x1ACE), (0x1B6B, 0x1B73), (0x1C80, 0x1C88),
    (0x1C90, 0x1CBA), (0x1CBD, 0x1CBF), (0x1CD0, 0x1CF9), (0x1DC0, 0x1EFE), (0x200B, 0x2019), (0x20D0, 0x20F0),
    (0x2132, 0x2183), (0x2C00, 0x2CF2), (0x2DE0, 0x2DFF), (0x302A, 0x302F), (0xA640, 0xA6F1), (0xA722, 0xA7C9),
    (0xA7D0, 0xA7D0), (0xA7D6, 0xA7D8), (0xA7F5, 0xA7F5), (0xA8E0, 0xA92D), (0xAAB0, 0xAAC1), (0xAB70, 0xABBF),
    (0xFB1E, 0xFB1E), (0xFE0E, 0xFE0F), (0xFE20, 0xFE2F), (0xFEFF, 0xFEFF), (0x10400, 0x10427), (0x104B0, 0x104D3),
    (0x10C80, 0x10CB2), (0x10D24, 0x10D27), (0x118A0, 0x118BF), (0x16B30, 0x16B36), (0x16E40, 0x16E5F),
    (0x1E008, 0x1E018), (0x1E130, 0x1E136), (0x1E2EC, 0x1E2EF), (0x1E8D0, 0x1E8D6), (0x1E900, 0x1E949),
)  # fmt: skip
# `translate` looks each character up in a list, from its beginning: the usual ones stand there first, as themselves.
_USUAL = "etaoinshrdlucmfwypvbgkjqxz 0123456789.,-'оеаинтсрвлкмдпуяьαοιετσνηυρκπμλ"


def _fold_function() -> str:
    """`crmcli.kernel.text.fold` in the SQL of PostgreSQL; SQLite is given the Python one when a connection opens.

    Every letter is named, because `lower` would need a collation that knows more than ASCII, and servers have none of
    the same name in common: pg_c_utf8 begins with 17, ICU and the locales of the system may be missing.
    """
    changed = {}
    for first, last in _FOLDED:
        for letter in map(chr, range(first, last + 1)):
            if not decomposition(letter) and fold(letter) != letter:
                changed[letter] = fold(letter)
    dropped = [letter for letter, plain in changed.items() if not plain]
    single = {letter: plain for letter, plain in changed.items() if len(plain) == 1}
    folded = f"translate(bare, {_literal(_USUAL + ''.join(single))}, {_literal(_USUAL + ''.join(single.values()))})"
    for letter, plain in changed.items():
        if len(plain) > 1:
            folded = f"replace({folded}, {_literal(letter)}, {_literal(plain)})"
    # Texts in scripts without capitals are not looked up.
    letters = [pair for pair in _FOLDED if any(changed.get(chr(code)) for code in range(pair[0], pair[1] + 1))]
    within = "".join(f"{_escaped(first)}-{_escaped(last)}" for first, last in letters)
    ascii_lower = 'lower({} collate "C")'.format
    bare = (
        f"regexp_replace(normalize(value, NFKD), '[{''.join(_escaped(ord(letter)) for letter in dropped)}]', '', 'g')"
    )
    return (
        "create function crm_fold(value text) returns text language sql immutable parallel safe return"
        f" case when octet_length(value) = length(value) then {ascii_lower('value')} else"
        f" (select normalize(case when bare ~ '[{within}]' then {folded} else bare end, NFC)"
        f" from (select {ascii_lower(bare)} as bare) as value_without_accents) end"
    )


def _escaped(code: int) -> str:
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


POSTGRESQL_EXTRAS = [_fold_function(), _words("search_name"), _words("search_text")]
