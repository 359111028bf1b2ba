"""Reads that find contacts and companies by what they are called. Every one of them uses an index."""

from collections.abc import Sequence

from crmcli.kernel.similarity import deletes, distance
from crmcli.kernel.text import tokens
from crmcli.store.connection import Row
from crmcli.store.derive import email_key, name_key
from crmcli.store.sql import marks
from crmcli.store.store import Store

NAME = {"contact": "display_name", "company": "name"}
# More words than this would name nobody and cost much.
MOST_WORDS = 16
# Fewer letters have too many neighbours, more are no word of a name.
SHORTEST_WORD = 3
LONGEST_WORD = 32
TWO_SLIPS_FROM = 7
MOST_NEAR_WORDS = 8
MOST_CORRECTIONS = 20
MOST_COUNTED = 20
ENOUGH = 1000


def by_id(store: Store, noun: str, key: int, *, deleted: bool = False) -> list[Row]:
    """The record with this key."""
    return _select(store, noun, "r.id = ?", [key], deleted=deleted)


def by_uid(store: Store, uid: str, nouns: Sequence[str]) -> tuple[str, int] | None:
    """The noun and key of the record that has this uid, deleted or not."""
    for noun in nouns:
        key = store.value(f"SELECT id FROM {noun} WHERE uid = ?", [uid])
        if key is not None:
            return noun, key
    return None


def by_name(store: Store, text: str, nouns: Sequence[str], *, deleted: bool = False) -> list[Row]:
    """Records of exactly this name, accents and case aside; of the deleted ones those that were not merged."""
    condition = "r.name_key = ?"
    if deleted:
        merged = "SELECT 1 AS one FROM merged_record m WHERE m.noun = '{noun}' AND m.record_id = r.id"
        condition += f" AND NOT EXISTS ({merged})"
    return _each(store, nouns, condition, [name_key(text)], deleted=deleted)


def by_email(store: Store, text: str, nouns: Sequence[str]) -> list[Row]:
    """Records with this e-mail address."""
    condition = "r.id IN (SELECT {noun}_id FROM email WHERE value_key = ?)"
    return _each(store, nouns, condition, [email_key(text)])


def by_phone(store: Store, e164: str | None, plain: str, nouns: Sequence[str]) -> list[Row]:
    """Records with this phone number: in E.164, or else with the same digits."""
    found = _each(store, nouns, "r.id IN (SELECT {noun}_id FROM phone WHERE e164 = ?)", [e164]) if e164 else []
    return found or _each(store, nouns, "r.id IN (SELECT {noun}_id FROM phone WHERE digits = ?)", [plain])


def by_external_id(store: Store, source: str, key: str, nouns: Sequence[str]) -> list[Row]:
    """The record that another system knows by this key."""
    condition = "r.id IN (SELECT {noun}_id FROM external_id WHERE source = ? AND key = ?)"
    return _each(store, nouns, condition, [source.lower(), key])


def by_domain(store: Store, text: str) -> list[Row]:
    """Companies of this internet domain."""
    condition = "r.id IN (SELECT company_id FROM company_domain WHERE domain = ?)"
    return _select(store, "company", condition, [text.lower()])


def by_part(store: Store, text: str, nouns: Sequence[str], limit: int, *, begun: bool = True) -> list[Row]:
    """Records with a word in their names for each word of `text`, complete or, with `begun`, only begun."""
    words = tokens(text)[:MOST_WORDS]
    if not words:
        return []
    sql, parameters = matching(store.dialect, "search_name", words, begun=begun)
    found = store.rows(
        f"SELECT noun, record_id FROM search_name WHERE {sql} AND noun IN ({marks(nouns)}) LIMIT ?",
        [*parameters, *nouns, limit],
    )
    return [row for entry in found for row in by_id(store, entry["noun"], entry["record_id"])]


def matching(dialect: str, table: str, words: Sequence[str], *, begun: bool = True) -> tuple[str, list[object]]:
    """The condition that a row of a search table holds each of `words`, complete or, with `begun`, only begun."""
    if dialect == "sqlite":
        return f"id IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)", [
            " ".join(f'"{word}"{" *" if begun else ""}' for word in words)
        ]
    return "array_to_tsvector(string_to_array(text, ' ')) @@ cast(? AS tsquery)", [
        " & ".join(f"'{word}'{':*' if begun else ''}" for word in words)
    ]


def nearest_names(store: Store, words: Sequence[str], nouns: Sequence[str], limit: int) -> list[Row]:
    """Records whose names hold, for each word, that word or one that differs from it by a slip of the finger."""
    found: dict[tuple[str, int], Row] = {}
    for choice in corrections(store, words):
        for row in by_part(store, " ".join(choice), nouns, limit):
            found.setdefault((row["noun"], row["id"]), row)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def corrections(store: Store, words: Sequence[str]) -> list[list[str]]:
    """What the words may have meant, the likeliest first: words of names in the place of mistyped ones."""
    return _combinations([near_words(store, word) or [word] for word in words[:MOST_WORDS]])[:MOST_CORRECTIONS]


def near_words(store: Store, word: str) -> list[str]:
    """Words of names that are at most one slip away from `word` (two for a long word), the nearest first.

    Of two slips those are found that leave a word with at most one letter that the other lacks, which most do.
    """
    if len(word) < SHORTEST_WORD or len(word) > LONGEST_WORD:
        return []
    keys = deletes(word)
    limit = 1
    if len(word) >= TWO_SLIPS_FROM:
        keys |= {shorter for key in keys for shorter in deletes(key)}
        limit = 2
    slips = {other: distance(word, other, limit) for other in _words_under(store, sorted(keys))}
    near = sorted((steps, other[0] != word[0], other) for other, steps in slips.items() if steps <= limit)
    ranked = [(*entry[:2], -_frequency(store, entry[2]), entry[2]) for entry in near[:MOST_COUNTED]]
    return [other for *_, other in sorted(ranked)[:MOST_NEAR_WORDS]]


def _frequency(store: Store, word: str) -> int:
    """How many names hold a word, counted no further than needed to tell the usual from the rare."""
    sql, parameters = matching(store.dialect, "search_name", [word], begun=False)
    query = f"SELECT count(*) AS n FROM (SELECT 1 AS one FROM search_name WHERE {sql} LIMIT {ENOUGH}) AS counted"
    return int(store.value(query, parameters))


def _words_under(store: Store, keys: Sequence[str]) -> set[str]:
    sql = "SELECT DISTINCT word FROM search_word WHERE key IN ({}) LIMIT 500"
    return {
        row["word"]
        for start in range(0, len(keys), 500)
        for row in store.rows(sql.format(marks(keys[start : start + 500])), keys[start : start + 500])
    }


def labels(store: Store, records: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What tells records of one name apart: the primary e-mail address and the company."""
    found = {}
    for noun, key in records:
        email = store.value(f"SELECT value FROM email WHERE {noun}_id = ? ORDER BY is_primary DESC, id LIMIT 1", [key])
        company = None
        if noun == "contact":
            company = store.value(
                "SELECT c.name FROM employment e JOIN company c ON c.id = e.company_id"
                " WHERE e.contact_id = ? ORDER BY e.is_primary DESC, e.id LIMIT 1",
                [key],
            )
        found[noun, key] = "".join(f", {part}" for part in (company, email) if part)
    return found


def _combinations(spellings: Sequence[Sequence[str]]) -> list[list[str]]:
    """The likeliest ways to spell the words: each at its nearest, then one of them at a time at its others."""
    first = [options[0] for options in spellings]
    others = [
        [*first[:place], other, *first[place + 1 :]] for place, options in enumerate(spellings) for other in options[1:]
    ]
    return [first, *others] if first else []


def _each(
    store: Store, nouns: Sequence[str], condition: str, parameters: Sequence[object], *, deleted: bool = False
) -> list[Row]:
    return [
        row
        for noun in nouns
        for row in _select(store, noun, condition.replace("{noun}", noun), parameters, deleted=deleted)
    ]


def _select(
    store: Store, noun: str, condition: str, parameters: Sequence[object], *, deleted: bool = False
) -> list[Row]:
    state = "IS NOT NULL" if deleted else "IS NULL"
    return store.rows(
        f"SELECT '{noun}' AS noun, r.id, r.{NAME[noun]} AS name FROM {noun} r"
        f" WHERE {condition} AND r.deleted_at {state} ORDER BY r.id LIMIT 50",
        parameters,
    )
