"""Outlook: the classic export (92 columns, in the language of the program), Outlook.com and 365 (61 columns), and what
Google calls Outlook CSV, which has some of the same.

A day such as 0/0/00 means that there is none. The address of somebody in the same Exchange is a name of its directory
(`/o=…/cn=…`) and leads nowhere else.
"""

from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO, folded, share
from crmcli.importers.outlook_titles import OWN, TITLES
from crmcli.importers.table_format import Header, meanings, table_format

Values = dict[str, Any]
# The gender that Outlook writes when none was given.
_NO_GENDER = frozenset(
    {
        "unspecified", "keine angabe", "nicht angegeben", "non spécifié", "non indiqué", "sin especificar",
        "no especificado", "non specificato", "niet opgegeven", "não especificado",
    }
)  # fmt: skip


def _match(header: Header) -> int:
    own = len(OWN.intersection(header))
    known = share(TITLES, header)
    if own >= 3 and known >= 0.8:
        return CERTAIN
    return LIKELY if own >= 2 and known >= 0.6 else NO


def _targets(header: Header) -> tuple[str, ...]:
    targets = list(meanings(header, TITLES))
    # In French the salutation and the job title are both called so, the salutation first.
    places = [place for place, title in enumerate(header) if title == folded("Titre")]
    if len(places) > 1:
        targets[places[0]] = "honorific_prefix"
    return tuple(targets)


def _finish(values: Values, cells: list[str]) -> None:
    if "email" in values:
        values["email"] = [entry for entry in values["email"] if not entry["value"].startswith("/")]
        if not values["email"]:
            del values["email"]
    for entry in values.get("phone", ()):
        if entry.get("label") == "main":
            entry["is_primary"] = True
    if "set" in values:
        values["set"] = [
            entry for entry in values["set"] for key, text in entry.items() if not _says_nothing(key, text)
        ]
        if not values["set"]:
            del values["set"]


def _says_nothing(key: str, text: str) -> bool:
    if key == "anniversary":
        return not text.strip("0/.-: ")
    return key == "gender" and folded(text) in _NO_GENDER


FORMATS = (table_format("outlook", "Outlook contacts", "contact", _match, _targets, _finish),)
