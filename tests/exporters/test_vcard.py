"""vCards that are written: valid, for others to read, and read again here as they were."""

import json
import re
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.exporters.vcard import VERSIONS, write
from crmcli.importers import vcard
from crmcli.importers.base import Draft
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError
from crmcli.model.enums import CHANNEL, CONSENT_STATE, LEAD_STATUS, LEGAL_BASIS, LIFECYCLE_STAGE
from tests.importers.cards import FILES, SAMPLES, drafts, needs_samples, record

UID = "0190c5b8-4a2e-7c3d-9f10-2b6a7c8d9e0f"
NAUGHTY = SAMPLES / "naughty-strings" / "blns.json"
every_version = pytest.mark.parametrize("version", VERSIONS)

ADA: dict[str, Any] = {
    "id": "c1",
    "uid": UID,
    "display_name": "Dr. Ada Lovelace",
    "honorific_prefix": "Dr.",
    "given_name": "Ada",
    "family_name": "Lovelace, née Byron",
    "nickname": "Ada, the Countess",
    "job_title": "Engineer",
    "department": "Research; Looms",
    "birth_date": "--12-10",
    "preferred_language": "en-GB",
    "timezone": "Europe/London",
    "lifecycle_stage": "customer",
    "lead_status": "qualified",
    "owner": "grace",
    "do_not_contact": True,
    "notes": "First line\nsecond \\ line",
    "created_at": "2026-11-20T10:00:00Z",
    "updated_at": "2026-11-20T10:00:00Z",
    "companies": [
        {"id": "co1", "name": "Analytical Engines", "role": "Programmer", "started_on": "2020-01-01"},
        {"id": "co2", "name": "Royal Society", "role": None},
    ],
    "emails": [
        {"value": "ada@engines.example", "label": "work", "is_primary": True},
        {"value": "ada@home.example", "label": "Boat house", "opted_out": True},
    ],
    "phones": [{"raw": "+44 20 7946 0958", "e164": "+442079460958", "label": "mobile", "is_primary": True}],
    "addresses": [{"street_address": "1 Fore Street", "locality": "London", "country_code": "GB", "label": "home"}],
    "urls": [{"value": "https://engines.example/?a=1,2;3", "label": "website"}],
    "tags": ["good friends", "vip"],
    "custom": {"shoe_size": "38"},
    "preferences": {"coffee": "black"},
    "external_ids": ["hubspot:1234"],
    "consents": [
        {
            "purpose": "marketing",
            "channel": "email",
            "state": "granted",
            "legal_basis": "consent",
            "source": "web form",
            "at": "2026-11-20T10:00:00Z",
        }
    ],
    "extra": ["PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB==", "item1.X-ABDATE:2001-01-01", "item1.X-ABLabel:Anniversary"],
}


def written(one: dict[str, Any], noun: str, version: str) -> str:
    return "".join(write([one], noun, version))


def test_a_contact_in_version_4() -> None:
    assert written(ADA, "contact", "4.0").replace("\r\n ", "").split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "PRODID:-//crmcli//crmcli//EN",
        f"UID:urn:uuid:{UID}",
        "KIND:individual",
        "FN:Dr. Ada Lovelace",
        "N:Lovelace\\, née Byron;Ada;;Dr.;",
        "NICKNAME:Ada\\, the Countess",
        "TITLE:Engineer",
        "item2.ORG:Analytical Engines;Research\\; Looms",
        "item2.ROLE:Programmer",
        "item2.X-CRM-STARTED-ON:2020-01-01",
        "item3.ORG:Royal Society",
        "BDAY:--1210",
        "EMAIL;TYPE=work;PREF=1:ada@engines.example",
        "item4.EMAIL;X-CRM-OPTED-OUT=yes:ada@home.example",
        "item4.X-ABLabel:Boat house",
        "TEL;TYPE=cell;PREF=1:+44 20 7946 0958",
        "ADR;TYPE=home:;;1 Fore Street;London;;;GB",
        "item5.URL:https://engines.example/?a=1,2;3",
        "item5.X-ABLabel:_$!<HomePage>!$_",
        "LANG:en-GB",
        "TZ:Europe/London",
        "CATEGORIES:good friends,vip",
        "NOTE:First line\\nsecond \\\\ line",
        "X-CRM-LIFECYCLE-STAGE:customer",
        "X-CRM-LEAD-STATUS:qualified",
        "X-CRM-OWNER:grace",
        "X-CRM-DO-NOT-CONTACT:yes",
        "X-CRM-FIELD:shoe_size;38",
        "X-CRM-PREFERENCE:coffee;black",
        "X-CRM-EXTERNAL-ID:hubspot:1234",
        "X-CRM-CONSENT:marketing;email;granted;consent;web form;2026-11-20T10:00:00Z",
        "PHOTO:data:image/jpeg;base64,/9j/AB==",
        "item1.X-ABDATE:2001-01-01",
        "item1.X-ABLabel:Anniversary",
        "END:VCARD",
        "",
    ]


def test_what_is_different_in_version_3() -> None:
    lines = {name: set(written(ADA, "contact", name).replace("\r\n ", "").split("\r\n")) for name in VERSIONS}
    assert lines["3.0"] - lines["4.0"] == {
        "VERSION:3.0",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10",
        "EMAIL;TYPE=work,pref:ada@engines.example",
        "TEL;TYPE=cell,pref:+44 20 7946 0958",
        "TZ;VALUE=text:Europe/London",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB==",
    }


def test_a_company() -> None:
    one = {
        "name": "Engines, Ltd.",
        "legal_name": "Engines Limited",
        "employee_count": 0,
        "parent": {"id": "co9", "name": "Holding"},
        "domains": ["engines.example"],
    }
    assert written(one, "company", "4.0").split("\r\n") == [
        *("BEGIN:VCARD", "VERSION:4.0", "PRODID:-//crmcli//crmcli//EN", "KIND:org"),
        *("FN:Engines\\, Ltd.", "ORG:Engines\\, Ltd.", "X-CRM-LEGAL-NAME:Engines Limited", "X-CRM-EMPLOYEE-COUNT:0"),
        *("X-CRM-PARENT:Holding", "X-CRM-DOMAIN:engines.example", "END:VCARD", ""),
    ]
    lines = written(one, "company", "3.0").split("\r\n")
    assert lines[3:7] == ["X-ABSHOWAS:COMPANY", "FN:Engines\\, Ltd.", "N:;;;;", "ORG:Engines\\, Ltd."]
    assert drafts("\r\n".join(lines))[0].noun == "company"


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        write([], "contact", "5.0")
    assert (caught.value.message, caught.value.hint) == ("there is no vCard 5.0 to write", "use one of: 4.0, 3.0")


@every_version
def test_a_value_cannot_put_a_line_of_its_own_into_a_card(version: str) -> None:
    evil = "Eve\r\nTEL:666\nEMAIL:x@y.example\x85URL:z\u2028NOTE:n\r\x0bEND:VCARD"
    one = {
        "display_name": evil,
        "family_name": evil,
        "emails": [{"value": evil, "label": evil}],
        "urls": [{"value": evil}],
        "tags": [evil],
        "custom": {evil: evil},
        "external_ids": [evil],
        "extra": [f"X-EVIL;A={evil}:b", f"X-EVIL:{evil}", evil, "END:VCARD", "BEGIN:VCARD", f"UID:{evil}"],
    }
    text = written(one, "contact", version)
    unfolded = text.replace("\r\n ", "")
    assert unfolded.splitlines() == unfolded.removesuffix("\r\n").split("\r\n")
    names = [re.split("[;:]", line)[0] for line in unfolded.splitlines()]
    assert "TEL" not in names and "NOTE" not in names and names.count("END") == 1 and names.count("BEGIN") == 1
    assert drafts(text)[0].values["name"] == evil


@every_version
def test_others_read_what_is_written(version: str) -> None:
    found = vobject.readOne(written(ADA, "contact", version))
    assert found.fn.value == "Dr. Ada Lovelace"
    assert (found.n.value.family, found.n.value.given) == ("Lovelace, née Byron", "Ada")
    assert [one.value for one in found.email_list] == ["ada@engines.example", "ada@home.example"]
    assert found.tel.value == "+44 20 7946 0958"
    assert (found.adr.value.street, found.adr.value.city) == ("1 Fore Street", "London")
    assert found.note.value == "First line\nsecond \\ line"
    assert found.categories.value == ["good friends", "vip"]


# --- out and in again


TEXT = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=100)
    .map(str.strip)
    .filter(bool)
)
WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
LABEL = st.none() | st.sampled_from(
    ["work", "home", "mobile", "fax", "work fax", "home mobile", "main", "website", "Work", "x,y"]
) | TEXT.filter(lambda text: "_$!<" not in text)  # fmt: skip
DAY = st.dates().map(str)


def optional(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=values)


def rows(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows with a label, of which the first is the primary one, with or without it being said."""
    flags = {"opted_out": st.booleans(), "invalid": st.booleans()} if "value" in values or "raw" in values else {}

    def first_is_primary(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        empty = {"opted_out": False, "invalid": False}
        return [{**empty, **one, "is_primary": not place} for place, one in enumerate(found)]

    one = st.fixed_dictionaries({"label": LABEL, **values, **flags})
    return st.lists(one, max_size=3).map(first_is_primary)


def parts() -> dict[str, st.SearchStrategy[Any]]:
    names = ("street_address", "extended_address", "post_office_box", "locality", "region")
    text = {name: st.none() | TEXT for name in names}
    code = {"postal_code": TEXT.map(lambda text: text[:40].strip()), "country_code": st.none() | st.just("GB")}
    return {**text, **code}


URLS = rows(value=TEXT)
SHARED: dict[str, st.SearchStrategy[Any]] = {
    "uid": st.just(UID),
    "emails": rows(value=st.from_regex(r"[a-z.+]{1,9}@[a-z]{1,9}\.example", fullmatch=True)),
    "phones": rows(raw=st.from_regex(r"\+?[0-9]{3}[0-9 ()/-]{0,20}[0-9]", fullmatch=True)),
    "addresses": rows(**parts()),
    "urls": URLS,
    "tags": st.lists(TEXT.filter(lambda text: "," not in text and text != "myContacts"), unique=True, max_size=3),
    "custom": st.dictionaries(WORD, TEXT, max_size=3),
    "preferences": st.dictionaries(WORD, TEXT, max_size=3),
    "external_ids": st.lists(st.builds("{}:{}".format, WORD, WORD), unique=True, max_size=3),
    "preferred_language": st.sampled_from(["en", "en-GB", "zh-Hant-TW"]),
    "timezone": st.sampled_from(["UTC", "Europe/London"]),
    "currency": st.just("EUR"),
    "lifecycle_stage": st.sampled_from(LIFECYCLE_STAGE),
    "owner": TEXT,
    "do_not_contact": st.just(True),
    "notes": TEXT,
    "extra": st.lists(
        st.sampled_from(
            ["PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB==", "item1.X-ABDATE;type=pref:2001-01-01", "item1.X-ABLabel:Day",
             "item2.X-Foo;A=\"b,c\":d\\,e;f", "GENDER:F", "KEY;ENCODING=b;TYPE=PGP:AAAA", "TEL:12", "KIND:location"]
        ),
        unique=True,
    ),
}  # fmt: skip
CONTACT = st.builds(
    lambda name, rest: {"display_name": name, **rest},
    TEXT,
    optional(
        **SHARED,
        **dict.fromkeys(
            ("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix", "nickname"), TEXT
        ),
        **dict.fromkeys(("phonetic_given_name", "phonetic_family_name", "job_title", "department"), TEXT),
        birth_date=DAY.filter(lambda day: day[:4] not in ("1604", "0000")) | DAY.map(lambda day: f"-{day[4:]}"),
        lead_status=st.sampled_from(LEAD_STATUS),
        lead_source=TEXT,
        companies=st.lists(
            st.fixed_dictionaries(
                {"name": TEXT, "role": st.none() | TEXT, "started_on": st.none() | DAY, "ended_on": st.none() | DAY}
            ),
            max_size=3,
        ),
        consents=st.lists(
            st.fixed_dictionaries(
                {
                    "purpose": WORD,
                    "channel": st.none() | st.sampled_from(CHANNEL),
                    "state": st.sampled_from(CONSENT_STATE),
                    "legal_basis": st.none() | st.sampled_from(LEGAL_BASIS),
                    "source": st.none() | TEXT,
                    "at": st.just("2026-11-20T10:00:00Z"),
                }
            ),
            max_size=2,
        ),
    ),
)
COMPANY = st.builds(
    lambda name, rest: {"name": name, **rest},
    TEXT,
    optional(
        **{**SHARED, "extra": st.just(["N:Lovelace;Ada;;;", "X-FOO:bar"])},
        legal_name=TEXT,
        industry=TEXT,
        employee_count=st.integers(0, 10**9),
        parent=TEXT.map(lambda name: {"id": "co1", "name": name}),
        domains=st.lists(st.just("engines.example"), max_size=1),
    ),
)


def full(one: dict[str, Any]) -> dict[str, Any]:
    """A record with the lists that it has not, and numbers as text, as the tests' helper makes them of drafts."""
    names = ("emails", "phones", "addresses", "urls", "companies", "tags", "domains", "external_ids", "consents")
    lists: dict[str, Any] = {name: [] for name in (*names, "extra")}
    found = {**lists, "custom": {}, "preferences": {}, **one}
    if "employee_count" in found:
        found["employee_count"] = str(found["employee_count"])
    return found


def goes_out_and_in(one: dict[str, Any], noun: str, version: str) -> None:
    text = written(one, noun, version)
    (draft,) = drafts(text)
    assert draft.noun == noun
    again = record(draft)
    assert again == full(one)
    assert written(again, noun, version) == text


@every_version
@settings(max_examples=80)
@given(one=CONTACT)
def test_a_contact_is_read_as_it_was_and_written_again_to_the_byte(version: str, one: dict[str, Any]) -> None:
    goes_out_and_in(one, "contact", version)


@every_version
@settings(max_examples=80)
@given(one=COMPANY)
def test_a_company_is_read_as_it_was_and_written_again_to_the_byte(version: str, one: dict[str, Any]) -> None:
    goes_out_and_in(one, "company", version)


@every_version
def test_a_long_text_with_a_control_character_is_read_again(version: str) -> None:
    notes = "Pasted from elsewhere\x0b" + "é" * 100_000
    one = {"display_name": "Ada", "notes": notes}
    assert drafts(written(one, "contact", version))[0].values == {"name": "Ada", "notes": notes}


@every_version
@pytest.mark.skipif(not NAUGHTY.exists(), reason=f"no naughty strings in {SAMPLES}")
def test_naughty_strings_go_out_and_in(version: str) -> None:
    texts = [text.strip() for text in json.loads(NAUGHTY.read_text("utf-8"))]
    records = [
        {
            "display_name": text,
            "notes": text,
            "tags": [f"t {text.replace(',', '')} t"],
            "custom": {"a": text},
            "extra": [text],
        }
        for text in texts
        if text
    ]
    found = drafts("".join(write(records, "contact", version)))
    assert [(one.values["name"], one.values["notes"]) for one in found] == [
        (one["display_name"], one["notes"]) for one in records
    ]
    assert "".join(write(map(record, found), "contact", version)) == "".join(write(records, "contact", version))


@needs_samples
@every_version
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_cards_of_other_programs_come_back_with_all_that_they_hold(path: Any, version: str) -> None:
    for draft in vcard.read(Source(path.name, path)):
        if isinstance(draft, Draft):
            text = written(record(draft), draft.noun, version)
            (again,) = drafts(text)
            assert (again.noun, again.values) == (draft.noun, draft.values)


@every_version
def test_a_contact_of_the_database_goes_out_and_in(app: App, version: str) -> None:
    given = {
        "given_name": "Ada",
        "family_name": "Lovelace",
        "email": ["work=ada@engines.example", {"value": "Ada@Home.Example", "opted_out": True}],
        "phone": ["mobile=+44 20 7946 0958", "020 7946 0959"],
        "address": ["street=1 Fore Street; city=London; country=GB"],
        "url": ["website=https://engines.example"],
        "company": [{"name": "Analytical Engines", "role": "Programmer", "started_on": "2020-01-01"}],
        "tag": ["vip", "good friends"],
        "set": ["shoe_size=38"],
        "prefer": ["coffee=black"],
        "consent": ["marketing/email=granted"],
        "birth_date": "1985-12-10",
        "lifecycle_stage": "lead",
        "notes": "a\nb",
    }
    first = app.contacts.add("Ada Lovelace", given)
    (draft,) = drafts(written(first, "contact", version))
    uid, name = draft.values.pop("uid"), draft.values.pop("name")
    assert uid == first["uid"]
    second = app.contacts.add(name, draft.values)
    ours = ("id", "uid")
    assert {**second, **{name: first[name] for name in ours}} == first
    assert written({**second, "uid": first["uid"]}, "contact", version) == written(first, "contact", version)
