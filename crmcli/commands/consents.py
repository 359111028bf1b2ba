"""`crm consent`."""

from typing import Annotated

import typer

from crmcli.app import App
from crmcli.commands.options import Who, given, text_flag
from crmcli.commands.room import Room
from crmcli.render.formats import HUMAN
from crmcli.render.views.consents import VIEW, history

ROOM = Room("Whom we may contact, for what, and how")
Purpose = Annotated[
    str, typer.Argument(help="What for, such as marketing or marketing/email", metavar="PURPOSE", show_default=False)
]
Channel = Annotated[str | None, text_flag("--channel", "By which channel; all of them without it", "WORD")]
Basis = Annotated[str | None, text_flag("--legal-basis", "Legal basis (GDPR Art. 6); consent without it", "WORD")]
Source = Annotated[str | None, text_flag("--source", "How we know: a form, a letter, a call")]
At = Annotated[str | None, text_flag("--at", "When it was said; now without it", "WHEN")]


@ROOM.verb("grant")
def grant(
    app: App,
    who: Who,
    purpose: Purpose,
    *,
    channel: Channel = None,
    legal_basis: Basis = None,
    source: Source = None,
    at: At = None,
) -> None:
    """Write down that somebody agreed."""
    values = {"channel": channel, "legal_basis": legal_basis, "source": source, "at": at}
    _say(app, who, "granted", purpose, values)


@ROOM.verb("withdraw")
def withdraw(
    app: App, who: Who, purpose: Purpose, *, channel: Channel = None, source: Source = None, at: At = None
) -> None:
    """Write down that somebody agrees no longer; the purpose contact means any contact at all."""
    _say(app, who, "withdrawn", purpose, {"channel": channel, "source": source, "at": at})


@ROOM.verb("deny")
def deny(
    app: App, who: Who, purpose: Purpose, *, channel: Channel = None, source: Source = None, at: At = None
) -> None:
    """Write down that somebody said no."""
    _say(app, who, "denied", purpose, {"channel": channel, "source": source, "at": at})


@ROOM.verb("show")
def show(app: App, who: Who) -> None:
    """Show what somebody agreed to and refused, since when, and what was said before."""
    if not app.prepare(VIEW):
        return
    party, page = app.consents.show(who)
    app.show(VIEW, page)
    if app.out.format in HUMAN:
        reason = app.consents.against(party)
        app.out.message(*([f"{party.name}: {reason}"] if reason else []), *history(list(page.items), app.clock))


def _say(app: App, who: str, state: str, purpose: str, values: dict[str, str | None]) -> None:
    if not app.prepare(VIEW):
        return
    party, changed = app.consents.say(who, state, purpose, given(values))
    what = purpose + (f"/{values['channel']}" if values["channel"] else "")
    told = f"{what} {state}" if changed else f"nothing to change: {what} was said so, or otherwise later"
    if app.out.for_programs:
        app.show(VIEW, app.consents.show(party.ref)[1])
    else:
        app.out.sentence(f"{party.name} ({party.ref}): {told}")
