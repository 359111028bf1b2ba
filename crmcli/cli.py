"""The door: the table of rooms, and the one place where an error becomes an exit status.

A room (the verbs of a noun) or a single command is imported when it is called. `crm --help` needs this table alone.
"""

import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from typer import Abort
from typer._click.exceptions import ClickException, NoArgsIsHelpError, NoSuchOption
from typer._click.exceptions import UsageError as ClickUsageError

from crmcli.app import App
from crmcli.commands.room import META, LazyGroup, Room, Verb, build, global_options, group
from crmcli.kernel.errors import CrmError, PartlyDone
from crmcli.kernel.settings import Settings
from crmcli.kernel.text import safe
from crmcli.render import streams

# Section of `crm --help` -> name -> module of crmcli.commands, and the line shown. A module offers ROOM or COMMAND.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Working day": {
        "show": ("show", "One customer at a glance"),
        "log": ("log", "Record a contact that happened: in, out or note"),
        "agenda": ("agenda", "Today, or the coming week"),
        "queue": ("queue", "What is due, overdue first"),
        "followup": ("followups", "What was promised"),
        "remind": ("remind", "Tell what became due, from cron"),
        "find": ("find", "Search everything"),
        "panorama": ("panorama", "The whole market at a glance"),
    },
    "Customers": {
        "contact": ("contacts", "People"),
        "company": ("companies", "Companies"),
        "interaction": ("interactions", "What was logged"),
        "cadence": ("cadences", "How often to be in touch, and who is due"),
        "consent": ("consents", "Whom we may contact, for what, and how"),
        "privacy": ("privacy", "What is held on a person: give it out, or erase it"),
        "dedupe": ("duplicates", "Find records that are the same, and merge them"),
    },
    "Sales and service": {
        "lead": ("leads", "Who may become a customer: score, qualify, convert"),
        "deal": ("deals", "What may be sold"),
        "pipeline": ("pipelines", "The board of deals, and the stages they go through"),
        "product": ("products", "What is sold, and for how much"),
        "order": ("orders", "What customers bought, got and paid"),
        "case": ("cases", "What went wrong or was asked, until it is solved"),
    },
    "Plans and reports": {
        "forecast": ("forecasts", "What the open deals may bring"),
        "goal": ("goals", "What is to be won, and how far it is"),
        "cashflow": ("cashflow", "What money comes when"),
        "rate": ("rates", "Exchange rates, as you give them"),
        "report": ("reports", "What the past shows: win rate, velocity, sources, cases"),
    },
    "Data": {
        "import": ("imports", "Take in files: contacts, mail, calendars, deals, orders"),
        "export": ("exports", "Give out records, or everything"),
        "calendar": ("calendar", "A calendar for phones and other programs"),
        "batch": ("batch", "Many operations at once, as JSON Lines on standard input"),
        "undo": ("undo", "Take back what a command changed"),
        "redo": ("redo", "Bring back what an undo took"),
        "history": ("history", "Who changed what, and when"),
    },
    "Setting up": {
        "init": ("init", "First run: where the data lives, who I am"),
        "user": ("users", "The team"),
        "field": ("customfields", "Fields of your own"),
        "config": ("config", "Settings"),
        "db": ("database", "The database: info, backup, restore, verify, rebuild"),
        "doctor": ("doctor", "Whether all is well here, and what to do if not"),
        "completion": ("completion", "Completion for bash, zsh and fish"),
        "demo": ("demo", "A throw-away database to try things with"),
        "help": ("help", "Exit codes, dates, filters, output, environment"),
    },
}
ROOMS = {name: room for rooms in SECTIONS.values() for name, room in rooms.items()}
DEFAULT = ("agenda", "Today")
# How Python refuses a path with a NUL character, wherever that was to be opened.
NUL_IN_A_PATH = "embedded null"
SUMMARY = "A customer relationship manager for the terminal. Without a command: today's agenda."


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit status. Never raises."""
    streams.prepare_streams()
    status: int = door().main(list(arguments), prog_name="crm", standalone_mode=False)
    return status


class Door(LazyGroup):
    """The root command."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one line a room, section by section, with the lines below one another."""
        width = max(map(len, ROOMS))
        for section, rooms in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), line) for name, (_, line) in rooms.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; returns the exit status, or leaves with it in standalone mode."""
        arguments = list(sys.argv[1:] if args is None else args)
        status = self._status(arguments, prog_name or "crm", extra)
        if standalone_mode:
            sys.exit(status)
        return status

    def _status(self, arguments: list[str], prog_name: str, extra: dict[str, Any]) -> int:
        try:
            result = super().main(arguments, prog_name, standalone_mode=False, **extra)
            return result if isinstance(result, int) else 0
        except SystemExit as error:
            return error.code if isinstance(error.code, int) else 1
        except (KeyboardInterrupt, Abort):
            return 130
        except Exception as error:
            if "--debug" in arguments:
                # What went wrong may have been said by others, and a terminal is no place for that.
                streams.tell(sys.stderr, safe(traceback.format_exc(), newlines=True))
            lines, status = explain(error)
            streams.tell(sys.stderr, "".join(safe(line) + "\n" for line in lines))
            return status


def explain(error: Exception) -> tuple[list[str], int]:
    """The lines to print about an error, and its exit status."""
    if isinstance(error, CrmError):
        lines = [f"crm: {error.message}", *error.details]
        return ([*lines, error.hint] if error.hint else lines), error.exit_code
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message().splitlines(), 2
    if isinstance(error, ClickUsageError):
        command = error.ctx.command_path if error.ctx else "crm"
        text = error.format_message().rstrip(".")
        first, _, rest = text.partition("\n")
        first = first[:1].lower() + first[1:]
        hint = rest or f"see: {command} --help"
        if isinstance(error, NoSuchOption):
            hint += "; a name or value that begins with - goes behind --"
        return [f"crm: {first}", *hint.splitlines()], 2
    if isinstance(error, ClickException):
        return [f"crm: {error.format_message()}"], error.exit_code
    if isinstance(error, OSError):
        return [f"crm: cannot write the output: {error.strerror or error}"], 1
    if isinstance(error, ValueError) and NUL_IN_A_PATH in str(error):
        return ["crm: the name of a file holds a NUL character", "remove it: no system has such a file"], 2
    if isinstance(error, RecursionError | MemoryError):
        return ["crm: the input is too large or too deeply nested"], 1
    what = f"crm: unexpected error: {type(error).__name__}: {error}"
    return [what, "this is a defect of the program; --debug shows where"], 1


def door() -> Door:
    """The root command."""
    return Door(
        name="crm",
        names={name: line for name, (_, line) in ROOMS.items()},
        make=_make,
        help=SUMMARY,
        params=[*global_options()],
        invoke_without_command=True,
        callback=_today,
        rich_markup_mode=None,
    )


def _make(name: str) -> Any:
    module = import_module(f"crmcli.commands.{ROOMS[name][0]}")
    room = getattr(module, "ROOM", None)
    if not isinstance(room, Room):
        return build(name, module.COMMAND, call)
    return group(name, room, call)


def _today() -> Any:
    from typer._click.globals import get_current_context

    context = get_current_context()
    if context.invoked_subcommand is None:
        return call(context, import_module(f"crmcli.commands.{DEFAULT[0]}").COMMAND, {})
    return None


def call(context: Any, verb: Verb, values: Mapping[str, Any]) -> Any:
    """Run a verb with an App made for it; whatever happens, what was opened is closed and what was written flushed."""
    settings = Settings(**context.meta.get(META, {}))
    words = context.command_path.split()[1:]
    app = App(settings, command=" ".join(words))
    try:
        status = verb(app, **values)
        _tell_notes(app)
        app.out.flush()
        return status
    except PartlyDone:
        _tell_notes(app)
        raise
    finally:
        app.close()


def _tell_notes(app: App) -> None:
    if app.notes:
        app.out.message(*dict.fromkeys(app.notes))
