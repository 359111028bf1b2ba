"""`crm help`."""

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._click.globals import get_current_context

from crmcli import commandtable
from crmcli.app import App
from crmcli.kernel.errors import NotFound
from crmcli.kernel.similarity import nearest

TOPICS = {
    "exit-codes": "What the exit status says",
    "dates": "How dates and times are written",
    "repeating": "How follow-ups repeat",
    "filters": "How to say which records are meant",
    "output": "Formats, columns, colour",
    "environment": "Variables that are heeded",
    "hooks": "Programs of my own around a change",
}
WIDTH = 80
Topic = Annotated[
    list[str] | None,
    typer.Argument(help=f"{', '.join(TOPICS)}; or a command", metavar="[TOPIC]", show_default=False),
]


def COMMAND(app: App, topic: Topic = None) -> None:
    """Explain exit codes, dates, repeating, filters, output, the environment or hooks; or a command."""
    name = " ".join(topic or ())
    if not name:
        text = _overview()
    elif name in TOPICS:
        text = topic_text(name)
    else:
        text = _command_help(topic or [])
    app.out.emit(text.rstrip("\n").split("\n"))


def topic_text(name: str, filters: Mapping[str, Iterable[str]] = commandtable.FILTERS) -> str:
    """The text of a topic, of at most 80 columns; `filters` are the fields of each noun's filter language."""
    text = (Path(__file__).parent / "topics" / f"{name}.md").read_text("utf-8")
    for noun, fields in filters.items():
        text = text.replace(f"{{{noun}}}", textwrap.fill(", ".join(fields), WIDTH - 4, break_on_hyphens=False))
    return text


def _overview() -> str:
    lines = ["Topics (crm help TOPIC):", *_listed(TOPICS), "", "Commands (crm help COMMAND):"]
    rooms = {name: entry[0] for name, entry in commandtable.COMMANDS.items() if name and " " not in name}
    return "\n".join([*lines, *_listed(rooms)])


def _listed(names: dict[str, str]) -> list[str]:
    indent = max(len(name) for name in names) + 2
    return [f"  {name:{indent}}{help}" for name, help in names.items()]


def _command_help(words: list[str]) -> str:
    """The help of a command: what `--help` after it shows."""
    context: Any = get_current_context().find_root()
    command = context.command
    for word in words:
        names = getattr(command, "names", {})
        if word not in names:
            known = [*(TOPICS if command is context.find_root().command else ()), *names]
            close = nearest(word, known, count=1)
            hint = f"did you mean {close[0]}?" if close else "see: crm help"
            raise NotFound(f"there is no topic or command '{' '.join(words)}'", hint)
        command = command.get_command(context, word)
        context = command.context_class(command, info_name=word, parent=context)
    return str(command.get_help(context))
