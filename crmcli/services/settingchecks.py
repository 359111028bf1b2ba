"""What each setting may be: checks that give the value as it is written into the file."""

import shlex
from collections.abc import Callable
from urllib.parse import urlsplit

from crmcli.kernel import codes, money, spans
from crmcli.kernel.businesshours import parse_hours
from crmcli.kernel.clock import check_zone
from crmcli.kernel.durations import parse_duration
from crmcli.kernel.errors import UsageError
from crmcli.kernel.paths import expanded
from crmcli.kernel.place import URLS, shown_place
from crmcli.kernel.similarity import nearest
from crmcli.model.enums import OUTCOME, PRIORITY
from crmcli.services import channels, freedays

LONGEST_USER = 100
SECURITY = ("starttls", "tls", "none")


def _place(text: str) -> str:
    if text.startswith(URLS):
        return text
    if "://" in text:
        raise UsageError(f"'{shown_place(text)}' is not a place for the database", "a path, or postgresql://host/name")
    return _file(text)


def _user(text: str) -> str:
    if text.lower() == "me" or len(text) > LONGEST_USER:
        raise UsageError(f"'{text[:40]}' cannot be a user name", "a user name is short, for example: ada")
    return text


def _addresses(text: str) -> str:
    """Addresses with commas between, as they are kept; @domain stands for all of a domain."""
    found = [one.strip().lower() for one in text.replace(",", " ").split()]
    for one in found:
        local, at, domain = one.rpartition("@")
        if not at or "." not in domain or "@" in local:
            raise UsageError(f"'{one}' is not an e-mail address", "ada@engines.example, or @engines.example for all")
    return ", ".join(dict.fromkeys(found))


def _mailbox(text: str) -> str:
    """One address, perhaps with a name before it. What is behind the last @ must look like a domain or a host."""
    address = text.rpartition("<")[2].rstrip(">").strip()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(letter in address for letter in " ,;\r\n") or not text.isprintable():
        raise UsageError(f"'{text[:60]}' is not an e-mail address", "ada@engines.example, or Ada <ada@engines.example>")
    return text


def _span(text: str) -> str:
    return str(spans.parse_span(text))


def _hours(text: str) -> str:
    return str(parse_hours(text))


def _target(text: str) -> str:
    """Business time; `none` stands for no target."""
    plain = text.lower()
    if plain != "none" and not parse_duration(text):
        raise UsageError("no time at all is no target", "write 1h, 30m or 40h of business time; or none")
    return plain


def _yes_or_no(text: str) -> str:
    if text.lower() not in ("yes", "no"):
        raise UsageError(f"'{text[:40]}' is neither yes nor no", "write yes or no")
    return text.lower()


def _outcomes(text: str) -> str:
    """Outcomes with commas between; `none` stands for no outcome at all."""
    found = text.lower().replace(",", " ").split()
    for one in found:
        if one not in (*OUTCOME, "none"):
            close = nearest(one, OUTCOME)
            hint = f"did you mean {close[0]}?" if close else f"use some of: {', '.join(OUTCOME)}; or none"
            raise UsageError(f"'{one}' is not an outcome", hint)
    return ", ".join(dict.fromkeys(found))


def _channels(text: str) -> str:
    found = channels.named(text.replace(",", " ").split())
    channels.check_names(found)
    return ", ".join(found)


def _balance(text: str) -> str:
    amount, code = money.split_currency(text)
    money.parse_amount(amount, code or "CLF")  # of the currencies the one with most decimals
    return text


def _days(text: str) -> str:
    if not text.isascii() or not text.isdigit() or int(text[:6]) > 3650:
        raise UsageError(f"'{text[:40]}' is no number of days", "whole days, from 0 to 3650")
    return str(int(text))


def _port(text: str) -> str:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) < 65_536:
        raise UsageError(f"'{text[:40]}' is not a port", "a number from 1 to 65535; for mail 587, 465 or 25")
    return str(int(text))


def _security(text: str) -> str:
    if text.lower() not in SECURITY:
        raise UsageError(f"'{text[:40]}' is no way to secure a connection", f"use one of: {', '.join(SECURITY)}")
    return text.lower()


def _host(text: str) -> str:
    if any(letter in text for letter in "/@ \t\r\n") or not text.isprintable():
        raise UsageError(f"'{text[:40]}' is not the name of a host", "for example: mail.engines.example")
    return text


def _file(text: str) -> str:
    return str(expanded(text).absolute())


def _command(text: str) -> str:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"'{text[:60]}' is not a command: {error}", "quote as in a shell") from error
    if not words:
        raise UsageError("the command is empty", "a program with its arguments, for example: pass show mail")
    return text


def _web(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not text.isprintable() or " " in text:
        raise UsageError(f"'{text[:60]}' is not a web address", "it begins with https:// or http://")
    if parts.username is not None:
        raise UsageError("a web address with a login in it would be shown by crm config list", "leave the login out")
    return text


CHECKS: dict[str, Callable[[str], str]] = {
    "db": _place,
    "user": _user,
    "timezone": check_zone,
    "language": codes.check_language,
    "country": codes.check_country,
    "currency": codes.check_currency,
    "team.addresses": _addresses,
    "queue.waiting": _span,
    "panorama.silent": _span,
    "aftercare.outcomes": _outcomes,
    "aftercare.after": _span,
    "aftercare.won": _span,
    "sla.hours": _hours,
    "sla.timezone": check_zone,
    "sla.holidays": freedays.check,
    **{f"sla.{target}.{priority}": _target for target in ("response", "resolution") for priority in PRIORITY},
    "sla.soon": _target,
    "sla.reopen": _span,
    "cashflow.opening": _balance,
    "cashflow.payment_days": _days,
    "lead.score.half_life": _span,
    "lead.score.usual": _yes_or_no,
    "backup.folder": _file,
    "remind.channels": _channels,
    "remind.program": _command,
    "smtp.host": _host,
    "smtp.port": _port,
    "smtp.security": _security,
    "smtp.user": str,
    "smtp.password_file": _file,
    "smtp.password_command": _command,
    "smtp.from": _mailbox,
    "smtp.to": _mailbox,
    "webhook.url": _web,
    "webhook.secret_file": _file,
    "apprise.urls_file": _file,
}
"""The check of each setting; it raises UsageError for what cannot be right. The same names as `config.SETTINGS`."""
