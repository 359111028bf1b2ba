"""`crm init`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.kernel.place import shown_place
from crmcli.render.views.settings import VIEW
from crmcli.services.setup import Done, program

User = Annotated[str, typer.Option("--user", help="Who I am: a short name", metavar="NAME", show_default="login")]
Timezone = Annotated[
    str, typer.Option("--timezone", help="My time zone, such as Europe/Vienna", metavar="ZONE", show_default="system")
]
Language = Annotated[
    str, typer.Option("--language", help="My language, such as de-AT", metavar="TAG", show_default=False)
]
Country = Annotated[
    str,
    typer.Option(
        "--country", help="Country whose phone numbers need no prefix, such as AT", metavar="CODE", show_default=False
    ),
]
Currency = Annotated[
    str,
    typer.Option("--currency", help="Currency of amounts without one, such as EUR", metavar="CODE", show_default=False),
]
QUESTIONS = {
    "db": "Where should the data live? A file, or a postgresql:// URL",
    "user": "Who are you? A short name",
    "timezone": "Your time zone",
    "language": "Your language, such as en-GB (may stay empty)",
    "country": "Country whose phone numbers need no prefix, such as GB (may stay empty)",
    "currency": "Currency of amounts without one, such as EUR (may stay empty)",
}
FIRST_STEPS = (
    'contact add "Ada Lovelace" --email ada@engines.example --company "Analytical Engines"',
    'log in ada@engines.example "Asked about delivery" --channel call --followup "next tue 3pm"',
    "show ada",
)


def COMMAND(
    app: App,
    *,
    user: User = "",
    timezone: Timezone = "",
    language: Language = "",
    country: Country = "",
    currency: Currency = "",
) -> None:
    """Set up: where the data lives, who I am, my zone, language, country and currency.

    Without flags on a terminal it asks. Running it again changes only what is given.
    """
    if not app.prepare(VIEW):
        return
    flags = {"user": user, "timezone": timezone, "language": language, "country": country, "currency": currency}
    given = {name: value for name, value in {"db": app.settings.db or "", **flags}.items() if value}
    if not given and app.out.prompting_allowed():
        given = _asked(app)
    done = app.setup.run(given)
    if app.settings.format:
        return app.show(VIEW, app.setup.page())
    if not app.out.on_terminal:
        app.out.emit([done.place])
    return app.out.message(*_told(app, done))


def _asked(app: App) -> dict[str, str]:
    """Ask for every setting; what is there already, or likely, stands as the answer."""
    likely = app.setup.suggestions()
    fixed = {"db": "CRM_DB", "user": "CRM_USER", "timezone": "CRM_TIMEZONE"}
    answers = {}
    for name, question in QUESTIONS.items():
        if app.environ.get(fixed.get(name, "")):
            app.out.message(f"{name}: {shown_place(likely[name])} ({fixed[name]} says so)")
            continue
        answer = _ask(app, name, question, likely[name])
        if answer and (name != "db" or answer != likely["db"]):
            answers[name] = answer
    app.out.message(f"This goes into {app.setup.path}:", *(f"  {key} = {value}" for key, value in answers.items()))
    return answers


def _ask(app: App, name: str, question: str, default: str) -> str:
    """Ask until the answer can be right; "" for none."""
    while True:
        answer = app.ask(question, default).strip()
        try:
            return app.setup.check(name, answer) if answer else ""
        except UsageError as error:
            app.out.warn(error.message, error.hint)


def _told(app: App, done: Done) -> Sequence[str]:
    """What was done, and what to do next."""
    name, other = program(app.environ)
    database = "Made the database" if done.created else "The database was there already:"
    lines = [f"{database} {done.place}"]
    if done.joined and not done.created:
        lines.append(f"Added you to its team as {done.user}")
    wrote = f"Wrote {', '.join(done.changed)} to" if done.changed else "Nothing to change in"
    lines.append(f"{wrote} {app.setup.path}")
    if other:
        lines.append(f"Here {other} owns the name crm; this program also answers to crmcli")
    return [*lines, "Next:", *(f"  {name} {step}" for step in FIRST_STEPS)]
