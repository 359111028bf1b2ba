"""Standard output: what cron mails, and what a person sees who types `crm remind`."""

import os

from crmcli.notifiers.base import Notice, NotSent, Setup


def check(setup: Setup) -> None:
    """Standard output is always there."""


def send(notice: Notice, setup: Setup) -> None:
    """Write the text. Raises NotSent when it cannot be written, or was closed when the program began."""
    if getattr(setup.stdout, "name", "") == os.devnull:  # what then stands in for it
        raise NotSent("standard output is closed")
    try:
        setup.stdout.write(notice.text)
        setup.stdout.flush()
    except (OSError, ValueError) as error:
        raise NotSent(f"standard output cannot be written: {error}") from error
