"""What a check finds."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from crmcli.app import App

OK, WARN, FAIL = "ok", "warn", "fail"
STATUSES = (OK, WARN, FAIL)
_QUOTED = re.compile(r'"[^"]*"')
_HOST = re.compile(r"(?<=\bhost )'[^']*'")
_ADDRESS = re.compile(r"\(?\b(?:\d{1,3}\.){3}\d{1,3}\b\)?|\([0-9a-fA-F:]*:[0-9a-fA-F:]+\)")
_MAILBOX = re.compile(r"[^\s<>@:;,]+@[^\s<>@:;,]+")
_URL = re.compile(r"\b\w+://\S+")


PERSONAL = ("smtp.host", "smtp.user", "smtp.from", "smtp.to", "webhook.url", "user")
"""Settings that say who somebody is, or where."""


LOGINS = ("CRM_USER", "LOGNAME", "USER", "USERNAME")
"""Variables of the environment that say who I am."""


class Finding(NamedTuple):
    """What a check saw: ok, warn or fail, and what to do; "" where nothing is to be done.

    It goes into bug reports: no names of customers, no secrets, no addresses; the home folder is `~`.
    """

    status: str
    text: str
    advice: str = ""


Check = Callable[["App"], Iterator[Finding]]
"""A check looks and changes nothing. What it raises as a CrmError is a finding, too."""


def discreet(text: str, environ: Mapping[str, str], settings: Mapping[str, str] = {}) -> str:
    """A text without what tells who and where: e-mail addresses, hosts, users, the home folder."""
    web = urlsplit(settings.get("webhook.url", "")).hostname or ""
    for name in filter(None, (web, *(settings.get(one, "") for one in PERSONAL))):
        text = text.replace(name, "…")
    for pattern in (_URL, _MAILBOX, _ADDRESS, _HOST):
        text = pattern.sub("…", text)
    return at_home(_QUOTED.sub('"…"', text), environ)


def at_home(path: str, environ: Mapping[str, str]) -> str:
    """A path, or a text with paths in it, with ~ for the home folder, and … for a folder that is named after me."""
    home = environ.get("HOME", "").strip() or os.path.expanduser("~")
    if home not in ("", "/", "~"):
        path = path.replace(home.rstrip("/") + "/", "~/")
    for name in filter(None, {environ.get(one, "") for one in LOGINS}):
        path = path.replace(f"/{name}/", "/…/")
    return path
