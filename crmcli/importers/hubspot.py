"""HubSpot: contacts, companies and deals as its lists export them.

The columns are those of the list that was exported, under their English labels. Records know one another by their
record ids, joined with `;`. Owners are named by people whom nobody has to know here: they become the custom field
`owner_name`; `--map "Contact owner=owner"` takes them as users.
"""

import re
from collections.abc import Sequence
from typing import Any

from crmcli.importers.base import CERTAIN, LIKELY, NO, folded
from crmcli.importers.dealrows import apart, finish_deal, read_deals
from crmcli.importers.readings import (
    LEAD_STATUSES,
    LIFECYCLE_STAGES,
    consents,
    domain_of_website,
    keep,
    standing,
    take,
    yes,
)
from crmcli.importers.table_format import Header, meanings, table_format

Values = dict[str, Any]
_ADDRESS = {
    "street address": "address.street",
    "street address 2": "address.extended_address",
    "city": "address.city",
    "state/region": "address.region",
    "state/region code": "",
    "postal code": "address.postcode",
    "country/region": "address.country",
    "country/region code": "",
}
_NOISE = {
    "last modified date": "",
    "updated by user id": "",
    "created by user id": "",
    "associated deal": "",
    "associated deal ids": "",
    "associated note": "",
    "associated note ids": "",
    "merged record ids": "",
    "record source": "",
    "owner assigned date": "",
}
_COMPANY = {
    "associated company (primary)": "company#1",
    "associated company ids (primary)": "company#1.external.hubspot-company",
    "associated company": "company",
    "associated company ids": "company.external.hubspot-company",
    "associated company id": "company.external.hubspot-company",
    "primary associated company id": "company.external.hubspot-company",
}
CONTACT = {
    **_NOISE,
    **_COMPANY,
    "record id": "external.hubspot",
    "record id - contact": "external.hubspot",
    "contact id": "external.hubspot",
    "first name": "given_name",
    "last name": "family_name",
    "full name": "name",
    "salutation": "honorific_prefix",
    "email": "email",
    "additional email addresses": "email#2",
    "work email": "email.work",
    "invalid email address": "email.invalid",
    "phone number": "phone",
    "mobile phone number": "phone.mobile",
    "whatsapp phone number": "phone.mobile",
    "fax number": "phone.fax",
    "company name": "set.company_name",
    "job title": "job_title",
    "department": "department",
    "date of birth": "birth_date",
    "birthday": "birth_date",
    "preferred language": "preferred_language",
    "time zone": "timezone",
    "website url": "url.website",
    "linkedin url": "url.linkedin",
    "linkedin profile url": "url.linkedin",
    **_ADDRESS,
    "lifecycle stage": "lifecycle_stage",
    "lead status": "lead_status",
    "lead source": "lead_source",
    "contact owner": "set.owner_name",
    "unsubscribed from all email": "consent.marketing/email",
    "message": "notes",
}
COMPANY = {
    **_NOISE,
    "record id": "external.hubspot-company",
    "record id - company": "external.hubspot-company",
    "company id": "external.hubspot-company",
    "company name": "name",
    "name": "name",
    "legal name": "legal_name",
    "company domain name": "domain",
    "domain name": "domain",
    "additional domains": "domain",
    "website url": "url.website",
    "linkedin company page": "url.linkedin",
    "phone number": "phone",
    "industry": "industry",
    "number of employees": "employee_count",
    "time zone": "timezone",
    "lifecycle stage": "lifecycle_stage",
    "description": "notes",
    "company owner": "set.owner_name",
    "legal entity address": "address",
    **_ADDRESS,
    "associated contact": "",
    "associated contact ids": "",
}
DEAL = {
    **_NOISE,
    **_COMPANY,
    "record id": "external.hubspot-deal",
    "record id - deal": "external.hubspot-deal",
    "deal id": "external.hubspot-deal",
    "deal name": "name",
    "deal stage": "stage",
    "pipeline": "pipeline",
    "amount": "amount",
    "currency": "currency",
    "close date": "close_date",
    "create date": "created_at",
    "deal owner": "owner_name",
    "deal probability": "set.probability_share",
    "forecast category": "forecast_category",
    "closed lost reason": "lost_reason",
    "deal description": "notes",
    "lead source": "lead_source",
    "associated contact": "contact",
    "associated contact ids": "contact.external.hubspot",
}
_OPT_OUTS = ((re.compile(r"opted out of email: (.+)"), r"consent.\1/email"),)
# Titles that HubSpot alone has, and those that tell what a row is.
_OWN = frozenset(
    {
        "record id", "record id - contact", "record id - company", "record id - deal", "associated company",
        "associated company ids", "associated company (primary)", "associated company ids (primary)",
        "associated contact", "associated contact ids", "associated deal", "associated deal ids", "lifecycle stage",
        "marketing contact status", "original source", "company domain name", "contact owner", "company owner",
        "deal owner", "deal name", "deal stage", "last activity date", "unsubscribed from all email", "create date",
    }
)  # fmt: skip
_ANYBODYS = frozenset({"deal name", "deal stage", "deal owner"})
"""Titles that anybody gives a table of deals, too: without others of HubSpot's it is none of its."""
# Titles of tables that people make themselves: HubSpot has longer ones for the same.
_OTHERS = frozenset({"name", "phone", "company", "country"})
# The first of these kinds of which a header has a title is what its rows are.
_KINDS = (
    ("deal", frozenset({"deal name", "deal stage", "record id - deal"})),
    ("contact", frozenset({"first name", "last name", "contact owner", "record id - contact"})),
    ("company", frozenset({"company domain name", "company owner", "record id - company"})),
    ("contact", frozenset({"email", "lead status"})),
    ("company", frozenset({"company name", "number of employees"})),
)


def _kind(header: Header) -> str:
    return next((kind for kind, titles in _KINDS if titles.intersection(header)), "")


def _match(noun: str, header: Header) -> int:
    """Zoho also exports a `Record Id`, and other columns of ids beside it: they end in `.id`."""
    if _kind(header) != noun or any(title.endswith((".id", "owner id")) for title in header):
        return NO
    found = _OWN.intersection(header)
    own = 0 if found <= _ANYBODYS else len(found)
    if own == 1 and _OTHERS.intersection(header):  # a list of anybody, whose stage is of the same name
        return NO
    return CERTAIN if own >= 2 else LIKELY if own else NO


def _contact_targets(header: Header) -> Sequence[str]:
    return meanings(header, CONTACT, _OPT_OUTS)


def _finish_contact(values: Values, cells: Sequence[str]) -> None:
    _finish_party(values)
    standing(values, "lead_status", LEAD_STATUSES)
    _employers(values)
    for entry in values.get("email", ()):
        if "invalid" in entry:
            entry["invalid"] = "yes" if yes(entry["invalid"]) else "no"
    consents(values, "hubspot", {"yes": "withdrawn", "no": ""})


def _employers(values: Values) -> None:
    """The associated companies, and the text of `Company name` where it tells more than they do."""
    companies = apart(values.get("company", []))
    named = take(values, "company_name")
    names = {folded(str(entry["name"])) for entry in companies if "name" in entry}
    if named and not names:
        companies = [{"name": named, **entry} for entry in companies[:1] or [{}]] + companies[1:]
    elif named and folded(named) not in names:
        keep(values, "company_name", named)
    if companies:
        values["company"] = companies


def _finish_company(values: Values, cells: Sequence[str]) -> None:
    _finish_party(values)
    domain_of_website(values)


def _finish_party(values: Values) -> None:
    standing(values, "lifecycle_stage", LIFECYCLE_STAGES)
    if "timezone" in values:  # america_slash_new_york is its name within HubSpot
        values["timezone"] = "/".join(re.split("/|_slash_", values["timezone"].replace(" ", "_")))


def _finish_deal(values: Values, cells: Sequence[str]) -> None:
    for field in ("company", "contact"):
        if field in values:
            values[field] = apart(values[field])
    finish_deal(values)


FORMATS = (
    table_format(
        "hubspot",
        "HubSpot contacts",
        "contact",
        lambda header: _match("contact", header),
        _contact_targets,
        _finish_contact,
    ),
    table_format(
        "hubspot-companies",
        "HubSpot companies",
        "company",
        lambda header: _match("company", header),
        lambda header: meanings(header, COMPANY),
        _finish_company,
    ),
    table_format(
        "hubspot-deals",
        "HubSpot deals",
        "deal",
        lambda header: _match("deal", header),
        lambda header: meanings(header, DEAL),
        read=lambda source, columns: read_deals(source, columns, _finish_deal),
    ),
)
