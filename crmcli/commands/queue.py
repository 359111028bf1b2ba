"""`crm queue`."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from crmcli.app import App
from crmcli.commands.options import Filter, Limit, list_limit
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.relative import date_label
from crmcli.kernel.similarity import nearest
from crmcli.render.loader import load
from crmcli.render.view import Record, View
from crmcli.render.views import cadences, casewatch
from crmcli.render.views import replies as views
from crmcli.render.views.queue import VIEW
from crmcli.services.queue import LATER, SOON, shown_count

if TYPE_CHECKING:
    from crmcli.services.replies import Found

Everyone = Annotated[bool, typer.Option("--everyone", "--all", help="Everyone's, not only mine")]
Later = Annotated[bool, typer.Option("--later", help="Also what is due after this week")]
KindOption = Annotated[
    str,
    typer.Option(
        "--kind", help="cases, owed, promised, cadence or waiting; that list alone", metavar="WORD", show_default=False
    ),
]
Since = Annotated[
    str,
    typer.Option(
        "--since", help="Look for answers back to then; 90 days without it", metavar="WHEN", show_default=False
    ),
]

# How many of a list stand beside the follow-ups on a screen, unless --limit says.
GLANCE = 10


class Asked(NamedTuple):
    """What was asked for: a filter, whose, the buckets of follow-ups, and since when (stored; None for as usual)."""

    text: str
    everyone: bool
    buckets: Sequence[str]
    since: str | None


class Listed(NamedTuple):
    """Records, how many there are in all as people read it, and what to say of those that were not looked for."""

    page: Page
    total: str
    notes: Sequence[str] = ()


class Kind(NamedTuple):
    """A list of the queue: its columns, what reads it, and what tells it in a line each where nothing is drawn."""

    view: View
    read: Callable[[App, Asked, int | None], Listed]
    told: Callable[[Sequence[Record], Clock], Iterator[str]] | None = None


def _promised(app: App, asked: Asked, limit: int | None) -> Listed:
    page = app.queue.page(asked.text, everyone=asked.everyone, buckets=asked.buckets, limit=limit)
    return Listed(page, f"{len(page.items)}{'+' * page.more}")


def _owed(app: App, asked: Asked, limit: int | None) -> Listed:
    found = app.replies.owed(asked.text, everyone=asked.everyone, limit=limit, since=asked.since)
    return _found(app, "owed", asked, found)


def _waiting(app: App, asked: Asked, limit: int | None) -> Listed:
    found = app.replies.waiting(asked.text, everyone=asked.everyone, limit=limit, since=asked.since)
    return _found(app, "waiting", asked, found)


def _cadence(app: App, asked: Asked, limit: int | None) -> Listed:
    page = app.cadences.due(everyone=asked.everyone, limit=limit)
    return Listed(page, f"{len(page.items)}{'+' * page.more}")


def _cases(app: App, asked: Asked, limit: int | None) -> Listed:
    found = app.casewatch.due(asked.text, everyone=asked.everyone, limit=limit)
    return Listed(found.page, shown_count(found.total))


def _found(app: App, name: str, asked: Asked, found: "Found") -> Listed:
    notes = _further(app, name, asked, found.beginning) if app.out.drawn else []
    return Listed(found.page, f"{found.total}{'+' if found.beginning else ''}", notes)


# In the order of the screen, where the follow-ups have a section for each of their buckets.
KINDS = {
    "cases": Kind(casewatch.VIEW, _cases, casewatch.lines),
    "owed": Kind(views.OWED, _owed, views.owed_lines),
    "promised": Kind(VIEW, _promised),
    "cadence": Kind(cadences.DUE, _cadence, cadences.due_lines),
    "waiting": Kind(views.WAITING, _waiting, views.waiting_lines),
}


def COMMAND(
    app: App,
    query: Filter = None,
    *,
    kind: KindOption = "",
    everyone: Everyone = False,
    later: Later = False,
    since: Since = "",
    limit: Limit = None,
) -> None:
    """Show what is due: late cases, whom we owe a reply, what was promised, with whom to get in touch, who is late.

    Of what was promised overdue comes first, then today, then the rest of the week; within each the urgent comes first,
    then what has waited longest. A filter asks about follow-ups, with --kind owed or waiting about contacts, and with
    --kind cases about cases.
    """
    name = _checked(kind, later, since, " ".join(query or ()))
    if not app.prepare(KINDS[name or "promised"].view):
        return
    asked = Asked(" ".join(query or ()), everyone, (*SOON, LATER) if later else SOON, _instant(app, since))
    if app.out.drawn:
        return _draw(app, name, asked, limit)
    listed = KINDS[name or "promised"].read(app, asked, list_limit(app, limit))
    others = [one for one in KINDS if one != "promised"] if not name and not asked.text else []
    page = listed.page
    if app.out.format == "json":
        page = page._replace(beside={one: KINDS[one].read(app, asked, limit).page.items for one in others} or None)
    elif app.out.format == "plain":
        app.out.emit(_lines(app, asked, limit, others))
    app.show(KINDS[name or "promised"].view, page)
    if app.out.on_terminal and name in ("", "promised"):
        _close(app, asked, _counts(app, asked, page), page.items)


def closing(counts: dict[str, int], items: list[dict[str, Any]]) -> str:
    """The line below: how much there is, and what to do first, if there is anything to do today."""
    due = sum(count for name, count in counts.items() if name in SOON)
    first = items[0]
    step = f"; next: crm followup done {first['id']}" if first["bucket"] in ("overdue", "today") else ""
    return f"{shown_count(due)} due, {shown_count(counts['overdue'])} overdue{step}"


def _checked(kind: str, later: bool, since: str, text: str) -> str:
    """The kind asked for, "" for none. Raises UsageError for an unknown one and for what does not go with it."""
    name = kind.strip().lower()
    if name and name not in KINDS:
        close = nearest(name, KINDS, count=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"the queue has no list '{kind}'", f"{hint}it has: {', '.join(KINDS)}")
    if later and name not in ("", "promised"):
        raise UsageError("--later is about what was promised", f"leave it out with --kind {name}")
    if since and name in ("promised", "cadence", "cases"):
        raise UsageError("--since is about answers", "to see follow-ups by date, filter them: crm queue 'due>=-1w'")
    if text and name == "cadence":
        raise UsageError("--kind cadence takes no filter", "a cadence may have one: crm cadence set --where FILTER 6w")
    return name


def _instant(app: App, since: str) -> str | None:
    moment = app.values.instant(since) if since else None
    if moment and moment > app.now:
        raise UsageError(f"'{since}' is still to come", "--since looks back: -6m, 2026-01-01")
    return moment


def _further(app: App, name: str, asked: Asked, beginning: str | None) -> list[str]:
    """What a person should know of those that were not looked for."""
    start = date_label(app.clock.local(instant(beginning or asked.since or app.replies.back())).date(), app.clock)
    if beginning:
        return [f"{name}: there are so many that before {start} not all were looked at"]
    if asked.text or not app.replies.any_before(name, everyone=asked.everyone, since=asked.since):
        return []
    how = "" if asked.since else f": crm queue --kind {name} --since -1y"
    return [f"{name}: there is more from before {start}{how}"]


def _lines(app: App, asked: Asked, limit: int | None, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        kind = KINDS[name]
        if kind.told:
            yield from kind.told(kind.read(app, asked, limit or GLANCE).page.items, app.clock)


def _draw(app: App, name: str, asked: Asked, limit: int | None) -> None:
    """Draw all sections or the one that was asked for, and tell below what there is and what comes next."""
    board = load("board")
    names = [name] if name else ["promised"] if asked.text else list(KINDS)
    read = {}
    sections: dict[str, Any] = {}
    for one in names:
        alone = one in (name, "promised")
        listed = read[one] = KINDS[one].read(app, asked, list_limit(app, limit) if alone else limit or GLANCE)
        if one == "promised":
            counts = _counts(app, asked, listed.page)
            for bucket, count in counts.items():
                items = [item for item in listed.page.items if item["bucket"] == bucket]
                sections[bucket] = board.Section(items, shown_count(count), "--limit N shows more")
        else:
            more = "--limit N shows more" if alone else f"more: crm queue --kind {one}"
            sections[one] = board.Section(listed.page.items, listed.total, more)
    if any(listed.page.items for listed in read.values()):
        board.write_queue(sections, app.out)
    elif "promised" not in read:
        app.out.message(KINDS[name].view.empty)
    if "promised" in read:
        _close(app, asked, counts, read["promised"].page.items, read.get("owed"))
    app.out.message(*(note for listed in read.values() for note in listed.notes))


def _counts(app: App, asked: Asked, page: Page) -> dict[str, int]:
    return app.queue.counts(page, asked.text, everyone=asked.everyone, buckets=asked.buckets)


def _close(
    app: App, asked: Asked, counts: dict[str, int], items: list[dict[str, Any]], owed: Listed | None = None
) -> None:
    """Tell how much there is, and what to do first."""
    waiters = owed.page.items if owed else []
    answers = [f"{owed.total} to answer"] if owed and waiters else []
    if items:
        return app.out.message(", ".join([*answers, closing(counts, items)]))
    if answers:
        app.out.message(f"{answers[0]}; next: crm show {waiters[0]['id']}")
    elif app.out.drawn:
        app.out.message(VIEW.empty)
    count = 0 if LATER in asked.buckets else app.queue.count(LATER, asked.text, everyone=asked.everyone)
    app.out.message(*([f"{shown_count(count)} due later: crm queue --later"] if count else []))
