"""What may stand at the cursor: a command, a flag, the value of a flag, or what the command is about."""

from collections.abc import Iterable, Mapping, Sequence

from crmcli import commandtable
from crmcli.completion import place
from crmcli.completion.lines import Line
from crmcli.kernel.text import fold
from crmcli.store import suggestions

Suggestion = tuple[str, str]
WHEN = ("today", "tomorrow", "mon", "next week", "+1d", "+3d", "+1w", "+2w", "+1m", "eow", "eom", "eoq", "eoy")


class Cursor:
    """Where on a line the cursor stands.

    Attributes:
        command: the words of the command so far, such as "contact add".
        values: how many values of the command stand before.
        kind: what the word is, as in `crmcli.commandtable`.
        head: the part of the word that stays, such as `--owner=`.
        db: the value of `--db`, or "".
    """

    def __init__(self) -> None:
        self.command = ""
        self.values = 0
        self.kind = ""
        self.head = ""
        self.db = ""


def answer(line: Line, environ: Mapping[str, str]) -> tuple[str, list[Suggestion]]:
    """The directive for the shell, and whole words with their explanations."""
    cursor = locate(line.words, line.current)
    if line.redirected or cursor.kind == "file":
        return "files", []
    typed = line.current[len(cursor.head) :]
    head, found = _suggest(cursor, typed, environ)
    head = cursor.head + head
    words = [(head + value, description) for value, description in found]
    if words and all(value[-1] in ":=" for value, _ in words):
        return "nospace", words
    follows = all(fold(value).startswith(fold(line.current)) for value, _ in words)
    return "words" if follows else "list", words


def locate(words: Sequence[str], current: str) -> Cursor:
    """Walk along the words of a line to the cursor."""
    cursor = Cursor()
    pending = ""
    options = True
    for word in words[1:]:
        if pending:
            cursor.db = word if pending == "--db" else cursor.db
            pending = ""
        elif options and word == "--":
            options = False
        elif options and word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=")
            kind = _kind_of(cursor.command, name)
            if kind is not None and not equals:
                pending = name
            elif name == "--db":
                cursor.db = value
        elif not cursor.values and f"{cursor.command} {word}".strip() in commandtable.COMMANDS:
            cursor.command = f"{cursor.command} {word}".strip()
        else:
            cursor.values += 1
    name, equals, _ = current.partition("=")
    if pending:
        cursor.kind = _kind_of(cursor.command, pending) or ""
    elif options and current.startswith("-") and equals:
        cursor.kind, cursor.head = _kind_of(cursor.command, name) or "", f"{name}="
    elif options and current.startswith("-"):
        cursor.kind = "flag"
    else:
        cursor.kind = _argument_kind(cursor.command, cursor.values)
    return cursor


def _flags(command: str) -> Iterable[tuple[str, str | None, str]]:
    return (*commandtable.COMMANDS[command][2], *commandtable.GLOBAL)


def _kind_of(command: str, flag: str) -> str | None:
    """What a flag takes: a kind, "" for any text, None for nothing (or when there is no such flag)."""
    return next((kind for name, kind, _ in _flags(command) if name == flag), None)


def _argument_kind(command: str, position: int) -> str:
    kinds = commandtable.COMMANDS[command][1]
    if position < len(kinds):
        return kinds[position]
    return kinds[-1].removesuffix("*") if kinds and kinds[-1].endswith("*") else ""


def _suggest(cursor: Cursor, typed: str, environ: Mapping[str, str]) -> tuple[str, list[Suggestion]]:
    """What of `typed` stays, and what may stand in the place of the rest."""
    kind = cursor.kind.removesuffix("*")
    if kind == "command":
        begin = f"{cursor.command} ".lstrip()
        below = [name for name in commandtable.COMMANDS if name.startswith(begin) and " " not in name[len(begin) :]]
        return "", _begun(((name[len(begin) :], commandtable.COMMANDS[name][0]) for name in below if name), typed)
    if kind == "flag":
        return "", _begun(((name, help) for name, _, help in _flags(cursor.command) if name.startswith("--")), typed)
    if kind.startswith("="):
        return "", _begun(((choice, "") for choice in kind[1:].split()), typed)
    if kind == "when":
        return "", _begun(((choice, "") for choice in WHEN), typed)
    if kind == "columns":
        head = typed[: typed.rfind(",") + 1]
        columns = commandtable.COLUMNS.get(cursor.command.partition(" ")[0], "")
        return head, _begun(((name, "") for name in ("help " + columns).split()), typed[len(head) :])
    if kind.startswith("filter:"):
        return _filter(kind.removeprefix("filter:"), typed, cursor.db, environ)
    return "", _stored(kind, typed, cursor.db, environ)


def _filter(noun: str, typed: str, db: str, environ: Mapping[str, str]) -> tuple[str, list[Suggestion]]:
    """The fields that a filter may ask about, and the values of those that have few."""
    last = typed.rpartition(" ")[2].lstrip("(")
    head = typed[: len(typed) - len(last)]
    fields = commandtable.FILTERS.get(noun, {})
    name, colon, value = last.partition(":")
    if not colon:
        return head, _begun(((f"{field}:", "") for field in fields), last)
    kind = fields.get(name, "")
    head += f"{name}:"
    if kind.startswith("="):
        return head, _begun(((choice, "") for choice in (*kind[1:].split(), "none")), value)
    if kind == "when":
        return head, _begun(((choice, "") for choice in WHEN if " " not in choice), value)
    return head, [pair for pair in _stored(kind, value, db, environ) if " " not in pair[0]]


def _stored(kind: str, typed: str, db: str, environ: Mapping[str, str]) -> list[Suggestion]:
    if kind not in suggestions.KINDS:
        return []
    mine = _begun([("me", "")], typed) if kind == "user" else []
    where = place.find(db, environ)
    if not where or "://" in where:
        return mine
    try:
        connection = suggestions.open_file(where)
    except suggestions.Error:
        return mine
    try:
        return mine + suggestions.suggest(connection, kind, typed)
    finally:
        connection.close()


def _begun(choices: Iterable[Suggestion], typed: str) -> list[Suggestion]:
    return [choice for choice in choices if choice[0].startswith(typed)]
