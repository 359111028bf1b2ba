"""Where reminders are told: which channels are meant, and whether they are set up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.similarity import nearest
from crmcli.notifiers import loader
from crmcli.notifiers.base import Setup

if TYPE_CHECKING:
    from crmcli.app import App

STDOUT = "stdout"


def usual(app: "App") -> list[str]:
    """Where reminders go when the command does not say: what the settings name, else the standard output."""
    return app.config.get("remind.channels", "").replace(",", " ").split() or [STDOUT]


def named(words: Sequence[str]) -> list[str]:
    """The names of channels as people write them, each once."""
    return list(dict.fromkeys(word.lower() for word in words))


def check(app: "App", names: Sequence[str]) -> None:
    """Refuse what could only fail later, where nobody may see it.

    Raises:
        UsageError: there is no such channel, or it is not set up.
    """
    check_names(names)
    for error in filter(None, (lack(app, name) for name in names)):
        raise error


def check_names(names: Sequence[str]) -> None:
    """Raises UsageError where there is no such channel."""
    for name in names:
        if name not in loader.CHANNELS:
            close = nearest(name, loader.CHANNELS, count=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise UsageError(f"there is no channel '{name}'", f"{hint}channels: {', '.join(loader.CHANNELS)}")


def lack(app: "App", name: str) -> CrmError | None:
    """Why nothing can be told on a channel that there is: what is not set up."""
    try:
        loader.load(name).check(setup(app))
    except CrmError as error:
        return error
    return None


def setup(app: "App") -> Setup:
    """What a notifier may know of its surroundings."""
    return Setup(app.config, app.environ, app.stdout)
