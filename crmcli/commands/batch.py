"""`crm batch`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import DryRun
from crmcli.kernel.errors import PartlyDone, UsageError
from crmcli.kernel.page import Page
from crmcli.render.views.batch import VIEW

KeepGoing = Annotated[bool, typer.Option("--keep-going", help="Apply the lines that can be, and report each")]


def COMMAND(app: App, *, keep_going: KeepGoing = False, dry_run: DryRun = False) -> None:
    """Apply operations from standard input, one JSON object a line: all of them, or none.

    For example: {"op": "log.in", "who": "c1", "text": "Asked about delivery", "channel": "call"}. An op is NOUN.VERB or
    log.in, log.out, log.note; its keys are the flags of that command, and who, name, text, subject for its arguments.
    """
    if not app.prepare(VIEW):
        return
    if app.stdin.isatty():
        raise UsageError("no operations were given", "crm batch < operations.jsonl")
    try:
        results = app.batch.run(app.stdin, keep_going=keep_going, dry_run=dry_run)
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not UTF-8 text", "nothing was changed; convert it first") from error
    failed = sum(not result["ok"] for result in results)
    if dry_run:
        app.out.message(f"{len(results) - failed} of {len(results)} operations would be applied; nothing was changed")
    if keep_going or app.out.format not in ("tsv", "table"):
        app.show(VIEW, Page(results))
    elif app.out.on_terminal:
        app.out.sentence(f"Applied {len(results)} operations")
    else:
        app.out.emit(one for result in results for one in result["ids"])
    if failed:
        rest = "the others are done" if failed < len(results) else "nothing was changed"
        raise PartlyDone(f"{failed} of {len(results)} operations were refused; {rest}")
