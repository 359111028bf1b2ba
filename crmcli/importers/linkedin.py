"""LinkedIn: the connections of a member, from the copy of one's data (`Connections.csv`).

Above the header stand `Notes:`, a sentence and an empty line. Most people have no e-mail address there: what knows them
again is the address of their page.
"""

import re
from typing import Any
from urllib.parse import unquote

from crmcli.importers.base import CERTAIN
from crmcli.importers.table_format import marked_by, meanings, table_format

Values = dict[str, Any]

_KNOWN = {
    "first name": "given_name",
    "last name": "family_name",
    "url": "url.linkedin",
    "email address": "email",
    "company": "company",
    "position": "job_title",
    "connected on": "set.connected_on",
}
_PAGE = re.compile(r"https?://(?:[a-z]{2,3}\.)?linkedin\.com/in/([^/?#]+)/?(?:[?#].*)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _finish(values: Values, cells: list[str]) -> None:
    for entry in values.get("url", ()):
        if found := _PAGE.fullmatch(entry["value"]):
            values["external"] = [f"linkedin:{unquote(found[1]).lower()}"]
    for entry in values.get("set", ()):
        found = _DAY.fullmatch(entry.get("connected_on", ""))
        if found and found[2].lower() in _MONTHS:
            entry["connected_on"] = f"{found[3]}-{_MONTHS.index(found[2].lower()) + 1:02d}-{int(found[1]):02d}"


FORMATS = (
    table_format(
        "linkedin",
        "LinkedIn connections",
        "contact",
        marked_by("first name", "last name", "position", "connected on", score=CERTAIN),
        lambda header: meanings(header, _KNOWN),
        _finish,
    ),
)
