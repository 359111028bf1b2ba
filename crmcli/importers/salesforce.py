"""Salesforce: contacts, leads, accounts and opportunities, from reports and from Data Loader.

A report has labels and the columns that somebody chose; Data Loader has API names in capitals, moments in UTC, and
`__c` behind what the organisation added. Record ids of 15 characters, as reports have them, are told in their form of
18, so that both name the same record. Owners become the custom field `owner_name`, as nobody here need know them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO
from crmcli.importers.dealrows import finish_deal, read_deals
from crmcli.importers.readings import LEAD_STATUSES, consents, domain_of_website, keep, standing, take, yes
from crmcli.importers.salesforce_columns import ACCOUNT, ADDRESSES, CONTACT, LEAD, OPPORTUNITY
from crmcli.importers.table_format import Header, custom_field, meanings, table_format

Values = dict[str, Any]
# Titles that Salesforce writes, in reports and as API names; the strong ones are those that nobody else does.
_STRONG = frozenset(
    {
        "company / account", "mailing state/province", "mailing zip/postal code", "billing state/province",
        "billing zip/postal code", "shipping zip/postal code", "opportunity name", "probability (%)", "fiscal period",
        "isdeleted", "masterrecordid", "accountid", "ownerid", "createdbyid", "lastmodifiedbyid", "systemmodstamp",
        "mailingpostalcode", "billingpostalcode", "hasoptedoutofemail", "isconverted", "stagename", "forecastcategory",
        "recordtypeid", "reportstoid",
    }
)  # fmt: skip
_WEAK = frozenset(
    {
        "account name", "account owner", "lead owner", "contact owner", "opportunity owner", "opportunity id",
        "account id", "contact id", "lead id", "lead source", "mailing street", "billing street", "email opt out",
        "do not call", "rating",
    }
)  # fmt: skip
_NAMES = frozenset(
    {
        "mailingstreet", "mailingcity", "mailingstate", "mailingcountry", "billingstreet", "billingcity",
        "billingstate", "billingcountry", "donotcall", "leadsource", "closedate", "annualrevenue", "accountnumber",
        "numberofemployees", "parentid", "lastactivitydate", "createddate",
    }
)  # fmt: skip
_FOREIGN = frozenset({"record id", "created (utc)", "member rating", "lifecycle stage"})


def _kind(cells: frozenset[str]) -> str:
    """What a row of this header is."""
    if cells & {"opportunity name", "opportunity id", "stagename"}:
        return "opportunity"
    person = cells & {"first name", "last name", "firstname", "lastname", "full name", "contact name", "email"}
    if cells & {"company / account", "lead owner", "lead id", "isconverted"} or ("leadsource" in cells and person):
        contact = cells & {"accountid", "mailingstreet", "mailing street", "account name", "contact id"}
        return "contact" if contact else "lead"
    if person or cells & {"contact id", "mailing street", "mailingstreet"}:
        return "contact"
    if cells & {"account name", "account id"} or ("name" in cells and cells & (_NAMES | _STRONG)):
        return "account"
    return ""


def _match(kind: str, header: Header) -> int:
    cells = frozenset(header)
    if cells & _FOREIGN or _kind(cells) != kind:
        return NO
    strong = len(cells & _STRONG) + (any(_is_added(title) for title in cells) and bool(cells & _NAMES))
    own = strong + len(cells & _WEAK) + len(cells & _NAMES)
    if own >= 2:
        return CERTAIN if strong else LIKELY
    return LIKELY if strong else NO


def _is_added(title: str) -> bool:
    """Whether an organisation added this column itself: `__c`, folded."""
    return title.endswith(" c")


def _targets(known: Mapping[str, str], header: Header) -> Sequence[str]:
    used = list(known.values())
    added = {title: custom_field(title[:-2], used) for title in header if _is_added(title)}
    return meanings(header, {**ADDRESSES, **added, **known})


def full_id(text: str) -> str:
    """A record id of 15 characters, in which case matters, in its form of 18, in which it does not; others as they are.

    Each five characters give one more: the letter or digit that their capitals, read as bits, point to (Salesforce
    Help, "Understanding and Identifying Salesforce record IDs").
    """
    if not re.fullmatch("[A-Za-z0-9]{15}", text):
        return text
    chunks = (text[start : start + 5] for start in (0, 5, 10))
    points = (sum(1 << place for place, letter in enumerate(chunk) if letter.isupper()) for chunk in chunks)
    return text + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[point] for point in points)


def _full(external: Any) -> str:
    source, colon, key = str(external).partition(":")
    return f"{source}{colon}{full_id(key) if source == 'salesforce' else key}"


def _finish(values: Values) -> None:
    """What all records need. Raises ValueError for one that is deleted."""
    if yes(take(values, "isdeleted")):
        raise ValueError("the record is deleted in Salesforce")
    if "external" in values:
        values["external"] = [_full(text) for text in values["external"]]
    for field in ("company", "contact"):
        for entry in values.get(field, ()):
            if "external" in entry:
                entry["external"] = _full(entry["external"])


def _finish_contact(values: Values, cells: Sequence[str]) -> None:
    _finish(values)
    consents(values, "salesforce", {"yes": "withdrawn", "no": ""})


def _finish_lead(values: Values, cells: Sequence[str]) -> None:
    _finish_contact(values, cells)
    converted = yes(take(values, "isconverted"))
    status = values.get("lead_status")
    standing(values, "lead_status", LEAD_STATUSES)
    if converted:
        if status and values["lead_status"] != "converted":
            keep(values, "lead_status_text", str(status))
        values["lead_status"] = "converted"
    elif values.get("lead_status") != "converted":
        values.setdefault("lifecycle_stage", "lead")


def _finish_account(values: Values, cells: Sequence[str]) -> None:
    _finish(values)
    domain_of_website(values)


def _finish_opportunity(values: Values, cells: Sequence[str]) -> None:
    _finish(values)
    closed, won = yes(take(values, "isclosed")), yes(take(values, "iswon"))
    if closed is not None:
        values["type"] = "open" if not closed else "won" if won else "lost"
    finish_deal(values)


FORMATS = (
    table_format(
        "salesforce",
        "Salesforce contacts",
        "contact",
        lambda header: _match("contact", header),
        lambda header: _targets(CONTACT, header),
        _finish_contact,
    ),
    table_format(
        "salesforce-leads",
        "Salesforce leads",
        "contact",
        lambda header: _match("lead", header),
        lambda header: _targets(LEAD, header),
        _finish_lead,
    ),
    table_format(
        "salesforce-accounts",
        "Salesforce accounts",
        "company",
        lambda header: _match("account", header),
        lambda header: _targets(ACCOUNT, header),
        _finish_account,
    ),
    table_format(
        "salesforce-opportunities",
        "Salesforce opportunities",
        "deal",
        lambda header: _match("opportunity", header),
        lambda header: _targets(OPPORTUNITY, header),
        read=lambda source, columns: read_deals(source, columns, _finish_opportunity),
    ),
)
