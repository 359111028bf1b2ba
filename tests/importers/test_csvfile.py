"""Any table: what its columns are taken for, and what becomes of its rows."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers import csvfile
from crmcli.importers.base import NO, POSSIBLE, Draft, Refused
from crmcli.importers.csvfile import BARELY, CSV
from crmcli.importers.csvtitles import target_of
from crmcli.importers.source import Source
from crmcli.importers.targets import parse
from crmcli.kernel.errors import UsageError
from tests.importers.tables import SAMPLES, sheet, source, targets

SPECTRUM = sorted(SAMPLES.glob("csv-spectrum/csvs/*.csv"))
SALESFORCE = sorted(SAMPLES.glob("csv-salesforce/*.csv"))


def meant(header: str, *rows: str) -> list[str]:
    """What the columns of a table mean; without rows, every cell of one row holds something."""
    rows = rows or (",".join("x" for _ in header.split(",")),)
    return list(targets(CSV, source("\n".join([header, *rows]) + "\n")).values())


def read(*rows: dict[str, str]) -> list[Any]:
    return list(CSV.read(source(sheet(rows))))


def one(**row: str) -> tuple[str, dict[str, Any]]:
    """The noun and the values of one row."""
    (draft,) = read({title.replace("_", " "): text for title, text in row.items()})
    assert isinstance(draft, Draft)
    return draft.noun, draft.values


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("Email", "email"),
        ("E-Mail", "email"),
        ("e_mail", "email"),
        ("E-Mail-Adresse", "email"),
        ("Correo electrónico", "email"),
        ("EmailAddress", "email"),
        ("Work Email", "email.work"),
        ("workEmail", "email.work"),
        ("email (work)", "email.work"),
        ("E-mail privat", "email.home"),
        ("Email 2", "email"),
        ("Phone", "phone"),
        ("Tel.", "phone"),
        ("Téléphone", "phone"),
        ("Mobile", "phone.mobile"),
        ("Handy", "phone.mobile"),
        ("Mobile phone", "phone.mobile"),
        ("Work phone", "phone.work"),
        ("Telefon (privat)", "phone.home"),
        ("Teléfono móvil", "phone.mobile"),
        ("Fax", "phone.fax"),
        ("Work fax", "phone.work fax"),
        ("Contact phone number", "phone"),
        ("First Name", "given_name"),
        ("firstname", "given_name"),
        ("Vorname", "given_name"),
        ("Prénom", "given_name"),
        ("PRENOM", "given_name"),
        ("Voornaam", "given_name"),
        ("Last name", "family_name"),
        ("Nachname", "family_name"),
        ("Cognome", "family_name"),
        ("Apellidos", "family_name"),
        ("Sobrenome", "family_name"),
        ("Company", "company"),
        ("Organisation", "company"),
        ("Firma", "company"),
        ("Société", "company"),
        ("Azienda", "company"),
        ("Job Title", "job_title"),
        ("Poste", "job_title"),
        ("Street", "address.street"),
        ("Straße", "address.street"),
        ("Strasse", "address.street"),
        ("Address", "address"),
        ("Address 2", "address"),
        ("Home address", "address.home.street"),
        ("City", "address.city"),
        ("Ville", "address.city"),
        ("Billing City", "address.billing.city"),
        ("ZIP", "address.postcode"),
        ("PLZ", "address.postcode"),
        ("Postcode", "address.postcode"),
        ("Country", "address.country"),
        ("Land", "address.country"),
        ("País", "address.country"),
        ("Notes", "notes"),
        ("Bemerkungen", "notes"),
        ("Tags", "tag"),
        ("Birthday", "birth_date"),
        ("Geburtsdatum", "birth_date"),
        ("Date de naissance", "birth_date"),
        ("Website", "url.website"),
        ("Homepage", "url.website"),
        ("LinkedIn URL", "url.linkedin"),
        ("Sprache", "preferred_language"),
        ("lifecycle_stage", "lifecycle_stage"),
        ("display_name", "name"),
        ("given_name", "given_name"),
        ("Industry", "industry"),
        ("id", ""),
        ("created_at", ""),
        ("last_inbound_at", ""),
        ("Shoe size", None),
        ("", None),
        ("2", None),
        ("Company size", None),
    ],
)
def test_a_title_has_a_meaning(title: str, target: str | None) -> None:
    assert target_of(title) == target


@given(st.text(max_size=30))
def test_any_title_has_a_meaning_that_exists_or_none(title: str) -> None:
    target = target_of(title)
    assert target is None or parse(target, "contact") or parse(target, "company") or target == ""


def test_columns_that_are_not_known_become_fields_and_empty_ones_are_left_out() -> None:
    assert meant("First name,Shoe size,Industry,Empty", "Ada,38,Computing,") == [
        "given_name",
        "set.shoe_size",
        "set.company_industry",
        "",
    ]


def test_a_column_full_of_addresses_is_one_of_addresses() -> None:
    assert meant("Who,Login", "Ada,ada@engines.example", "Grace,grace@navy.example") == ["set.who", "email"]


@pytest.mark.parametrize(
    ("cell", "target"), [("Dr.", "honorific_prefix"), ("Frau Prof.", "honorific_prefix"), ("CEO", "job_title")]
)
def test_a_title_is_a_form_of_address_or_a_job(cell: str, target: str) -> None:
    assert meant("First name,Last name,Title", f"Ada,Lovelace,{cell}")[2] == target


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Vorname,Name", ["given_name", "family_name"]),
        ("Prénom,Nom", ["given_name", "family_name"]),
        ("Nombre,Apellidos", ["given_name", "family_name"]),
        ("Nome,Cognome", ["given_name", "family_name"]),
        ("Name,Email", ["name", "email"]),
        ("Vorname,Nachname,Name", ["given_name", "family_name", "name"]),
    ],
)
def test_a_name_is_what_its_neighbours_leave(header: str, found: list[str]) -> None:
    assert meant(header) == found


def test_a_person_with_a_company() -> None:
    noun, values = one(
        Name="Ada Lovelace", Firma="Engines", Domain="engines.example", Telefon="+44 20 7946 0958", PLZ="SW1"
    )
    assert noun == "contact"
    assert values == {
        "name": "Ada Lovelace",
        "company": [{"name": "Engines", "domain": "engines.example"}],
        "phone": [{"raw": "+44 20 7946 0958"}],
        "address": [{"postal_code": "SW1"}],
    }


def test_birthdays_in_three_columns() -> None:
    assert one(Name="Ada", Birth_year="1815", Birth_month="12", Birth_day="10")[1]["birth_date"] == "1815-12-10"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"Name": "Engines", "Domain": "engines.example"}, "Engines"),
        ({"Name": "Engines", "Industry": "Computing", "Email": "info@engines.example"}, "Engines"),
        ({"Company": "Engines", "Phone": "+44 20 7946 0958"}, "Engines"),
        ({"Company name": "Engines", "Website": "https://www.engines.example/", "Employees": "12"}, "Engines"),
    ],
)
def test_a_table_of_companies(row: dict[str, str], name: str) -> None:
    (draft,) = read(row)
    assert (draft.noun, draft.values["name"]) == ("company", name)
    if "Website" in row:
        assert draft.values["domain"] == ["engines.example"]


@pytest.mark.parametrize(
    "row",
    [
        {"Name": "Ada", "Email": "ada@engines.example"},
        {"Name": "Ada", "Phone": "+44 20 7946 0958"},
        {"Company": "Engines", "Email": "ada@engines.example"},
        {"First name": "Ada", "Company": "Engines", "Industry": "Computing"},
        {"Name": "Ada", "Company": "Engines", "Domain": "engines.example"},
    ],
)
def test_a_table_of_people(row: dict[str, str]) -> None:
    assert read(row)[0].noun == "contact"


def test_the_persons_word_on_a_company_column_counts() -> None:
    assert CSV.columns is not None
    assert CSV.with_columns is not None
    file = source("Company,Phone,Boss\nEngines,12345,Ada\n")
    columns = CSV.columns(file)
    assert columns.targets == ("company", "phone", "set.boss")
    (draft,) = CSV.with_columns(columns._replace(targets=("company", "phone", "name"))).read(file)
    assert isinstance(draft, Draft)
    assert (draft.noun, draft.values["name"], draft.values["company"]) == ("contact", "Ada", [{"name": "Engines"}])


def test_what_a_spreadsheet_was_kept_from_calculating_is_read_as_it_was() -> None:
    (draft,) = CSV.read(source("Name,Phone,Notes\nAda,'+44 20 7946 0958,'=1+1\n"))
    assert isinstance(draft, Draft)
    assert (draft.values["phone"], draft.values["notes"]) == ([{"raw": "+44 20 7946 0958"}], "=1+1")


def test_the_columns_of_a_file_of_rejects_are_ignored() -> None:
    file = source("Name,Mail\nAda,x\n")
    text = b"".join(CSV.rejects(file, [Refused(2, ["Ada", "x"], "it is wrong")]))
    assert list(targets(CSV, source(text)).values()) == ["name", "email", "", ""]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Name,Email\nAda,x\n", POSSIBLE),
        ("Email\nada@engines.example\n", POSSIBLE),
        ("this,that\n1,2\n", BARELY),
        ("lorem ipsum dolor sit amet\n", NO),
        ("Ada,ada@engines.example\nGrace,grace@navy.example\n", NO),
        ("", NO),
    ],
)
def test_a_table_may_be_one(text: str, mark: int) -> None:
    assert CSV.match(source(text)) == mark


def test_a_table_without_a_header_is_said_so() -> None:
    with pytest.raises(UsageError, match=r"the first line of people.csv is a record, no header"):
        next(CSV.read(source("Ada,ada@engines.example\n", "people.csv")))


def test_what_is_no_table_is_said_so() -> None:
    with pytest.raises(UsageError, match="holds no table"):
        next(CSV.read(source('{"name": "Ada"}', "people.json")))


@pytest.mark.skipif(not SPECTRUM, reason=f"no samples in {SAMPLES}")
@pytest.mark.parametrize("path", [*SPECTRUM, *SALESFORCE], ids=lambda path: path.stem)
def test_every_row_of_a_sample_is_read(path: Path) -> None:
    file = Source(path.name, path)
    rows = [row for row in csv.reader(file.open_text()) if any(cell.strip() for cell in row)]
    found = list(CSV.read(file))
    assert [item.reason for item in found if isinstance(item, Refused)] == []
    assert len(found) == len(rows) - 1


def test_nobody_is_lost_when_a_title_comes_twice() -> None:
    file = source("Name,Email,Email,Shoe,Shoe\nAda,a@x.example,b@x.example,38,39\n")
    (draft,) = CSV.read(file)
    assert isinstance(draft, Draft)
    assert [entry["value"] for entry in draft.values["email"]] == ["a@x.example", "b@x.example"]
    assert draft.values["set"] == [{"shoe": "38"}, {"shoe_2": "39"}]


def test_formats_are_named_once() -> None:
    names = [made.name for made in csvfile.FORMATS]
    assert len(names) == len(set(names))


def test_prose_with_commas_is_no_table() -> None:
    text = "Well, here it is.\nOne, two, three, and so on, as they say.\nNo comma in this one\nNor here\nFoo, bar\n"
    assert CSV.match(source(text)) == NO


def test_a_column_of_addresses_is_no_name() -> None:
    file = source("Wer,Kontakt\nAda Lovelace,ada@engines.example\n")
    assert CSV.columns is not None
    assert CSV.columns(file).targets[1] == "email"
