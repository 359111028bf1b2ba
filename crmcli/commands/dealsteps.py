"""The next step of a deal, as it is given on the command line or asked for."""

from typing import Any

from crmcli.app import App
from crmcli.kernel import dates
from crmcli.kernel.errors import UsageError


def given_or_asked(app: App, subject: str | None, due: str | None, *, ask: bool) -> dict[str, Any]:
    """The next step as it was given, or asked for where somebody can answer."""
    if not subject and due:
        raise UsageError("--next-due is the date of nothing", "say what to do: --next 'Call about the offer'")
    if ask and app.out.prompting_allowed():
        subject = subject or app.ask("What is the next step? (nothing: none yet)").strip()
        due = due if due or not subject else app.ask("When is it due?", "tomorrow")
    if due:
        dates.parse(due, app.clock)
    return {"next": subject or None, "next_due": due}
