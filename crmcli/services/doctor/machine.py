"""What the program runs on: itself, Python, its libraries, the zone."""

import platform
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from crmcli import __version__
from crmcli.kernel.clock import check_zone, names_a_zone, system_zone
from crmcli.services.doctor.finding import FAIL, OK, WARN, Finding
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


NEEDED = ("typer", "rich", "sqlmodel", "sqlalchemy", "alembic", "questionary", "phonenumberslite", "tzdata")
EXTRAS = ("psycopg", "pysqlite3", "openpyxl", "holidays", "apprise")
QUICK_TYPER = (0, 29)
"""From this one on Typer imports pydantic for every parameter (docs/decisions/0005-dependencies.md)."""


def libraries(app: "App") -> Iterator[Finding]:
    """Which versions of its libraries this program has; whether one is missing, or slow."""
    found = {name: _installed(name) for name in (*NEEDED, *EXTRAS)}
    missing = [name for name in NEEDED if not found[name]]
    if missing:
        yield Finding(FAIL, f"{', '.join(missing)} cannot be found", "install the program anew: pipx reinstall crmcli")
    typer = found["typer"].split(".")
    if tuple(int(part) for part in typer[:2] if part.isdigit()) >= QUICK_TYPER:
        yield Finding(WARN, f"typer {found['typer']} makes every command slow", "pipx inject crmcli 'typer<0.29'")
    yield Finding(OK, ", ".join(f"{name} {version}" for name, version in found.items() if version))


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def zone(app: "App") -> Iterator[Finding]:
    """Whether my zone exists, whether jobs of cron would see the same, and whether TZ names a zone at all."""
    wanted = "" if app.environ.get("CRM_TIMEZONE") or app.config.get("timezone") else app.environ.get("TZ", "")
    if wanted and not names_a_zone(wanted):
        text = "UTC, since TZ of this shell names no zone that is known here"
        yield Finding(WARN, text, "name one, such as Europe/London: crm config set timezone ZONE")
        return
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
