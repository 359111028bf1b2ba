"""Standard output: what cron mails, and what a person sees who types `crm remind`."""

from crmcli.notifiers.base import Notice, NotSent, Setup


def check(setup: Setup) -> None:
    """Standard output is always there."""


def send(notice: Notice, setup: Setup) -> None:
    """Write the text. Raises NotSent when it cannot be written."""
    try:
        setup.stdout.write(notice.text)
        setup.stdout.flush()
    except (OSError, ValueError) as error:
        raise NotSent(f"standard output cannot be written: {error}") from error
