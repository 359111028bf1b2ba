"""Options that come from the model: every settable column of a table is a flag of its `add` and `edit`.

The flags of a record are not written out a second time; `@record_options("contact")` adds them to a verb, which takes
them as `**values` (flag names with `_`; only those that were given).
"""

from collections.abc import Callable, Sequence
from inspect import Parameter
from typing import Annotated, Any

import typer

from crmcli.services.flags import LISTS, PRIMARY, REMOVALS, SHARED, SHARED_REMOVALS, aliases, flag_name, settable
from crmcli.store.description import Column

Verb = Callable[..., Any]
# A contact's place in the company that the same command names, else in the primary one.
PLACE = (
    ("role", "Role in the company", "TEXT"),
    ("started_on", "First day in the company", "DAY"),
    ("ended_on", "Last day in the company", "DAY"),
)


def record_options(table: str, *, editing: bool = False, without: tuple[str, ...] = ()) -> Callable[[Verb], Verb]:
    """Give a verb the flags of a table's columns and lists; with `editing` also those that remove.

    They are made when the verb is built: a command pays for its own flags alone.
    """

    def make() -> list[Parameter]:
        options = [_column_option(column) for column in settable(table) if flag_name(column) not in without]
        if table == "contact":
            options += [_option(name, help, str, metavar) for name, help, metavar in PLACE]
        options += [_option(name, help, list[str], _metavar(help)) for name, help in LISTS.get(table, {}).items()]
        if editing and table in REMOVALS:
            options += [_option(name, help, list[str], "VALUE") for name, help in REMOVALS[table].items()]
            options += [_option(name, help, str, "VALUE") for name, help in PRIMARY.items()]
        return options

    def decorate(verb: Verb) -> Verb:
        verb.extra_options = make  # type: ignore[attr-defined]
        return verb

    return decorate


def _column_option(column: Column) -> Parameter:
    name = flag_name(column)
    if column.kind == "bool":
        flag = name.replace("_", "-")
        info = typer.Option(f"--{flag}/--no-{flag}", help=column.help, show_default=False)
        annotation: Any = Annotated[bool | None, info]
        return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
    help = f"{column.help} ({', '.join(column.values)})" if column.values else column.help
    metavar = {"time": "WHEN", "day": "WHEN", "integer": "N", "enum": "WORD"}.get(column.kind, "TEXT")
    return _option(name, help, str, metavar, aliases(column))


def _option(name: str, help: str, kind: Any, metavar: str, others: Sequence[str] = ()) -> Parameter:
    flags = [f"--{flag.replace('_', '-')}" for flag in (*others, name)]
    info = typer.Option(*flags, help=help, metavar=metavar, show_default=False)
    annotation: Any = Annotated[kind | None, info]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _metavar(help: str) -> str:
    return "KEY=VALUE" if "KEY=VALUE" in help else "SOURCE:KEY" if "SOURCE:KEY" in help else "VALUE"


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Those of a verb's `**values` that were on the command line."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def text_flag(flag: str, help: str, metavar: str = "TEXT") -> Any:
    """An option with a text, for `Annotated`."""
    return typer.Option(flag, help=help, metavar=metavar, show_default=False)


def several(help: str) -> Any:
    """An argument with records, or `-` for ids on standard input, for `Annotated`."""
    return typer.Argument(help=f"{help}; - reads ids from standard input", metavar="[ID]...", show_default=False)


SCREENFUL = 50
# The largest --limit: more records than this no list can hold.
MOST = 1_000_000_000
Who = Annotated[str, typer.Argument(help="An id, e-mail, phone, SOURCE:KEY or name", metavar="WHO", show_default=False)]
Filter = Annotated[
    list[str] | None, typer.Argument(help="A filter; see: crm help filters", metavar="[FILTER]", show_default=False)
]
Limit = Annotated[
    int | None, typer.Option("--limit", "-n", help="How many at most", metavar="N", min=1, max=MOST, show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="All of them, however many")]
Everyone = Annotated[bool, typer.Option("--everyone", help="Everyone's, not only mine")]
Sort = Annotated[
    str, typer.Option("--sort", help="name, created, updated, last_in, last_out or id; -name reverses", metavar="KEY")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done")]
NoAftercare = Annotated[bool, typer.Option("--no-aftercare", help="Do not plan to ask whether that solved it")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="As it was then: 2026-03-01, -2w", metavar="WHEN", show_default=False)
]
Origins = Annotated[bool, typer.Option("--origins", help="Show where each value came from")]
Whom = Annotated[
    list[str] | None,
    typer.Argument(help="Ids, e-mails or names; - reads ids from standard input", metavar="WHO...", show_default=False),
]
Gone = Annotated[list[str] | None, several("Ids of deleted ones")]
Deleted = Annotated[bool, typer.Option("--deleted", help="The deleted ones instead")]
Tags = Annotated[
    list[str],
    typer.Argument(help="WHO, then the tags; with --where only tags", metavar="WHO TAG...", show_default=False),
]
Where = Annotated[
    str, typer.Option("--where", help="All that match this filter instead", metavar="FILTER", show_default=False)
]
Keep = Annotated[
    str | None,
    typer.Option("--keep", help="Which record is kept; by default the first", metavar="WHO", show_default=False),
]
Prefer = Annotated[
    str | None,
    typer.Option(
        "--prefer",
        help="Whose value wins where both have one: kept, other, newest or longest",
        metavar="WORD",
        show_default="kept",
    ),
]
Take = Annotated[
    list[str] | None,
    typer.Option("--take", help="Take a field from a record: job_title=c2 (repeatable)", metavar="FIELD=WHO"),
]
# Of nouns whose commands name their own flags; contacts and companies have the same from `crmcli.services.flags`.
Set = Annotated[list[str] | None, text_flag("--set", SHARED["set"], "KEY=VALUE")]
Unset = Annotated[list[str] | None, text_flag("--unset", SHARED_REMOVALS["unset"], "KEY")]
External = Annotated[str | None, text_flag("--external", "Key in another system, SOURCE:KEY", "SOURCE:KEY")]
NewName = Annotated[str | None, typer.Option("--name", help="New name", metavar="TEXT", show_default=False)]


def list_limit(app: Any, limit: int | None, everything: bool = False) -> int | None:
    """How many records a list shows: what was asked, else a screenful on a terminal and all of them in a pipe."""
    if everything:
        return None
    return limit or (SCREENFUL if app.out.on_terminal else None)
