"""How a command becomes Typer's: verbs are built one at a time, when called, and all share the same global options.

A verb is a function `verb(app, argument, ..., *, option=...)` with Typer's annotations. Its first parameter is the App
of the call; the global options (`--db`, `-o`, `--json` and so on) never reach it: they are the App's settings.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import typer
from typer._click.exceptions import UsageError as ClickUsageError
from typer._click.globals import get_current_context
from typer.core import TyperCommand, TyperGroup, TyperOption

from crmcli.kernel.similarity import nearest

Verb = Callable[..., Any]
META = "crm.settings"


class Global(NamedTuple):
    """A global option: its flags, the setting it gives, and the value when it takes none."""

    flags: tuple[str, ...]
    setting: str
    help: str
    metavar: str = ""
    value: Any = None


GLOBALS = (
    Global(("--db",), "db", "The database: a path, or a postgresql:// URL.", "PLACE"),
    Global(("-o", "--output"), "format", "table, json, jsonl, csv, tsv, md, html or ids.", "FORMAT"),
    Global(("--json",), "format", "The same as -o json.", value="json"),
    Global(("--fields",), "fields", "Columns to show, in order; 'help' lists them.", "A,B"),
    Global(("--plain",), "plain", "Lines of 'Field: value', without boxes.", value=True),
    Global(("--color",), "color", "auto, always or never.", "WHEN"),
    Global(("--no-pager",), "pager", "Never page long output.", value=False),
    Global(("--no-input",), "no_input", "Never ask; fail instead.", value=True),
    Global(("-y", "--yes"), "yes", "Answer yes to every question.", value=True),
    Global(("-q", "--quiet"), "quiet", "No messages beside errors.", value=True),
    Global(("--no-hooks",), "hooks", "Run no programs of my own; see: crm help hooks.", value=False),
    Global(("--debug",), "debug", "Show tracebacks.", value=True),
)


def global_options() -> list[TyperOption]:
    """The options that every command has; each writes what it was given into the context's shared `meta`."""
    return [_global_option(entry) for entry in GLOBALS]


def _global_option(entry: Global) -> TyperOption:
    def remember(context: typer.Context, _parameter: object, value: Any) -> None:
        if value not in (None, False):
            context.meta.setdefault(META, {})[entry.setting] = value if entry.metavar else entry.value

    # A name of its own, since several flags may give one setting.
    name = "global_" + entry.flags[-1].strip("-").replace("-", "_")
    return TyperOption(
        param_decls=[name, *entry.flags],
        help=entry.help,
        metavar=entry.metavar or None,
        is_flag=not entry.metavar,
        default=None if entry.metavar else False,
        callback=remember,
        expose_value=False,
        rich_help_panel="Global options",
    )


class Room:
    """The verbs of a noun.

    Args:
        help: one line, shown by `crm --help`.
    """

    def __init__(self, help: str) -> None:
        self.help = help
        self.verbs: dict[str, Verb] = {}
        self.default: Verb | None = None

    def alone(self, function: Verb) -> Verb:
        """Register the decorated function as what `crm NOUN` does without a verb."""
        self.default = function
        return function

    def verb(self, name: str) -> Callable[[Verb], Verb]:
        """Register the decorated function as `crm NOUN name`."""

        def register(function: Verb) -> Verb:
            self.verbs[name] = function
            return function

        return register


class Command(TyperCommand):
    """A command with the global options, which help lists apart from its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *global_options()]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What the usage line says: Typer puts braces around an argument that is required."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options in groups: arguments, the command's own options, the global ones."""
        write_options(self, ctx, formatter)


def write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Write a command's arguments and options for `--help`, global options last."""
    groups: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], "Global options": []}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is None:
            continue
        # The bounds of a count go without saying.
        record = record[0], record[1].replace("  [1<=x<=1000000000]", "").replace("; 0<=x<=100000]", "]")
        if parameter.param_type_name == "argument":
            groups["Arguments"].append(record)
        else:
            groups[getattr(parameter, "rich_help_panel", None) or "Options"].append(record)
    for title, records in groups.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def group(name: str, room: Room, call: Callable[..., Any]) -> "LazyGroup":
    """The Typer group of a room; `call(context, verb, values)` runs a verb, or what the room does without one."""
    default = room.default and build(name, room.default, call)

    def alone(**values: Any) -> Any:
        context = get_current_context()
        if context.invoked_subcommand is None and default is not None:
            return default.callback(context=context, **values)  # type: ignore[misc]
        stray = [option for option, value in values.items() if value]
        if stray:
            flag = stray[0].strip("_").replace("_", "-")
            raise ClickUsageError(f"--{flag} belongs to crm {name} without a further command", context)
        return None

    return LazyGroup(
        name=name,
        names={verb: summary(function) for verb, function in room.verbs.items()},
        make=lambda verb: build(verb, room.verbs[verb], call),
        help=(default.help if default else None) or f"{room.help}.",
        params=[*default.params] if default else [*global_options()],
        no_args_is_help=default is None,
        invoke_without_command=default is not None,
        callback=alone if default else None,
        rich_markup_mode=None,
    )


def summary(verb: Verb) -> str:
    """The first line of a verb's help, without a full stop."""
    return (verb.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def build(name: str, verb: Verb, call: Callable[..., Any]) -> TyperCommand:
    """The Typer command of a verb; `call(context, verb, values)` runs it."""

    def run(**values: Any) -> Any:
        return call(values.pop("context"), verb, values)

    given = inspect.signature(verb)
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    own = [entry.replace(kind=inspect.Parameter.KEYWORD_ONLY) for entry in list(given.parameters.values())[1:]]
    own = [entry for entry in own if entry.name != "values"]
    extra: Sequence[inspect.Parameter] = getattr(verb, "extra_options", tuple)()
    parameters = [context, *own, *extra]
    run.__signature__ = given.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {entry.name: entry.annotation for entry in parameters}
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command(name, cls=Command, help=inspect.cleandoc(verb.__doc__ or ""))(run)
    built = typer.main.get_command(app)
    assert isinstance(built, TyperCommand)
    return built


class LazyGroup(TyperGroup):
    """A group whose commands are made when they are named.

    Args:
        names: what there is, each with one line of help.
        make: gives the command of a name.
    """

    def __init__(self, *, names: Mapping[str, str], make: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = names
        self.make = make

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order of the table."""
        return list(self.names)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        return self.make(cmd_name) if cmd_name in self.names else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that `args` begin with; an unknown one is refused with the nearest."""
        if args and args[0] not in self.names and not args[0].startswith("-"):
            close = nearest(args[0], self.names, count=2)
            where = ctx.command_path
            hint = (
                f"did you mean: {', '.join(f'{where} {name}' for name in close)}" if close else f"see: {where} --help"
            )
            raise ClickUsageError(f"there is no command '{where} {args[0]}'\n{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, then the options."""
        self.format_commands(ctx, formatter)
        write_options(self, ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one line a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.names.items()))
