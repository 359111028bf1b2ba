"""What a shell offers to complete a word with: names, tags, users, follow-ups. Reads only, over its own connection.

A key press waits for this, so it imports next to nothing: neither the schema nor the store.
"""

from collections.abc import Iterator, Sequence

from crmcli.kernel.text import fold, tokens

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:  # no wheel for this platform
    import sqlite3

Error = sqlite3.Error
Suggestion = tuple[str, str]
"""The text to insert, and what tells it apart from others."""
Party = tuple[str, int, str, str]
"""Noun, key, name and folded name."""

MOST = 50
BUSY_SECONDS = 0.2
_NAMES = {"contact": ("display_name", "c"), "company": ("name", "co")}
_LAST = "\U0010ffff"


def open_file(path: str) -> sqlite3.Connection:
    """A connection that can only read; raises the driver's Error when there is no such database."""
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection: sqlite3.Connection = sqlite3.connect(f"file:{quoted}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    return connection


def suggest(connection: sqlite3.Connection, kind: str, typed: str) -> list[Suggestion]:
    """What `typed` may become; [] for a kind that is not kept in the database, or for one that cannot be read.

    Args:
        connection: from `open_file`.
        kind: one of KINDS; who is a contact or company.
        typed: the word so far, without its quoting.
    """
    try:
        found = KINDS[kind](connection, typed) if kind in KINDS else ()
        return [pair for pair in dict.fromkeys(found) if pair[0] and "".join(pair).isprintable()][:MOST]
    except Error:
        return []


def _parties(connection: sqlite3.Connection, typed: str, nouns: Sequence[str]) -> Iterator[Suggestion]:
    """Names that begin so, then those with words that begin so; the id where the name would not be understood."""
    if not typed.isprintable():
        return
    rows = list(_ids(connection, typed, nouns))
    rows += _beginning(connection, typed, nouns)
    if len(rows) < MOST and typed.strip():
        rows += _with_words(connection, typed, nouns)
    seen = set()
    for noun, key, name, name_key in rows:
        if (noun, key) in seen:
            continue
        seen.add((noun, key))
        ref = f"{_NAMES[noun][1]}{key}"
        if _says_who(connection, name, name_key, nouns) and not ref.startswith(typed.lower() or " "):
            yield name, ref
        else:
            yield ref, name


def _ids(connection: sqlite3.Connection, typed: str, nouns: Sequence[str]) -> Iterator[Party]:
    for noun in nouns:
        number = typed.lower().removeprefix(_NAMES[noun][1])
        if number != typed.lower() and number.isascii() and number.isdigit() and len(number) < 19:
            yield from _select(connection, noun, "id = ?", [int(number)])


def _beginning(connection: sqlite3.Connection, typed: str, nouns: Sequence[str]) -> Iterator[Party]:
    key = " ".join(fold(typed).split()) + (" " if typed[-1:] == " " and typed.strip() else "")
    for noun in nouns:
        yield from _select(connection, noun, "name_key >= ? AND name_key < ? ORDER BY name_key, id", [key, key + _LAST])


def _with_words(connection: sqlite3.Connection, typed: str, nouns: Sequence[str]) -> Iterator[Party]:
    words = tokens(typed)[:16]
    if not words or (len(words[-1]) < 2 and words[-1].isascii()):
        return
    match = " ".join(f'"{word}" *' for word in words)
    found = connection.execute(
        "SELECT n.noun, n.record_id FROM (SELECT rowid AS id FROM search_name_fts WHERE search_name_fts MATCH ?"
        f" ORDER BY rowid DESC LIMIT {MOST}) m CROSS JOIN search_name n ON n.id = m.id",
        [match],
    ).fetchall()
    for noun, key in found:
        if noun in nouns:
            yield from _select(connection, noun, "id = ?", [key])


def _select(connection: sqlite3.Connection, noun: str, condition: str, parameters: Sequence[object]) -> Iterator[Party]:
    where, _, order = condition.partition(" ORDER BY ")
    sql = f"SELECT id, {_NAMES[noun][0]}, name_key FROM {noun} WHERE {where} AND deleted_at IS NULL"
    for key, name, name_key in connection.execute(f"{sql} ORDER BY {order or 'id'} LIMIT {MOST}", parameters):
        yield noun, key, name, name_key


def _says_who(connection: sqlite3.Connection, name: str, name_key: str, nouns: Sequence[str]) -> bool:
    """Whether a name means this record alone, and is taken for nothing else on a command line."""
    if (
        name.startswith("-")
        or not name.isprintable()
        or (" " not in name and any(sign in name for sign in ":@.0123456789"))
    ):
        return False
    same = 0
    for noun in nouns:
        sql = f"SELECT id FROM {noun} WHERE name_key = ? AND deleted_at IS NULL LIMIT 2"
        same += len(connection.execute(sql, [name_key]).fetchall())
    return same == 1


def _contacts(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    return _parties(connection, typed, ("contact",))


def _companies(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    return _parties(connection, typed, ("company",))


def _who(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    return _parties(connection, typed, ("contact", "company"))


def _followups(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """The open ones about customers who are not deleted, by their ids, the next due first."""
    rows = connection.execute(
        "SELECT f.id, f.subject, coalesce(c.display_name, o.name) FROM followup f"
        " LEFT JOIN contact c ON c.id = f.contact_id LEFT JOIN company o ON o.id = f.company_id"
        " WHERE f.status = 'open' AND f.deleted_at IS NULL AND c.deleted_at IS NULL AND o.deleted_at IS NULL"
        " AND ('f' || f.id) LIKE ? ORDER BY f.due_at, f.id LIMIT ?",
        [_like(typed), MOST],
    )
    for key, subject, name in rows:
        yield f"f{key}", f"{subject} ({name})"


def _deals(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """Deals by their ids, the open ones first, the next to close first."""
    rows = connection.execute(
        "SELECT d.id, d.name, s.name FROM deal d JOIN stage s ON s.id = d.stage_id"
        " WHERE d.deleted_at IS NULL AND ('d' || d.id) LIKE ?"
        " ORDER BY CASE d.status WHEN 'open' THEN 0 ELSE 1 END, d.close_date IS NULL, d.close_date, d.id LIMIT ?",
        [_like(typed), MOST],
    )
    for key, name, stage in rows:
        yield f"d{key}", f"{name} ({stage})"


def _stages(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """The stages that are in use, with their pipelines, and next."""
    yield from connection.execute(
        "SELECT s.name, p.name FROM stage s JOIN pipeline p ON p.id = s.pipeline_id"
        " WHERE s.ended_at IS NULL AND s.name_key LIKE ? ORDER BY p.position, p.id, s.position, s.id LIMIT ?",
        [_like(fold(typed)), MOST],
    )


def _pipelines(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    sql = "SELECT name, '' FROM pipeline WHERE name_key LIKE ? ORDER BY position, id LIMIT ?"
    yield from connection.execute(sql, [_like(fold(typed)), MOST])


def _reasons(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """Why deals may be lost, with the pipelines in which they may."""
    for texts, pipeline in connection.execute("SELECT lost_reasons, name FROM pipeline ORDER BY position, id"):
        for reason in (one.strip() for one in (texts or "").split(",")):
            if fold(reason).startswith(fold(typed)):
                yield reason, pipeline


def _cases(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """The open ones by their ids, the newest first; where one is typed whole, also what is resolved or closed."""
    rows = connection.execute(
        "SELECT s.id, s.subject, coalesce(c.display_name, o.name) FROM support_case s"
        " LEFT JOIN contact c ON c.id = s.contact_id LEFT JOIN company o ON o.id = s.company_id"
        " WHERE s.deleted_at IS NULL AND c.deleted_at IS NULL AND (s.status IN ('new', 'open', 'pending')"
        " OR 'cs' || s.id = ?) AND ('cs' || s.id) LIKE ? ORDER BY s.opened_at DESC, s.id DESC LIMIT ?",
        [typed.lower(), _like(typed), MOST],
    )
    for key, subject, name in rows:
        yield f"cs{key}", f"{subject} ({name})" if name else subject


def _cadences(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """Those about customers who are not deleted, by their ids."""
    rows = connection.execute(
        "SELECT a.id, coalesce(c.display_name, o.name, a.filter), a.ideal FROM cadence a"
        " LEFT JOIN contact c ON c.id = a.contact_id LEFT JOIN company o ON o.id = a.company_id"
        " WHERE a.deleted_at IS NULL AND c.deleted_at IS NULL AND o.deleted_at IS NULL"
        " AND ('cad' || a.id) LIKE ? ORDER BY a.id LIMIT ?",
        [_like(typed), MOST],
    )
    for key, name, ideal in rows:
        yield f"cad{key}", f"{name} ({ideal})"


def _goals(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """Those that end first, by their ids."""
    rows = connection.execute(
        "SELECT id, coalesce(name, ends_on) FROM goal WHERE deleted_at IS NULL AND ('g' || id) LIKE ?"
        " ORDER BY ends_on, id LIMIT ?",
        [_like(typed), MOST],
    )
    for key, name in rows:
        yield f"g{key}", name


def _interactions(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """The newest by their ids."""
    rows = connection.execute(
        "SELECT id, coalesce(subject, substr(body, 1, 60), channel) FROM interaction"
        " WHERE deleted_at IS NULL AND ('i' || id) LIKE ? ORDER BY occurred_at DESC, id DESC LIMIT ?",
        [_like(typed), MOST],
    )
    for key, text in rows:
        yield f"i{key}", " ".join(text.split())


def _operations(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """The newest by their ids, with what was done."""
    rows = connection.execute(
        "SELECT id, command, actor FROM operation WHERE ('op' || id) LIKE ? ORDER BY id DESC LIMIT ?",
        [_like(typed), MOST],
    )
    for key, command, actor in rows:
        yield f"op{key}", f"{command} ({actor})"


def _users(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    sql = "SELECT name, coalesce(display_name, '') FROM user_account WHERE name_key LIKE ? AND deleted_at IS NULL"
    yield from connection.execute(f"{sql} ORDER BY name_key LIMIT ?", [_like(fold(typed)), MOST])


def _tags(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    key = fold(typed)
    sql = "SELECT name, '' FROM tag WHERE name_key >= ? AND name_key < ? ORDER BY name_key LIMIT ?"
    yield from connection.execute(sql, [key, key + _LAST, MOST])


def _fields(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """Custom fields, as `key=` is written."""
    sql = "SELECT name || '=', coalesce(description, type) FROM custom_field WHERE name LIKE ? ORDER BY name LIMIT ?"
    yield from connection.execute(sql, [_like(typed), MOST])


def _products(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """Those that are sold, by article number or name that begin so, else by id."""
    key = fold(typed)
    sql = (
        "SELECT id, name, sku, name_key FROM product WHERE deleted_at IS NULL AND (name_key >= ? AND name_key < ?"
        " OR sku LIKE ? OR ('p' || id) LIKE ?) ORDER BY active DESC, name_key, id LIMIT ?"
    )
    for number, name, sku, name_key in connection.execute(sql, [key, key + _LAST, *[_like(typed)] * 2, MOST]):
        if typed and sku and sku.lower().startswith(typed.lower()):
            yield sku, name
        elif name_key.startswith(key) and not (typed and f"p{number}".startswith(typed.lower())):
            yield name, f"p{number}"
        else:
            yield f"p{number}", name


def _orders(connection: sqlite3.Connection, typed: str) -> Iterator[Suggestion]:
    """The newest by their ids, or those whose number begins so, with customer, day and status."""
    digits = typed[1:] if typed[:1].lower() == "o" else ""
    if digits.isascii() and digits.isdigit() and len(digits) < 12:
        ranges = [(int(digits) * 10**more, (int(digits) + 1) * 10**more - 1) for more in range(4)]
        condition, values = (
            " OR ".join("o.id BETWEEN ? AND ?" for _ in ranges),
            [end for pair in ranges for end in pair],
        )
    elif typed.lower() in ("", "o"):
        condition, values = "1 = 1", []
    else:
        condition, values = "0 = 1", []
    begin = "SELECT o.id, o.number, coalesce(c.display_name, k.name, ''), o.ordered_on, o.status FROM sales_order o"
    begin += " LEFT JOIN contact c ON c.id = o.contact_id LEFT JOIN company k ON k.id = o.company_id"
    named: list[object] = [typed, typed + _LAST, MOST]
    by_number = "WHERE o.number IS NOT NULL AND o.number >= ? AND o.number < ? AND o.deleted_at IS NULL"
    for key, number, *told in (
        connection.execute(f"{begin} {by_number} ORDER BY o.number LIMIT ?", named) if typed else ()
    ):
        if not number.startswith("-"):
            yield number, f"o{key} {' '.join(filter(None, told))}"
    newest = f"{begin} WHERE ({condition}) AND o.deleted_at IS NULL ORDER BY o.ordered_on DESC, o.id DESC LIMIT ?"
    for key, number, *told in connection.execute(newest, [*values, MOST]):
        yield f"o{key}", " ".join(filter(None, (number, *told)))


def _like(typed: str) -> str:
    return "".join(letter for letter in typed if letter not in "%_") + "%"


KINDS = {
    "contact": _contacts,
    "company": _companies,
    "who": _who,
    "followup": _followups,
    "case": _cases,
    "cadence": _cadences,
    "deal": _deals,
    "stage": _stages,
    "pipeline": _pipelines,
    "reason": _reasons,
    "goal": _goals,
    "interaction": _interactions,
    "operation": _operations,
    "user": _users,
    "tag": _tags,
    "field": _fields,
    "product": _products,
    "order": _orders,
}
