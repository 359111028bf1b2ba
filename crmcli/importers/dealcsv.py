"""Tables of deals of any program, by the titles of their columns."""

from collections.abc import Iterator, Sequence
from functools import cache

from crmcli.importers.base import LIKELY, NO, POSSIBLE, Columns, Item
from crmcli.importers.dealrows import finish_deal, read_deals
from crmcli.importers.rowreader import Values
from crmcli.importers.source import Source
from crmcli.importers.table_format import Header, custom_field, table_format
from crmcli.kernel.spreadsheets import unprotected

# Target: its titles, with bars between.
_TITLES = {
    "name": "deal|deal name|deal title|opportunity|opportunity name|subject|title|name|geschäft|verkaufschance|chance"
    "|affaire|opportunité|oportunidad|opportunità|kans",
    "external.deal": "deal id|opportunity id|id|record id|deal number|opportunity number",
    "stage": "stage|deal stage|sales stage|phase|stufe|étape|etapa|fase",
    "pipeline": "pipeline",
    "type": "status|deal status|outcome|state",
    "amount": "amount|value|deal value|deal amount|deal size|revenue|expected revenue|betrag|wert|auftragswert|volumen"
    "|montant|importe|valor|importo|valore|bedrag|waarde",
    "currency": "currency|currency code|währung|devise|moneda|valuta",
    "probability": "probability|probability (%)|win probability|chance of winning|wahrscheinlichkeit|probabilité"
    "|probabilidad|probabilità|kans op succes",
    "close_date": "close date|expected close|expected close date|closing date|close|due date|abschlussdatum|abschluss"
    "|date de clôture|fecha de cierre|data di chiusura|sluitingsdatum",
    "created_at": "created|created at|create date|created on|date created|creation date|erstellt|erstellt am",
    "closed_at": "closed at|closed on|won at|lost at|won on|lost on|date closed|geschlossen am",
    "owner_name": "owner|deal owner|sales rep|salesperson|assigned to|responsible|account manager|besitzer"
    "|verantwortlich|zuständig|propriétaire|responsable",
    "lost_reason": "lost reason|loss reason|reason lost|closed lost reason|verlustgrund|grund",
    "lead_source": "source|lead source|quelle|herkunft",
    "company": "company|company name|account|account name|organization|organisation|customer|client|firma|unternehmen"
    "|kunde|société|entreprise|empresa|azienda|bedrijf|klant",
    "contact": "contact|contact name|contact person|person|primary contact|kontakt|ansprechpartner",
    "contact.email": "email|contact email|e-mail|email address|person email",
    "contact.phone": "phone|contact phone|telefon|telephone",
    "notes": "notes|note|description|comment|comments|notiz|notizen|beschreibung|bemerkung",
    "tag": "tags|tag|label|labels",
    "forecast_category": "forecast category|forecast",
    "": "line|reason|row|#|last modified|updated at|modified",
}
_DEAL = frozenset({"deal", "opportunity", "verkaufschance", "geschäft", "affaire", "oportunidad", "opportunità"})


@cache
def _known() -> dict[str, str]:
    return {title: target for target, titles in _TITLES.items() for title in titles.split("|")}


def _targets(header: Header) -> Sequence[str]:
    known = _known()
    found: list[str] = []
    for title in header:
        target = known.get(title.rstrip("."))
        if target is None or (target and target in found):
            target = custom_field(title, found) if title else ""
        found.append(target)
    return found


def _match(header: Header) -> int:
    """Likely deals where a title says so, possible ones where something has a name, a stage and an amount."""
    found = set(_targets(header))
    says = any(word in _DEAL for title in header for word in title.split())
    if "name" not in found or not found & {"stage", "amount", "close_date", "type"}:
        return NO
    if says and found & {"stage", "amount", "close_date"}:
        return LIKELY - 1
    return POSSIBLE + 5 if {"stage", "amount"} <= found else NO


def _finish(values: Values, cells: Sequence[str]) -> None:
    contacts = values.get("contact", [])
    if len(contacts) > 1:  # its name, address and number are told in columns of their own
        whole: Values = {}
        for entry in contacts:
            whole = {**entry, **whole}
        values["contact"] = [whole]
    finish_deal(values)


def _read(source: Source, columns: Columns) -> Iterator[Item]:
    return read_deals(source, columns, _finish, tidy=unprotected)


FORMATS = (table_format("deals", "deals (CSV)", "deal", _match, _targets, read=_read),)
