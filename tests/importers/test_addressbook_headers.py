"""Header rows of real exports of address books: what each column is taken for."""

from pathlib import Path

import pytest

from crmcli.importers import csvfile, google, linkedin, outlook, thunderbird
from crmcli.importers.base import CERTAIN, POSSIBLE
from crmcli.importers.targets import parse
from tests.importers.tables import SAMPLES, best, source, targets

HEADERS = SAMPLES / "csv-headers"
FORMATS = [*google.FORMATS, *outlook.FORMATS, *linkedin.FORMATS, *thunderbird.FORMATS, *csvfile.FORMATS]
# Format, the columns with a meaning of their own, those that become fields of their name, those that are left out.
EXPECTED = {
    "google_new_2024": (
        "google",
        {
            "First Name": "given_name",
            "Middle Name": "additional_name",
            "Last Name": "family_name",
            "Phonetic First Name": "phonetic_given_name",
            "Phonetic Last Name": "phonetic_family_name",
            "Name Prefix": "honorific_prefix",
            "Name Suffix": "honorific_suffix",
            "Nickname": "nickname",
            "Organization Name": "company",
            "Organization Title": "job_title",
            "Organization Department": "department",
            "Birthday": "birth_date",
            "Notes": "notes",
            "Labels": "tag",
            "E-mail 4 - Label": "email#4.label",
            "E-mail 4 - Value": "email#4",
            "Phone 3 - Label": "phone#3.label",
            "Phone 3 - Value": "phone#3",
            "Address 1 - Label": "address#1.label",
            "Address 1 - Street": "address#1.street",
            "Address 1 - City": "address#1.city",
            "Address 1 - PO Box": "address#1.post_office_box",
            "Address 1 - Region": "address#1.region",
            "Address 1 - Postal Code": "address#1.postcode",
            "Address 1 - Country": "address#1.country",
            "Address 1 - Extended Address": "address#1.extended_address",
            "Website 1 - Value": "url#1",
            "Event 1 - Label": "set#11.key",
            "Event 1 - Value": "set#11.event",
            "Custom Field 1 - Label": "set#51.key",
            "Custom Field 1 - Value": "set#51.custom_field",
        },
        [],
        ["Phonetic Middle Name", "File As", "Photo", "Address 1 - Formatted"],
    ),
    "google_old": (
        "google-old",
        {
            "Name": "name",
            "Given Name": "given_name",
            "Additional Name": "additional_name",
            "Family Name": "family_name",
            "Given Name Yomi": "phonetic_given_name",
            "Family Name Yomi": "phonetic_family_name",
            "Birthday": "birth_date",
            "Notes": "notes",
            "Language": "preferred_language",
            "Group Membership": "tag",
            "E-mail 2 - Type": "email#2.label",
            "E-mail 2 - Value": "email#2",
            "Phone 1 - Type": "phone#1.label",
            "Phone 1 - Value": "phone#1",
            "Address 1 - Street": "address#1.street",
            "Organization 1 - Name": "company#1",
            "Organization 1 - Title": "job_title",
            "Organization 1 - Department": "department",
            "Website 1 - Type": "url#1.label",
            "Website 1 - Value": "url#1",
        },
        ["Short Name", "Maiden Name", "Gender", "Location", "Billing Information", "Occupation", "Hobby", "Subject"],
        ["Yomi Name", "Initials", "Directory Server", "Mileage", "Sensitivity", "Priority", "Photo"],
    ),
    "google_outlook_csv_partial": (
        "outlook",
        {
            "First Name": "given_name",
            "Title": "honorific_prefix",
            "Suffix": "honorific_suffix",
            "Web Page": "url.website",
            "Birthday": "birth_date",
            "Language": "preferred_language",
            "Notes": "notes",
            "E-mail Address": "email",
            "E-mail 3 Address": "email#3",
            "Primary Phone": "phone.main",
            "Home Phone": "phone.home",
        },
        ["Gender", "Anniversary", "Location"],
        ["Initials", "Internet Free Busy"],
    ),
    "outlook_classic": (
        "outlook",
        {
            "Title": "honorific_prefix",
            "First Name": "given_name",
            "Company": "company",
            "Job Title": "job_title",
            "Business Street": "address.work.street",
            "Business Street 3": "address.work.street",
            "Business Country/Region": "address.work.country",
            "Home Postal Code": "address.home.postcode",
            "Other State": "address.other.region",
            "Other Address PO Box": "address.other.post_office_box",
            "Assistant's Phone": "set.assistant_phone",
            "Business Fax": "phone.work fax",
            "Business Phone 2": "phone.work",
            "Company Main Phone": "phone.company",
            "Mobile Phone": "phone.mobile",
            "Birthday": "birth_date",
            "Categories": "tag",
            "E-mail Address": "email",
            "E-mail 2 Address": "email#2",
            "Manager's Name": "set.manager",
            "Web Page": "url.website",
            "Notes": "notes",
        },
        ["Account", "Anniversary", "Children", "Hobby", "Keywords", "Profession", "Referred By", "Spouse", "User 4"],
        ["E-mail Type", "E-mail 3 Display Name", "Directory Server", "Mileage", "Priority", "Private", "Sensitivity"],
    ),
    "outlook_live_m365": (
        "outlook",
        {
            "First Name": "given_name",
            "Nickname": "nickname",
            "Given Yomi": "phonetic_given_name",
            "Surname Yomi": "phonetic_family_name",
            "E-mail Address": "email",
            "Home Phone 2": "phone.home",
            "IMAddress": "set.im",
            "Office Location": "set.office",
            "Business City": "address.work.city",
            "Home Street": "address.home.street",
            "Personal Web Page": "url.home",
            "Web Page": "url.website",
            "Birthday": "birth_date",
            "Notes": "notes",
        },
        ["Spouse", "Schools", "Hobby", "Location", "Anniversary"],
        [],
    ),
}

pytestmark = pytest.mark.skipif(not HEADERS.is_dir(), reason=f"{HEADERS} is not there")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_header_is_recognised_and_its_columns_understood(name: str) -> None:
    wanted, known, fields, left_out = EXPECTED[name]
    file = source((HEADERS / f"{name}.csv").read_bytes(), "contacts.csv")
    assert best(FORMATS, file) == (wanted, CERTAIN)
    made = next(made for made in FORMATS if made.name == wanted)
    found = targets(made, file)
    assert {title: found[title] for title in known} == known
    assert {title: found[title] for title in fields} == {
        title: f"set.{title.lower().replace(' ', '_')}" for title in fields
    }
    assert {title: found[title] for title in left_out} == dict.fromkeys(left_out, "")
    assert all(not target or parse(target, "contact") for target in found.values())


@pytest.mark.parametrize("path", sorted(HEADERS.glob("*.csv")), ids=lambda path: path.stem)
def test_every_real_header_is_at_least_a_table(path: Path) -> None:
    (csv,) = [made for made in csvfile.FORMATS if made.name == "csv"]
    assert 0 < csv.match(source(path.read_bytes())) <= POSSIBLE
