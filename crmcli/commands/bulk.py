"""Several records at once: named one by one, by ids on standard input, or by a filter."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from crmcli.app import App
from crmcli.commands.text import standard_input
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.text import safe
from crmcli.render.view import Record, View


class Records(Protocol):
    """A service whose records a filter can find."""

    noun: str

    def matching(self, text: str) -> list[str]:
        """The ids of all records that match a filter that is not empty."""


def named_or_matching(app: App, records: Records, words: Sequence[str], where: str) -> list[str]:
    """What the words name, the ids on standard input for `-`, or all that match `--where`.

    Raises:
        UsageError: nothing is named, or both by words and by a filter.
    """
    if where and words:
        raise UsageError("both ids and --where were given", "give one of them")
    if where:
        return records.matching(where)
    found = named(app, words)
    if not found and "-" not in words:
        raise UsageError(f"no {records.noun} was named", "name it, or give --where FILTER")
    return found


def named(app: App, words: Sequence[str]) -> list[str]:
    """What the words name, each once, or the ids on standard input for `-`."""
    found: list[str] = []
    for word in words:
        found += _from_input(app) if word == "-" else [word]
    return list(dict.fromkeys(found))


def _from_input(app: App) -> list[str]:
    """The first word of each line; a header is skipped, so that a piped list can be read as it is."""
    lines = [line.split() for line in standard_input(app).splitlines()]
    return [words[0] for words in lines if words and words[0] != "id"]


def agreed(app: App, records: Records, found: Sequence[str], verb: str) -> bool:
    """Whether to go on: more than one record is only changed after a yes."""
    return len(found) <= 1 or app.confirm(f"{verb} {len(found)} {records.noun} records?")


def change(
    app: App,
    view: View,
    records: Records,
    which: Sequence[str] | None,
    where: str,
    dry_run: bool,
    verb: str,
    apply: Callable[[list[str]], list[dict[str, Any]]],
    sentence: Callable[[Record], str],
) -> list[dict[str, Any]]:
    """Change what is named or matches, and tell each; returns the records, none of a dry run or without a yes.

    What a filter finds is changed after a yes, and so is what is deleted, where it is more than one.

    Args:
        app: the program.
        view: of the records.
        records: their service.
        which: words that name some.
        where: a filter instead.
        dry_run: only say what would be done.
        verb: what is done, for the question and the plan: "delete".
        apply: does it to those that are named.
        sentence: tells of one that it was done.
    """
    if not app.prepare(view):
        return []
    found = named_or_matching(app, records, which or (), where)
    ask = where or verb == "delete"
    if dry_run or not found or (ask and not agreed(app, records, found, verb)):
        tell_plan(app, found, f"to {verb}, and nothing was changed")
        return []
    changed = apply(found)
    tell_records(app, view, changed, [sentence(record) for record in changed])
    return changed


def tell_plan(app: App, found: Sequence[str], what: str) -> None:
    """Say what would be changed."""
    shown = ", ".join(found[:20]) + (" …" if len(found) > 20 else "")
    app.out.message(f"{len(found)} {what}" + (f": {shown}" if found else ""))


def tell(app: App, sentences: Iterable[str], ids: Iterable[str]) -> None:
    """Say what was changed: sentences on a terminal, ids in a pipe."""
    if not app.out.on_terminal:
        return app.out.emit(map(safe, ids))
    for sentence in sentences:
        app.out.sentence(sentence)


def tell_records(app: App, view: View, records: Sequence[Record], sentences: Sequence[str]) -> None:
    """The same; in a format for programs the record, or the list of several."""
    if len(records) == 1:
        app.out.created(sentences[0], view, records[0])
    elif app.out.for_programs:
        app.show(view, Page([dict(record) for record in records]))
    else:
        tell(app, sentences, (record["id"] for record in records))
