"""`crm dedupe`."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun, Limit, list_limit
from crmcli.commands.party import choose_fields
from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.loader import load
from crmcli.render.views.duplicates import VIEW
from crmcli.services.duplicates import LEAST_SCORE, pair_keys
from crmcli.services.parties import shown
from crmcli.store.nouns import PARTIES

NOUNS = {
    "contact": ("contact",),
    "contacts": ("contact",),
    "company": ("company",),
    "companies": ("company",),
    "all": PARTIES,
}
Words = Annotated[
    list[str] | None,
    typer.Argument(
        help="contact, company or all; and a filter that one of a pair matches",
        metavar="[NOUN] [FILTER]",
        show_default=False,
    ),
]
NotSame = Annotated[bool, typer.Option("--not-same", help="Remember that the records named are not the same: c1 c2")]
MergeCertain = Annotated[bool, typer.Option("--merge-certain", help="Merge those that leave no doubt")]
Least = Annotated[int, typer.Option("--min-score", help="The lowest score, 0 to 100", metavar="N", min=0, max=100)]


def COMMAND(
    app: App,
    words: Words = None,
    *,
    merge_certain: MergeCertain = False,
    not_same: NotSame = False,
    least: Least = LEAST_SCORE,
    limit: Limit = None,
    dry_run: DryRun = False,
) -> None:
    """Find records that may be the same, and on a terminal decide on them one by one.

    A pair shares an e-mail address or phone number, or has names alike and a company, domain or place in common. What
    is said not to be the same is not proposed again. --merge-certain merges pairs of one name with an e-mail address or
    mobile number that is nobody else's; what a household or an office shares is never certain.
    """
    if not app.prepare(VIEW):
        return
    if merge_certain and not_same:
        raise UsageError("--merge-certain and --not-same were both given", "give one of them")
    if not_same:
        return _refuse(app, words or [])
    nouns, text = _asked(words or [])
    if merge_certain:
        return _merge_certain(app, app.duplicates.page(nouns, text, limit=limit, least=least, certain=True), dry_run)
    page = app.duplicates.page(nouns, text, limit=list_limit(app, limit), least=least)
    if page.items and not dry_run and _walks(app):
        return _walk(app, page)
    app.show(VIEW, page, filtered=bool(text))
    sure = sum(pair["certain"] for pair in page.items)
    if sure and app.out.on_terminal:
        app.out.message(f"{sure} of them {'is' if sure == 1 else 'are'} certain: crm dedupe --merge-certain")


def _asked(words: Sequence[str]) -> tuple[Sequence[str], str]:
    """The nouns and the filter that the words name; a noun stands first."""
    if words and words[0].lower() in NOUNS:
        return NOUNS[words[0].lower()], " ".join(words[1:])
    return PARTIES, " ".join(words)


def _walks(app: App) -> bool:
    people = app.out.on_terminal and app.out.prompting_allowed()
    return people and app.out.format in ("table", "plain") and app.settings.fields is None and not app.settings.yes


def _refuse(app: App, who: Sequence[str]) -> None:
    pairs = app.duplicates.refuse(who)
    if not app.out.on_terminal:
        return app.out.emit(pairs)
    for pair in pairs:
        app.out.sentence(f"Not the same: {pair.replace(':', ' and ')}")


def _merge_certain(app: App, page: Page, dry_run: bool) -> None:
    if not page.items:
        return app.show(VIEW, page)
    count = len(page.items)
    many = f"{count:,} pair{'' if count == 1 else 's'}"
    if not dry_run and count > 1 and not app.confirm(f"merge {many}?"):
        return app.out.message("Nothing was changed")
    merged = app.duplicates.merge_certain(page.items, dry_run=dry_run)
    gone = sum(len(group.gone) for group in merged)
    result = f"{gone:,} record{'' if gone == 1 else 's'} into {len(merged):,}"
    if dry_run:
        app.show(VIEW, page)
        return app.out.message(f"Would merge {result}; nothing was changed")
    if app.out.format not in ("tsv", "table", "plain"):
        app.show(VIEW, page)
    elif not app.out.on_terminal:
        app.out.emit(group.kept.ref for group in merged)
    app.out.message(f"Merged {result}; crm undo takes it back")


# --- one by one, on a terminal


def _walk(app: App, page: Page) -> None:
    """Show pair after pair, and do what the person says; each decision is done at once."""
    done: Counter[str] = Counter()
    for place, pair in enumerate(page.items, 1):
        if not app.duplicates.is_open(pair["noun"], *pair_keys(pair)):
            continue  # one of them is a part of another by now
        answer = _ask(app, pair, f"Are they the same? ({place} of {len(page.items)})")
        if answer == "stop":
            break
        done[answer] += 1
    told = [f"{done[answer]} {words}" for answer, words in ANSWERS.items() if done[answer]]
    app.out.message(*([", ".join(told)] if told else []), *(["there are more: crm dedupe"] if page.more else []))


ANSWERS = {"merge": "merged", "distinct": "not the same", "later": "left for later"}


def _ask(app: App, pair: dict[str, Any], question: str) -> str:
    """Show a pair and do what is chosen; returns what it was: merge, distinct, later or stop."""
    noun = pair["noun"]
    service = app.contacts if noun == "contact" else app.companies
    records = [service.get(key) for key in pair_keys(pair)]
    drawn = load("screens.duplicates").lines(pair, *records, app.out)
    app.out.write("".join(f"{line}\n" for line in [*drawn, ""]))
    keep = pair["proposal"]["keep"]
    other = next(pair[side]["id"] for side in ("first", "second") if pair[side]["id"] != keep)
    options = [(keep, f"Merge, keep {keep}: {pair['proposal']['reason']}"), (other, f"Merge, keep {other}")]
    if app.merging.differences(noun, [keep, other]):
        options.append(("fields", f"Merge into {keep}, choosing each field"))
    options += [("distinct", "Not the same"), ("later", "Later"), ("stop", "Stop")]
    answer = app.choose(question, options) or "stop"
    if answer == "distinct":
        app.duplicates.refuse([keep, other])
    elif answer not in ("later", "stop"):
        records_in_order = [other, keep] if answer == other else [keep, other]
        take = choose_fields(app, noun, records_in_order) if answer == "fields" else {}
        merged = app.merging.merge(noun, records_in_order, take=take)
        app.out.message(f"Merged {shown(*merged.gone[0])} into {shown(*merged.kept)}")
        return "merge"
    return answer
