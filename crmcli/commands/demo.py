"""`crm demo`."""

import shlex
from collections.abc import Sequence
from typing import Annotated

import typer

from crmcli.app import App
from crmcli.kernel.text import safe
from crmcli.render.views.demo import VIEW
from crmcli.services.demo import Built
from crmcli.services.setup import program

Path = Annotated[
    str, typer.Option("--path", help="Where to put it", metavar="FILE", show_default="demo.db in the cache folder")
]
TRY = (
    ("", "what is due today, and who waits for an answer"),
    ("show {hero}", "one customer at a glance"),
    ("find muller", "a name without its accent"),
    ("log in {hero} 'Asked about pears' --followup 'next tue 3pm'", "somebody rang"),
    ("contact list 'tag:vip last_out<-14d'", "who has heard nothing for two weeks"),
)


def COMMAND(app: App, *, path: Path = "") -> None:
    """Build a throw-away database of a small workshop's year, to try things with.

    It is made afresh each time, in a file of its own. Your own data is never touched.
    """
    if not app.prepare(VIEW, one=True):
        return
    built = app.demo.build(path)
    counts = built.counts
    record = {
        "id": built.path,
        "contacts": counts["contact"],
        "companies": counts["company"],
        "interactions": counts["interaction"],
        "followups": counts["followup"],
    }
    if app.out.on_terminal and not app.settings.format:
        app.out.emit(safe(line) for line in _guide(app, built))
    else:
        app.out.created("", VIEW, record)


def _guide(app: App, built: Built) -> Sequence[str]:
    """Where it is, and commands to try; every name is one of the data."""
    name, _ = program(app.environ)
    hero = built.hero.split()[0].lower()
    tries = [(f"{name} {words.format(hero=hero)}".rstrip(), meaning) for words, meaning in TRY]
    counts = built.counts
    return [
        f"A demo database: {counts['contact']} people in {counts['company']} companies, "
        f"{counts['interaction']} logged contacts, {counts['followup']} follow-ups",
        f"  {built.path}",
        "Use it in this shell, and try:",
        f"  export CRM_DB={shlex.quote(built.path)}",
        *(line for command, meaning in tries for line in (f"  {command}", f"      {meaning}")),
        "Back to your own data: unset CRM_DB",
    ]
