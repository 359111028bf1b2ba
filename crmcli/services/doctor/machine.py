"""What the program runs on: itself, Python, the zone, the terminal."""

import platform
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmcli import __version__
from crmcli.kernel.clock import check_zone, system_zone
from crmcli.services.doctor.finding import OK, WARN, Finding
from crmcli.services.setup import program as recommended

if TYPE_CHECKING:
    from crmcli.app import App


def program(app: "App") -> Iterator[Finding]:
    """Which version this is, and whether another program owns its name."""
    name, other = recommended(app.environ)
    if other:
        yield Finding(OK, f"crm {__version__}; here {other} owns the name crm: type {name}")
    else:
        yield Finding(OK, f"crm {__version__}")


def python(app: "App") -> Iterator[Finding]:
    """Which Python on which system."""
    system = f"{platform.system()} {platform.machine()}"
    yield Finding(OK, f"{platform.python_implementation()} {platform.python_version()} on {system}")


def zone(app: "App") -> Iterator[Finding]:
    """Whether my zone exists, and whether jobs of cron would see the same."""
    mine, machines = check_zone(app.clock.zone_name), system_zone({})
    usual = app.config.get("timezone") or machines
    if mine != usual:
        source = "CRM_TIMEZONE" if app.environ.get("CRM_TIMEZONE") else "TZ"
        text = f"{mine}, since {source} of this shell says so; other programs and jobs would see {usual}"
        yield Finding(WARN, text, f"crm config set timezone {mine}")
    elif app.config.get("timezone"):
        told = "" if mine == machines else f"; the machine's is {machines}"
        yield Finding(OK, f"{mine}, by the settings{told}")
    else:
        yield Finding(OK, f"{mine}, the machine's")


def terminal(app: "App") -> Iterator[Finding]:
    """Whether the output can carry every script."""
    encoding = (app.stdout.encoding or "utf-8").lower()
    try:
        "é─山🙂".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        advice = "set LANG=C.UTF-8, or another locale that ends with UTF-8"
        yield Finding(WARN, f"its encoding, {encoding}, cannot show every name", advice)
    else:
        yield Finding(OK, f"{encoding}")
