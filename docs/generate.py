"""Writes what follows from the command tree: docs/reference.md, docs/man/crm.1 and crmcli/commandtable.py.

python docs/generate.py           write them
python docs/generate.py --check   exit with 1 when one of them is stale
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crmcli import __version__, cli  # noqa: E402
from crmcli.commands.room import GLOBALS, LazyGroup  # noqa: E402
from crmcli.importers import loader  # noqa: E402
from crmcli.kernel.clock import Clock  # noqa: E402
from crmcli.kernel.config import SETTINGS  # noqa: E402
from crmcli.services.find import NOUNS  # noqa: E402
from crmcli.services.flags import flag_name  # noqa: E402
from crmcli.store import cases, dealfields, due, followups, interactions, leads, orders, party_list, products  # noqa: E402
from crmcli.store.filter_sql import Field  # noqa: E402
from crmcli.store.nouns import PARTIES  # noqa: E402
from crmcli.store.schema import TABLES  # noqa: E402

TARGETS = {
    "reference": ROOT / "docs/reference.md",
    "manual": ROOT / "docs/man/crm.1",
    "table": ROOT / "crmcli/commandtable.py",
}
TOPICS = ROOT / "crmcli/commands/topics"
WIDTH = 100

# What a flag takes, for completion, where its name says it whatever the command.
FLAG_KINDS = {
    "--owner": "user", "--user": "user", "--tag": "tag", "--untag": "tag", "--set": "field", "--unset": "field",
    "--company": "company", "--remove-company": "company", "--parent": "company", "--with": "who",
    "--add-participant": "who", "--remove-participant": "who", "--file": "file", "--path": "file", "--db": "file",
    "--case": "case", "--interaction": "interaction", "--who": "who",
    "--fields": "columns", "--log": "=in out", "--output-file": "file",
    "--via": "=" + " ".join(TABLES["cadence"].columns["channel"].values),
    "--deal": "deal", "--contact": "contact", "--role": "contact", "--remove-role": "contact",
    "--pipeline": "pipeline", "--by": "user", "--workdays": "=me", "--overdue-again": "=1d 2d 1w",
    "--order": "order",
    "--rejects": "file", "--as": "=" + " ".join(found.name for found in loader.formats()),
}  # fmt: skip
# What an argument is, by its metavar; a star means that the last kind goes on.
ARGUMENT_KINDS = {
    "WHO": ("{party}",), "WHO...": ("{party}*",), "WHO TAG...": ("{party}", "tag*"), "[FILTER]": ("filter:{noun}*",),
    "WHO SPAN": ("{party}", "=1w 2w 4w 6w 8w 3m 6m 1y"),
    "ID... USER": ("{noun}", "user"), "WHO... USER": ("{party}", "user"),
    "ID... STAGE": ("{noun}", "stage"), "STAGE": ("stage",), "PIPELINE": ("pipeline",), "FILE|DIR": ("file",),
    "FILTER": ("filter:{noun}",), "ID": ("{noun}",), "ID...": ("{noun}*",), "[ID]...": ("{noun}*",),
    "ID... WHEN": ("{noun}", "when"), "WHEN": ("when",), "FILE": ("file",), "FILE...": ("file*",),
    "[WHO]": ("{party}",), "[ID]... [AMOUNT]": ("{noun}",),
    "OP": ("operation",), "[WHO | show OP]": ("who", "operation"),
}  # fmt: skip
# What `ID` and a filter mean in each room.
NOUN_OF_ROOM = {
    **{
        noun: noun
        for noun in (*PARTIES, "lead", "interaction", "followup", "cadence", "deal", "product", "order", "case")
    },
    "pipeline": "deal",
    "queue": "followup",
    "goal": "goal",
    "calendar": "followup",
    "export": "contact",
}


class Entry(NamedTuple):
    """A command of the tree: its words, Click's command and context."""

    path: str
    command: Any
    context: Any

    @property
    def is_group(self) -> bool:
        """Whether it has commands below it."""
        return isinstance(self.command, LazyGroup)

    @property
    def summary(self) -> str:
        """The first line of its help, without a full stop."""
        return str(self.command.help or "").strip().partition("\n")[0].rstrip(".")


def walk() -> Iterator[Entry]:
    """Every command, in the order of `crm --help`, each before those below it."""
    root = cli.door()
    yield from _below(Entry("", root, root.context_class(root, info_name="crm")))


def _below(entry: Entry) -> Iterator[Entry]:
    yield entry
    for name in entry.command.names if entry.is_group else ():
        command = entry.command.get_command(entry.context, name)
        context = command.context_class(command, info_name=name, parent=entry.context)
        yield from _below(Entry(f"{entry.path} {name}".strip(), command, context))


# --- the parameters of a command


def own_options(entry: Entry) -> list[Any]:
    """The options of a command that not every command has."""
    return [
        option
        for option in entry.command.get_params(entry.context)
        if option.param_type_name == "option" and getattr(option, "rich_help_panel", None) != "Global options"
    ]


def arguments(entry: Entry) -> list[Any]:
    """The arguments of a command."""
    return [one for one in entry.command.get_params(entry.context) if one.param_type_name == "argument"]


def parameters(entry: Entry) -> list[Any]:
    """The arguments and options of a command, or of what a group does without a verb."""
    return [*arguments(entry), *own_options(entry)]


def help_of(entry: Entry, parameter: Any) -> tuple[str, str]:
    """A parameter as help shows it: how it is written, and what it means."""
    record = parameter.get_help_record(entry.context)
    return (str(record[0]), str(record[1])) if record else ("", "")


# --- crmcli/commandtable.py


def table() -> str:
    """The command tree as plain data, for completion."""
    lines = [
        '"""The command tree as plain data, for completion. Made by docs/generate.py; a test fails when it is stale.',
        "",
        "A kind says what stands in a place: command, flag, file, when, columns, filter:NOUN, `=` and choices, a kind",
        'that `crmcli.store.suggestions` knows, "" for any text, None for a flag that takes nothing. A star: repeated.',
        '"""',
        "",
        "# ruff: noqa: E501",
        "# fmt: off",
        "Flags = tuple[tuple[str, str | None, str], ...]",
        "",
        "GLOBAL: Flags = (",
        *(f"    {flag!r}," for entry in GLOBALS for flag in _global(entry)),
        ")",
        "# Command -> its help, the kinds of its arguments, and its flags: name, kind, help.",
        "COMMANDS: dict[str, tuple[str, tuple[str, ...], Flags]] = {",
    ]
    for entry in walk():
        flags = tuple(flag for option in own_options(entry) for flag in _flags(entry, option))
        lines.append(f"    {entry.path!r}: ({entry.summary!r}, {kinds(entry)!r}, {flags!r}),")
    lines += ["}", "# What a filter may ask about, and what stands after it.", "FILTERS: dict[str, dict[str, str]] = {"]
    lines += [f"    {noun!r}: {fields!r}," for noun, fields in filters().items()]
    lines += ["}", "# The columns that --fields may name.", "COLUMNS: dict[str, str] = {"]
    lines += [f"    {room!r}: {names!r}," for room, names in columns().items()]
    return "\n".join([*lines, "}"]) + "\n"


def kinds(entry: Entry) -> tuple[str, ...]:
    """The kinds of a command's arguments."""
    if entry.is_group:
        return ("command",)
    room = entry.path.partition(" ")[0]
    found: list[str] = []
    for argument in arguments(entry):
        metavar, help = argument.metavar or "", help_of(entry, argument)[1]
        known = ARGUMENT_KINDS.get(metavar)
        if known:
            party = {"contact": "contact", "company": "company", "lead": "contact"}.get(room, "who")
            found += [kind.format(noun=NOUN_OF_ROOM.get(room, ""), party=party) for kind in known]
        elif room == "config" and metavar == "KEY":
            found.append("=" + " ".join(SETTINGS))
        elif room == "user" and metavar == "NAME" and not entry.path.endswith("add"):
            found.append("user")
        else:
            found.append(choices(help))
    if entry.path == "help":
        return ("=" + " ".join([*sorted(path.stem for path in TOPICS.glob("*.md")), *cli.ROOMS]),)
    return tuple(found)


def _global(entry: Any) -> list[tuple[str, str | None, str]]:
    kind = FLAG_KINDS.get(entry.flags[-1]) or choices(entry.help) if entry.metavar else None
    return [(flag, kind, entry.help.rstrip(".")) for flag in entry.flags]


def _flags(entry: Entry, option: Any) -> list[tuple[str, str | None, str]]:
    help = str(option.help or "").partition("\n")[0].rstrip(".")
    kind = None if option.is_flag else option_kind(entry, option, help)
    return [(flag, kind, help) for flag in (*option.opts, *option.secondary_opts)]


def option_kind(entry: Entry, option: Any, help: str) -> str:
    """What an option takes."""
    flag = max(option.opts, key=len)
    if flag == "--where":
        noun = NOUN_OF_ROOM.get(entry.path.partition(" ")[0], "contact")
        return f"filter:{'contact' if noun == 'cadence' else noun}"
    if flag == "--every":
        # A rule of more words is written with quotes; these are the short ones.
        often, rules = "=5m 15m 30m hourly 2h", "=daily weekly monthly quarterly yearly weekdays monday"
        return often if entry.path.startswith("remind") else rules
    if flag == "--by" and entry.path.partition(" ")[0] != "history":
        return "when" if option.metavar == "WHEN" else choices(help)
    if flag == "--in":
        return "=" + " ".join((*NOUNS, "all"))
    if entry.path.startswith("deal ") and flag == "--reason":
        return "reason"
    if entry.path == "lead convert" and flag == "--deal":
        return ""  # the name of a new one
    if flag in FLAG_KINDS and (flag != "--as" or entry.path == "import"):
        return FLAG_KINDS[flag]
    if option.metavar in ("WHEN", "STAGE"):
        return str(option.metavar).lower()
    offered = choices(help)
    if option.metavar == "WORD" and not offered:
        name = flag.removeprefix("--").replace("-", "_")
        for described in TABLES.values():
            for column in described.columns.values():
                if column.values and flag_name(column) == name:
                    return "=" + " ".join(column.values)
    return offered


def choices(help: str) -> str:
    """The choices that a help text begins with, as in "auto, always or never"."""
    found = re.match(r"[a-z_]+(, [a-z_]+)*,? or [a-z_]+(?=$|[;.( ])", help)
    return "=" + " ".join(re.split(r",? or |, ", found[0])) if found else ""


def filters() -> dict[str, dict[str, str]]:
    """The fields of each noun's filter language, by the names that messages use, and what stands after each."""
    at = due.horizon(Clock())
    by_noun = {
        "contact": party_list.fields("contact"),
        "company": party_list.fields("company"),
        "interaction": interactions.FIELDS,
        "followup": followups.fields(at),
        "lead": leads.fields(),
        "deal": dealfields.fields(at.now, "sqlite"),
        "product": products.fields(),
        "order": orders.fields("2026-01-01"),
        "case": cases.fields(at.now, "sqlite"),
    }
    return {noun: dict(sorted(_values(fields).items())) for noun, fields in by_noun.items()}


def _values(fields: Mapping[str, Field]) -> dict[str, str]:
    simple = {"tag": "tag", "user": "user", "time": "when", "day": "when", "bool": "=yes no"}
    named = {name: name for name in ("stage", "pipeline")}
    found = {}
    for field in fields.values():
        kind = named.get(field.name) or simple.get(field.kind, "")
        found[field.name] = "=" + " ".join(field.values) if field.values else kind
    return found


def columns() -> dict[str, str]:
    """What `--fields` may name in each room."""
    found = {}
    for name, (module, _) in cli.ROOMS.items():
        view = getattr(import_module(f"crmcli.commands.{module}"), "VIEW", None)
        if view is not None:
            found[name] = " ".join(dict.fromkeys([*(column.name for column in view.columns), *view.json]))
    return found


# --- docs/reference.md


def reference() -> str:
    """Every command with its help, in Markdown."""
    lines = [
        "# Command reference",
        "",
        "Made by `python docs/generate.py`. Every command also takes the [global options](#global-options).",
        "",
    ]
    for entry in walk():
        lines += [f"## crm {entry.path}".rstrip(), "", *_section(entry)]
    lines += ["## Global options", "", *(f"- `{_written(one)}` {one.help}" for one in GLOBALS), ""]
    for path in sorted(TOPICS.glob("*.md")):
        lines += [f"## crm help {path.stem}", "", "```text", *_topic(path).rstrip().splitlines(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _topic(path: Path) -> str:
    help_module = import_module("crmcli.commands.help")
    return str(help_module.topic_text(path.stem, filters()))


def _written(entry: Any) -> str:
    return f"{', '.join(entry.flags)}{' ' + entry.metavar if entry.metavar else ''}"


def _section(entry: Entry) -> list[str]:
    lines = [*str(entry.command.help or "").strip().splitlines(), "", "```text", usage(entry), "```", ""]
    if entry.is_group:
        summaries = entry.command.names
        prefix = f"{entry.path} ".lstrip()
        lines += [
            f"- [`crm {prefix}{name}`](#crm-{f'{prefix}{name}'.replace(' ', '-')}) {_markdown(text)}"
            for name, text in summaries.items()
        ]
        lines.append("")
    rows = [help_of(entry, one) for one in parameters(entry)]
    rows = [row for row in rows if row[0] != "--help"]
    if rows:
        lines += ["| | |", "|---|---|", *(f"| `{_cell(name)}` | {_cell(_markdown(text))} |" for name, text in rows), ""]
    return lines


def usage(entry: Entry) -> str:
    """The usage line of a command, in one line."""
    pieces = entry.command.collect_usage_pieces(entry.context)
    return " ".join([f"crm {entry.path}".rstrip(), *pieces])


def _markdown(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- docs/man/crm.1


def manual() -> str:
    """The manual page, in roff."""
    lines = [
        '.\\" Made by `python docs/generate.py`.',
        f'.TH CRM 1 "" "crmcli {__version__}" "User Commands"',
        ".SH NAME",
        "crm \\- customer relationship manager for the terminal",
        ".SH SYNOPSIS",
        ".B crm",
        "[\\fIOPTIONS\\fR] [\\fICOMMAND\\fR [\\fIVERB\\fR] [\\fIARGUMENTS\\fR]]",
        ".SH DESCRIPTION",
        *_roff(cli.SUMMARY),
        ".PP",
        *_roff(
            "A WHO is an id, an e-mail address, a phone number, SOURCE:KEY of another system, a name or a part of one."
        ),
        ".SH COMMANDS",
    ]
    for entry in walk():
        if entry.path:
            lines += [
                f".SS {_quoted('crm ' + usage(entry).removeprefix('crm '))}",
                *_roff(str(entry.command.help or "")),
            ]
            for option in parameters(entry):
                name, text = help_of(entry, option)
                if name != "--help":
                    lines += [".TP", f"\\fB{_escaped(name)}\\fR", *_roff(text)]
    lines.append(".SH GLOBAL OPTIONS")
    for one in GLOBALS:
        lines += [".TP", f"\\fB{_escaped(_written(one))}\\fR", *_roff(one.help)]
    for path in sorted(TOPICS.glob("*.md")):
        heading, _, text = _topic(path).partition("\n")
        lines += [
            f".SH {_quoted(heading)}",
            ".nf",
            *(_guarded(_escaped(line)) for line in text.strip("\n").split("\n")),
            ".fi",
        ]
    lines += [".SH FILES", ".TP", "\\fI~/.local/share/crm/crm.db\\fR", "The database, where nothing else is named."]
    lines += [".TP", "\\fI~/.config/crm/config.toml\\fR", "The settings; see crm config."]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> list[str]:
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n") if part.strip()]
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        lines += [".PP"] * (number > 0) + [_guarded(_escaped(paragraph))]
    return lines or [""]


def _escaped(text: str) -> str:
    return (
        text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    )


def _guarded(line: str) -> str:
    """A line that begins like a request would be taken for one."""
    return "\\&" + line if line[:1] in (".", "'") else line


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', "\\(dq") + '"'


# --- the program


def main(options: Sequence[str]) -> int:
    """Write the files, or with `--check` tell which are stale; returns the exit status."""
    stale = []
    for name, made in (("table", table), ("reference", reference), ("manual", manual)):
        path, text = TARGETS[name], made()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if "--check" not in options:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"{'stale' if '--check' in options else 'written'}: {', '.join(stale)}")
    return 1 if stale and "--check" in options else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
