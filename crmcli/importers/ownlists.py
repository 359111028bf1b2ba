"""Our own exports of users, tags and fields, which are not taken in: told in words instead of taken for people."""

import re

from crmcli.importers import table
from crmcli.importers.jsontext import Found, is_json, records
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError

# What tells each of them, and what else its records may have.
_KEYS = {
    "users": ({"name", "display_name", "timezone", "role"}, {"email"}),
    "tags": ({"name", "contacts", "companies"}, set()),
    "fields": ({"name", "type", "choices", "description"}, set()),
}
_ANY = {"id", "uid", "created_at", "updated_at", "deleted_at"}
_SCHEMA = re.compile(r"\s*\{\s*\"schema\":\s*\"crm\.(user|tag|field)(?:\.list)?/")
_HINTS = {
    "users": "crm user add adds one",
    "tags": "people and companies bring theirs with them",
    "fields": "crm field add declares one",
}


def refuse(source: Source) -> None:
    """Refuse a source that is one of these exports. Raises UsageError."""
    what = _in_json(source) if is_json(source.text) else _in_table(source)
    if what:
        hint = f"crm export all carries them to another database; {_HINTS[what]}"
        raise UsageError(f"{source.name} is an export of {what}, which are not imported by themselves", hint)


def _in_json(source: Source) -> str:
    if found := _SCHEMA.match(source.text):
        return f"{found[1]}s"
    first = next(iter(records(source)), None)
    return _told(set(first.record)) if isinstance(first, Found) else ""


def _in_table(source: Source) -> str:
    form = table.layout(source)
    titles = {title.strip().lower().replace(" ", "_") for title in form.header} if form else set()
    return _told(titles - {"", table.PLACE, table.REASON})


def _told(keys: set[str]) -> str:
    return next((what for what, (marks, more) in _KEYS.items() if marks <= keys <= marks | more | _ANY), "")
