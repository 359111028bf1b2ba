"""Apprise: chat, SMS, push and more than a hundred other services by URL. Needs `crmcli[apprise]`."""

import logging

import apprise

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import needs
from crmcli.notifiers.base import Notice, NotSent, Setup, Unsure

SETTING = "apprise.urls_file"


def check(setup: Setup) -> None:
    """Raises UsageError when no file of URLs is named, or it is not fit for use."""
    needs.setting(setup, SETTING, "apprise")
    _services(setup)


def send(notice: Notice, setup: Setup) -> None:
    """Tell every service of the file. What goes wrong is told by the line of the file: a URL is a secret.

    Raises:
        NotSent: no service took it.
        Unsure: some did and some did not, so that nobody is told twice.
    """
    with needs.when_sending():
        services = _services(setup)
    failed = [line for line, service in services if not _told(service, notice)]
    if not failed:
        return
    shown = ", ".join(map(str, failed))
    told = f"Apprise could not tell line {shown} of {SETTING}"
    raise NotSent(told) if len(failed) == len(services) else Unsure(f"{told}; it told the others")


def _services(setup: Setup) -> list[tuple[int, apprise.Apprise]]:
    """What each URL of the file means, with its line."""
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it would write to standard error
    services = []
    for number, line in enumerate(needs.secret(setup, SETTING).splitlines(), 1):
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        service = apprise.Apprise()
        if not service.add(url):
            raise UsageError(
                f"line {number} of {setup.settings[SETTING]} is no URL that Apprise knows",
                "one a line, for example: ntfy://topic",
            )
        services.append((number, service))
    if not services:
        raise UsageError(f"{setup.settings[SETTING]} holds no URL", "one a line, for example: ntfy://topic")
    return services


def _told(service: apprise.Apprise, notice: Notice) -> bool:
    try:
        told = service.notify(body=notice.text, title=notice.title, body_format=apprise.NotifyFormat.TEXT)
    except Exception:  # whatever a service's module does not catch; its words may hold the URL
        return False
    return bool(told)
