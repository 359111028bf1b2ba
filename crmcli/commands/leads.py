"""`crm lead`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import bulk, dealsteps
from crmcli.commands.options import (
    All,
    AsOf,
    Deleted,
    DryRun,
    Filter,
    Limit,
    Where,
    Who,
    Whom,
    given,
    list_limit,
    record_options,
    text_flag,
)
from crmcli.commands.room import Room
from crmcli.kernel import dates
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.formats import HUMAN
from crmcli.render.view import Record, View
from crmcli.render.views.leads import DETAIL, DETAIL_DRAWN, DRAWN, EXPLAINED, RULES, SCORE, VIEW, told

ROOM = Room("Who may become a customer")
Name = Annotated[
    str, typer.Argument(help="Full name, in any script; may be left out when its parts are given", show_default=False)
]
Source = Annotated[str | None, text_flag("--source", "Where it came from: fair, web, referral")]
Sort = Annotated[str, text_flag("--sort", "score, name, created, age or owner; -score reverses", "KEY")]
Least = Annotated[
    int | None,
    typer.Option("--min", help="Only with this score or more", metavar="N", min=0, max=100, show_default=False),
]
States = Annotated[bool, typer.Option("--all-states", help="Those that are converted or unqualified too")]
Stage = Annotated[
    str | None, text_flag("--stage", "marketing_qualified or sales_qualified; the next one without it", "WORD")
]
Note = Annotated[str | None, text_flag("--note", "Why, kept as a note")]
Reason = Annotated[str | None, text_flag("--reason", "Why nobody works on it any more, kept as a note")]
Deal = Annotated[str | None, text_flag("--deal", "Open a deal of this name with each", "NAME")]
Amount = Annotated[str | None, text_flag("--amount", "Of the deal, in whole units: 12000, '900 USD'", "AMOUNT")]
Currency = Annotated[str | None, text_flag("--currency", "Currency of the deal (ISO 4217)", "CODE")]
DealStage = Annotated[str | None, text_flag("--stage", "Stage of the deal; the first one without it", "STAGE")]
Pipeline = Annotated[str | None, text_flag("--pipeline", "Pipeline of the deal; the first one without it", "NAME")]
Probability = Annotated[str | None, text_flag("--probability", "How likely the deal is won, in percent", "N")]
Close = Annotated[str | None, text_flag("--close", "When the deal is expected to be won: eoq, +6w", "WHEN")]
Next = Annotated[str | None, text_flag("--next", "The next step of the deal: what to do")]
NextDue = Annotated[str | None, text_flag("--next-due", "When: tomorrow, +3d, 'next tue 3pm'", "WHEN")]
NoNext = Annotated[bool, typer.Option("--no-next", help="Do not ask for the next step of the deal")]
Customer = Annotated[bool, typer.Option("--customer", help="A customer already, not an opportunity")]
Assigned = Annotated[
    list[str] | None,
    typer.Argument(
        help="Ids, e-mails or names, then the user; - reads ids from standard input",
        metavar="WHO... USER",
        show_default=False,
    ),
]
Nobody = Annotated[bool, typer.Option("--nobody", help="Take them from whoever had them")]
Explain = Annotated[bool, typer.Option("--explain", help="Every point with its reason and date")]


@ROOM.verb("add")
@record_options("contact")
def add(app: App, name: Name = "", *, source: Source = None, **values: Any) -> None:
    """Add a person who may become a customer."""
    if app.prepare(VIEW, one=True):
        record = app.leads.add(name, given({**values, "source": source}))
        app.out.created(f"Added lead {_named(record)}, score {record['score']}", VIEW, record)


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "score",
    limit: Limit = None,
    least: Least = None,
    everything: All = False,
    all_states: States = False,
    deleted: Deleted = False,
) -> None:
    """List leads on whom somebody works, or those that match a filter, the most promising first."""
    if app.prepare(VIEW):
        most, text = list_limit(app, limit, everything), " ".join(query or ())
        parts = {column.part or column.name for column in app.out.check(VIEW)}
        states = {"all_states": all_states, "deleted": deleted}
        page = app.leads.page(text, sort=sort, limit=most, least=least, parts=parts, **states)
        app.show(_view(app, VIEW, DRAWN), page, filtered=bool(query) or deleted or least is not None)


@ROOM.verb("show")
def show(app: App, who: Who, *, as_of: AsOf = "") -> None:
    """Show a lead: the person, the points, the stages with their dates, how the work stood, the deals."""
    if not app.prepare(DETAIL, one=True):
        return
    view = _view(app, DETAIL, DETAIL_DRAWN)
    if as_of:
        then = app.past.then(as_of, who, ("contact",))
        record = {**then.app.leads.whole(then.key, app.store, then.last), "as_of": then.at}
        app, view = then.app, view.of_the_past()
    else:
        record = app.leads.detail(who)
    app.show(view, {**record, "told": told(record, app.clock)} if app.out.format in HUMAN else record)


@ROOM.verb("score")
def score(app: App, who: Who, *, explain: Explain = False) -> None:
    """Print how promising somebody is, from 0 to 100, or with --explain every point of it."""
    structured = app.settings.format in ("json", "jsonl") and not app.settings.fields
    view = EXPLAINED if explain and not structured else SCORE
    if not app.prepare(view, one=view is SCORE):
        return
    record = app.leads.score(app.leads.key(who))
    if view is EXPLAINED:
        app.show(EXPLAINED, Page(record["parts"]))
        capped = "" if record["sum"] == record["score"] else f": {record['score']}, since it is from 0 to 100"
        app.out.message(f"{_named(record)}: {record['sum']} points{capped}")
    elif app.settings.format or app.settings.fields or app.out.for_programs:
        app.show(SCORE, record)
    else:
        app.out.emit([str(record["score"])])


@ROOM.verb("rules")
def rules(app: App) -> None:
    """List the rules of the score; crm config set 'lead.score.facts.tag:vip' 10 adds one, 0 takes one out."""
    if app.prepare(RULES):
        app.show(RULES, app.scores.rules())


@ROOM.verb("qualify")
def qualify(
    app: App, who: Whom = None, *, stage: Stage = None, note: Note = None, where: Where = "", dry_run: DryRun = False
) -> None:
    """Let people come to the next stage: marketing_qualified, then sales_qualified."""
    _change(app, who or (), where, dry_run, "qualify", lambda found: app.leads.qualify(found, stage=stage, note=note))


@ROOM.verb("disqualify")
def disqualify(
    app: App, who: Whom = None, *, reason: Reason = None, where: Where = "", dry_run: DryRun = False
) -> None:
    """Work on leads no longer, and say why; they stay contacts."""
    _change(app, who or (), where, dry_run, "disqualify", lambda found: app.leads.disqualify(found, reason))


@ROOM.verb("convert")
def convert(
    app: App,
    who: Whom = None,
    *,
    deal: Deal = None,
    amount: Amount = None,
    currency: Currency = None,
    stage: DealStage = None,
    pipeline: Pipeline = None,
    probability: Probability = None,
    close: Close = None,
    next_: Next = None,
    next_due: NextDue = None,
    no_next: NoNext = False,
    customer: Customer = False,
    note: Note = None,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Make opportunities of leads, with a deal, or customers; all that is known of them stays."""
    about = {"amount": amount, "currency": currency, "stage": stage, "pipeline": pipeline, "probability": probability}
    about |= {"close": close, "next": next_, "next_due": next_due, "deal": deal, "note": note}
    for when in (close, next_due):
        if when:
            dates.parse(when, app.clock)
    values = {**given(about), "customer": customer, "no_next": no_next}

    def change(found: list[str]) -> list[dict[str, Any]]:
        ask = bool(deal) and not no_next and not next_ and len(found) == 1
        return app.leads.convert(
            found, {**values, **(given(dealsteps.given_or_asked(app, None, None, ask=True)) if ask else {})}
        )

    _change(app, who or (), where, dry_run, "convert", change)


@ROOM.verb("assign")
def assign(
    app: App, words: Assigned = None, *, nobody: Nobody = False, where: Where = "", dry_run: DryRun = False
) -> None:
    """Give leads to somebody of the team."""
    named = list(words or ())
    user = None if nobody or not named else named.pop()
    if user is None and not nobody:
        raise UsageError("no user was named", "for example: crm lead assign c1 ada, or --nobody")
    _change(app, named, where, dry_run, "assign", lambda found: app.leads.assign(found, user))


def _view(app: App, view: View, drawn: View) -> View:
    return drawn if app.out.format in HUMAN else view


def _change(
    app: App,
    words: Sequence[str],
    where: str,
    dry_run: bool,
    verb: str,
    change: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    bulk.change(app, VIEW, app.leads, words, where, dry_run, verb, change, lambda record: _sentence(record, verb))


def _sentence(record: Record, verb: str) -> str:
    stage = str(record["lifecycle_stage"]).replace("_", " ")
    if verb == "qualify":
        return f"{_named(record)} is {stage} now"
    if verb == "disqualify":
        return f"{_named(record)} is unqualified now; crm lead qualify {record['id']} takes it up again"
    if verb == "convert":
        return f"Converted {_named(record)}: {stage}"
    return f"Assigned {_named(record)} to {record['owner'] or 'nobody'}"


def _named(record: Record) -> str:
    return f"{record['display_name']} ({record['id']})"
