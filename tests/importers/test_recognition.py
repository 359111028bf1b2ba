"""What a file is taken for first: every sample, and an example of every format."""

import io
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from crmcli.importers import loader
from crmcli.importers.base import LIKELY
from crmcli.importers.source import Source
from crmcli.store import archive
from tests.importers.tables import SAMPLES, source

HEADERS = {
    "google_new_2024": "google",
    "google_old": "google-old",
    "google_outlook_csv_partial": "outlook",
    "hubspot_companies": "hubspot-companies",
    "hubspot_contacts": "hubspot",
    "hubspot_deals": "hubspot-deals",
    "mailchimp_audience": "mailchimp",
    "outlook_classic": "outlook",
    "outlook_live_m365": "outlook",
    "pipedrive_deals_people_partial": "pipedrive-deals",
    "salesforce_contacts_report": "salesforce",
    "salesforce_leads_report": "salesforce-leads",
    "shopify_customers_new": "shopify",
    "shopify_customers_old": "shopify",
    "shopify_orders": "shopify-orders",
    "stripe_customers": "stripe",
}
ACCOUNTS = (
    "dateEndingInZ",
    "dateOnlyWithTimeZone",
    "dateUsingDefaultTimeZone",
    "dateWithTimeZone",
    "insertAccountCsv",
    "upsertAccountSmallTemplate",
)
# Pieces of messages: nobody sent them, or there is no header at all.
NO_MESSAGES = ("05", "11", "18", "19", "23", "28", "30", "31", "37", "38", "39", "40")
NO_CALENDARS = ("timezones", "tz_us_eastern")
"""Time zones without a calendar around them."""
NOTHING: set[str] = set()


def expected(path: Path) -> set[str]:
    """The formats of which one must be the first for a sample; none when nothing may be sure of it."""
    folder, name = path.relative_to(SAMPLES).parts[0], path.stem
    if path.suffix in (".vcf", ".json", ".ics"):
        kinds = {".vcf": {"vcard"}, ".json": {"json"}, ".ics": {"calendar"}}
        return NOTHING if folder == "naughty-strings" or name in NO_CALENDARS else kinds[path.suffix]
    if folder == "csv-headers":
        return {HEADERS[name]}
    if folder == "csv-salesforce" and path.suffix == ".csv":
        return {"salesforce-accounts" if name in ACCOUNTS else "salesforce-opportunities" if "opp" in name else "csv"}
    if folder == "cdnow":
        return {"cdnow"}
    if folder == "csv-shopify":
        return {"shopify-orders"}
    if folder == "csv-spectrum":
        return {"csv"}
    if folder == "mail-cpython" and name.removeprefix("msg_") not in NO_MESSAGES:
        return {"mbox" if name in ("msg_25", "msg_43") else "eml"}
    return NOTHING


FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file())


@pytest.mark.skipif(not FILES, reason=f"{SAMPLES} is not there")
def test_every_sample_is_recognised() -> None:
    wrong = []
    for path in FILES:
        found = loader.candidates(Source(str(path), path))
        names = {made.name for mark, made in found if mark == found[0][0]}
        right = expected(path)
        if right != names if right else found and found[0][0] >= LIKELY:
            wrong.append(f"{path.relative_to(SAMPLES)}: {[(mark, made.name) for mark, made in found]}")
    assert not wrong, "\n".join(wrong)


def workbook() -> bytes:
    """A workbook with one sheet."""
    book = import_module("openpyxl").Workbook()
    book.active.append(["Name", "Email"])
    book.active.append(["Ada Lovelace", "ada@engines.example"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


EXAMPLES: dict[str, str | Callable[[], bytes]] = {
    "google": "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n",
    "google-old": "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value\n",
    "outlook": "First Name,Last Name,Suffix,Company,Business Street,Business City,E-mail Address,E-mail 2 Address,"
    "Home Phone,Company Main Phone,Office Location,Web Page\n",
    "linkedin": 'Notes:\n"When exporting, you may notice gaps."\n\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAda,Lovelace,,,Engines,CEO,12 Mar 2026\n",
    "hubspot": "Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage\n1,Ada,Lovelace,,,Lead\n",
    "hubspot-companies": "Record ID,Company name,Company Domain Name,Company owner\n9,Engines,engines.example,\n",
    "hubspot-deals": "Record ID,Deal Name,Deal Stage,Amount,Associated Company IDs\n3,Engine No. 2,Won,12000,9\n",
    "salesforce": '"ID","ISDELETED","ACCOUNTID","LASTNAME","EMAIL"\n"003x0000001YtCrAAK","false","","L",""\n',
    "salesforce-leads": "Lead Owner,First Name,Last Name,Company / Account,Rating,Email\nGrace,Ada,L,Engines,Hot,\n",
    "salesforce-accounts": "Account Name,Account Owner,Billing City,Billing State/Province\nEngines,Grace,London,\n",
    "salesforce-opportunities": "Opportunity Name,Account Name,Stage,Amount,Probability (%)\nNo. 2,E,Won,1,\n",
    "pipedrive": "Person - ID,Person - Name,Person - Email - Work,Person - Organization\n7,Ada,,Engines\n",
    "pipedrive-organizations": "Organization - ID,Organization - Name,Organization - Address\n9,Engines,London\n",
    "pipedrive-deals": "Deal - ID,Deal - Title,Deal - Value,Person - ID,Person - Name\n3,Engine No. 2,12000,7,Ada\n",
    "mailchimp": '"Email Address","First Name",MEMBER_RATING,OPTIN_TIME,EUID,TAGS\nada@engines.example,Ada,2,,c2cb,\n',
    "shopify": "Customer ID,First Name,Email,Accepts Email Marketing,Total Spent\n'1,Ada,,yes,0\n",
    "shopify-orders": "Name,Email,Financial Status,Currency,Total,Lineitem name\n#1,,paid,EUR,1,Apple\n",
    "stripe": "id,Description,Email,Name,Created (UTC),Delinquent\ncus_1,,ada@engines.example,Ada,2026-01-02 03:04,\n",
    "thunderbird": "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone\n",
    "cdnow": " 00004 19970101  2   29.33\n 00004 19970118  2   29.73\n 00021 19970101  3   63.34\n",
    "orders": "Order number,Order date,Customer,Product,Quantity,Price\n1,2026-11-02,Ada Lovelace,Apple,2,1.50\n",
    "deals": "Deal,Company,Stage,Amount,Close date\nMill,Engines,Proposal,12000,2026-12-01\n",
    "crm-orders": "uid,number,ordered_on,contact,status,financial_status,currency,total,lines,payments\nu,1,,,,,,,,\n",
    "crm-products": "uid,name,sku,category,unit,description,tax,active,price_list,external,custom\nu,Apple,,,,,,,,,\n",
    "crm-deals": "uid,name,status,pipeline,stage,amount,currency,stages,note,people\nu,Mill,open,Sales,won,,,,,\n",
    "crm-cases": "uid,subject,status,priority,opened_at,resolution_due_at,people\nu,It squeaks,new,normal,,,\n",
    "crm-contacts": "uid,display_name,emails,phones,companies,tags\n,Ada Lovelace,ada@engines.example,,Engines,vip\n",
    "crm-companies": "uid,name,domains,emails,phones,tags\n,Engines,engines.example,,,\n",
    "crm-interactions": "id,direction,channel,occurred_at,subject\n,inbound,call,2026-11-20T10:00:00Z,Delivery\n",
    "crm-followups": "id,subject,due_at,status,priority,people\n,Call,2026-11-23T10:00:00Z,open,normal,\n",
    "csv": "Name;Email;Shoe size\nAda Lovelace;ada@engines.example;38\n",
    "xlsx": workbook,
    "vcard": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nEND:VCARD\r\n",
    "mbox": "From ada@engines.example Fri Nov 20 10:00:00 2026\nFrom: ada@engines.example\nSubject: Tea\n\nHello\n",
    "eml": "From: ada@engines.example\nSubject: Delivery\nMessage-ID: <1@engines.example>\n\nHello\n",
    "calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Tea\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "crm-json": '{"schema": "crm.contact.list/1", "items": [{"id": "c1", "display_name": "Ada", "emails": []}]}',
    "json": '[{"name": "Ada Lovelace", "email": "ada@engines.example"}]',
    "archive": f'{{"schema":"{archive.SCHEMA}","version":2}}\n',
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_recognised(name: str) -> None:
    content = EXAMPLES[name]
    found = loader.candidates(source(content if isinstance(content, str) else content(), "export"))
    assert found, "nothing recognises it"
    assert found[0][1].name == name, [(mark, made.name) for mark, made in found]
    if len(found) > 1:
        assert found[0][0] > found[1][0], [(mark, made.name) for mark, made in found]


def test_a_folder_of_messages_is_recognised(tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    text = str(EXAMPLES["eml"])
    (tmp_path / "new" / "1.example").write_text(text, "utf-8")
    found = loader.candidates(Source(str(tmp_path), tmp_path))
    assert [made.name for _, made in found] == ["maildir"]


def test_every_format_has_an_example() -> None:
    assert {made.name for made in loader.formats()} == {*EXAMPLES, "maildir"}


@pytest.mark.parametrize(
    "content", ["", "\n\n", "\x00\x00\x00\x00", "lorem ipsum dolor sit amet\n", "%PDF-1.7\n1 0 obj\n"]
)
def test_what_is_nothing_of_it_is_not_claimed(content: str) -> None:
    assert all(mark < LIKELY for mark, _ in loader.candidates(source(content)))


def test_some_columns_of_a_google_export_are_one(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "First Name,Last Name,E-mail 1 - Value,Phone 1 - Value\nAda,Lovelace,ada@engines.example,\n", "utf-8"
    )
    found = loader.candidates(Source(path.name, path))
    assert (found[0][0], found[0][1].name) == (LIKELY, "google")
