"""A person's settings: a small TOML file, read only if it exists."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w

from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.files import replacing
from crmcli.kernel.similarity import nearest


class Setting(NamedTuple):
    """A setting: what it means, with an example."""

    help: str
    example: str


SETTINGS = {
    "db": Setting("The database: a path, or a postgresql:// URL", "~/crm.db"),
    "user": Setting("Who I am: my user name in the database", "ada"),
    "timezone": Setting("My time zone (IANA)", "Europe/Vienna"),
    "language": Setting("My language (BCP 47)", "de-AT"),
    "country": Setting("The country (ISO 3166) whose phone numbers are written without a prefix", "AT"),
    "currency": Setting("The currency (ISO 4217) of amounts without one", "EUR"),
    "team.addresses": Setting(
        "Our own e-mail addresses; @engines.example stands for all of a domain", "ada@engines.example, @engines.example"
    ),
    "queue.waiting": Setting("How long an answer may take before the queue says whom we wait for", "7d"),
    "panorama.silent": Setting(
        "How long without a word in either direction and an order makes a customer silent", "180d"
    ),
    "aftercare.outcomes": Setting(
        "Outcomes of a logged contact after which to ask whether that solved it; none for never", "resolved"
    ),
    "aftercare.after": Setting("How long after such a contact to ask", "3d"),
    "aftercare.won": Setting("How long after a deal is won to ask how it is going; without it nobody is asked", "30d"),
    "sla.hours": Setting("The business hours by which targets of cases are counted", "mon-fri 09:00-17:00"),
    "sla.timezone": Setting("The time zone of these hours; mine without it", "Europe/Vienna"),
    "sla.holidays": Setting(
        "Days without business: a country or a part of one (needs crmcli[workdays]), and days of our own",
        "DE-BY, 2026-12-24, --12-31",
    ),
    "sla.response.urgent": Setting("Business time until the first answer to an urgent case; none for no target", "1h"),
    "sla.response.high": Setting("The same of high priority", "4h"),
    "sla.response.normal": Setting("The same of normal priority", "8h"),
    "sla.response.low": Setting("The same of low priority", "16h"),
    "sla.resolution.urgent": Setting("Business time until an urgent case is resolved; none for no target", "8h"),
    "sla.resolution.high": Setting("The same of high priority", "16h"),
    "sla.resolution.normal": Setting("The same of normal priority", "40h"),
    "sla.resolution.low": Setting("The same of low priority", "80h"),
    "sla.soon": Setting("How much business time before its target a case is told of", "4h"),
    "sla.reopen": Setting("How long after it was resolved a contact of the customer opens a case again", "14d"),
    "cashflow.opening": Setting("What is in the bank, where crm cashflow begins", "12000 EUR"),
    "cashflow.payment_days": Setting("How many days after a deal is won it is paid", "30"),
    "lead.score.half_life": Setting("How long until what a lead did counts half in its score", "30d"),
    "lead.score.usual": Setting("Whether the usual rules count beside my own: yes or no; see crm lead rules", "yes"),
    "backup.folder": Setting("Where crm db backup puts backups; without it backups/ beside the database", "~/backups"),
    "remind.channels": Setting("Where crm remind tells, unless --channel says", "email, desktop"),
    "remind.program": Setting("The program that the channel 'program' hands reminders to", "wall"),
    "smtp.host": Setting("The mail server that reminders are sent through", "mail.engines.example"),
    "smtp.port": Setting("Its port; usually 587, with tls 465", "587"),
    "smtp.security": Setting("How the connection is secured: starttls, tls or none", "starttls"),
    "smtp.user": Setting("The login at the mail server, if it wants one", "ada@engines.example"),
    "smtp.password_file": Setting("A file of mine alone (mode 0600) with the password", "~/.config/crm/smtp-password"),
    "smtp.password_command": Setting("A command that prints the password", "pass show mail"),
    "smtp.from": Setting("The address that reminders come from", "crm@engines.example"),
    "smtp.to": Setting("The address that reminders go to; without it the sender's", "ada@engines.example"),
    "webhook.url": Setting("Where the channel 'webhook' sends reminders as JSON", "https://hooks.engines.example/crm"),
    "webhook.secret_file": Setting("A file of mine alone with the secret that signs them", "~/.config/crm/webhook"),
    "apprise.urls_file": Setting("A file of mine alone with Apprise URLs, one a line", "~/.config/crm/apprise"),
}
RULES = {
    "lead.score.facts": Setting("Points of leads that match this filter of contacts; 0: no such rule", "10"),
    "lead.score.behaviours": Setting("Points for each logged contact that matches this filter; 0: no such rule", "10"),
}
"""Tables of rules: the name of a rule is that of its table, a dot, and a filter: `lead.score.facts.tag:vip`."""
# Characters; a settings file is a page at most.
LARGEST = 100_000


def load(path: Path) -> dict[str, str]:
    """The settings in a file; empty when there is none.

    Raises:
        CrmError: the file cannot be read.
        UsageError: it is not TOML, or a setting is unknown or not a text; the points of a rule may be a number.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CrmError(f"cannot read the settings in {path}: {error}") from error
    try:
        values = tomllib.loads(text[:LARGEST])
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{path} is not valid TOML: {error}", 'a line looks like: timezone = "Europe/Vienna"'
        ) from error
    values = _flat(values)
    for name, value in values.items():
        check_name(name)
        if rule(name) and isinstance(value, int) and not isinstance(value, bool):
            values[name] = str(value)
        elif not isinstance(value, str):
            raise UsageError(
                f"the setting {name} in {path} is not a text", f'for example: {name} = "{setting(name).example}"'
            )
    return values


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Tables as names with a dot: `team.addresses`, in whichever way TOML writes it."""
    found = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found.update({f"{name}.{key}": inner for key, inner in _flat(value).items()})
        else:
            found[name] = value
    return found


def check_name(name: str) -> str:
    """The name itself, if there is such a setting; else UsageError with the nearest."""
    if name not in SETTINGS and not rule(name):
        close = nearest(name, SETTINGS)
        hint = f"did you mean {close[0]}?" if close else "see: crm config list"
        if name in RULES:
            hint = f"a rule of it ends with a filter: {name}.{'tag:vip' if 'facts' in name else 'channel:chat'}"
        raise UsageError(f"there is no setting '{name}'", hint)
    return name


def rule(name: str) -> tuple[str, str] | None:
    """The table and the filter of a rule; None for any other setting."""
    for table in RULES:
        if name.startswith(f"{table}.") and name[len(table) + 1 :].strip():
            return table, name[len(table) + 1 :]
    return None


def setting(name: str) -> Setting:
    """What a setting that there is means."""
    found = rule(name)
    return RULES[found[0]] if found else SETTINGS[name]


def ordered(values: Mapping[str, str]) -> dict[str, str]:
    """Settings in the order of SETTINGS, then the rules in that of the file."""
    return {name: values[name] for name in (*SETTINGS, *filter(rule, values)) if name in values}


def save(path: Path, values: dict[str, str]) -> None:
    """Write the settings, readable by their owner alone, whole or not at all; rules as tables."""
    document: dict[str, Any] = {name: value for name, value in values.items() if not rule(name)}
    for name, value in values.items():
        found = rule(name)
        if found:
            table = document
            for part in found[0].split("."):
                table = table.setdefault(part, {})
            table[found[1]] = int(value) if value.lstrip("-").isdecimal() else value
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CrmError(f"cannot write the settings to {path}: {error.strerror}") from error
    with replacing(str(path)) as file:
        file.write(tomli_w.dumps(document))
