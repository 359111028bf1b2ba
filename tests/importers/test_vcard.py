"""vCards of all versions and of many programs; broken, hostile and mutilated ones."""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.importers import vcard
from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft, Refused
from crmcli.importers.source import Source
from crmcli.kernel.contentlines import parse
from crmcli.kernel.errors import UsageError
from tests.importers.cards import FILES, card, drafts, items, needs_samples, source, values

BEGIN = re.compile(rb"(?im)^(?:\xef\xbb\xbf)?BEGIN:VCARD[ \t]*$")


# --- recognising


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (b"BEGIN:VCARD\r\n", CERTAIN),
        (b"\xef\xbb\xbf\r\n begin:vcard\r\n", CERTAIN),
        ("BEGIN:VCARD\n".encode("utf-16"), CERTAIN),
        ("BEGIN:VCARD\n".encode("utf-16-le"), CERTAIN),
        (b"hello\nBEGIN:VCARD\nFN:a\n", LIKELY),
        (b"", NO),
        (b"BEGIN:VCALENDAR\n", NO),
        (b"name,email\nBEGIN:VCARDS,x\n", NO),
    ],
)
def test_a_card_is_recognised_by_how_it_begins(data: bytes, mark: int) -> None:
    assert vcard.match(source(data)) == mark


def test_recognising_says_nothing_of_the_encoding() -> None:
    file = source(card("FN;CHARSET=SHIFT_JIS:").encode() + b"\x88\xc0")
    assert vcard.match(file) == CERTAIN and file.notes == []


@pytest.mark.parametrize("data", [b"", b"hello", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", b"\0" * 100, b"\r\r\n"])
def test_a_file_without_cards_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"cards\.vcf holds no vCard"):
        items(data)


def test_a_folder_holds_no_card(tmp_path: Path) -> None:
    assert vcard.match(Source("here", tmp_path)) == NO


# --- what properties mean


def test_a_whole_card() -> None:
    text = card(
        "UID:urn:uuid:0190C5B8-4A2E-7C3D-9F10-2B6A7C8D9E0F",
        "FN:Dr. Ada Lovelace",
        "N:Lovelace;Ada;Augusta,Byron;Dr.;Jr.,M.D.",
        "NICKNAME:Ada,The Enchantress",
        "ORG:Analytical Engines;Research;Looms",
        "TITLE:Engineer",
        "ROLE:Programmer",
        "EMAIL;TYPE=INTERNET,WORK:ada@engines.example",
        "EMAIL;TYPE=home,pref:Ada <mailto@home.example>",
        "TEL;TYPE=CELL,VOICE:+44 20 7946 0958",
        "TEL;TYPE=WORK;TYPE=FAX:+44 20 7946 0959",
        "ADR;TYPE=HOME:;Flat 2;1 Fore Street;London;;N1 1AA;United Kingdom",
        "URL;TYPE=WORK:https://engines.example/a\\,b",
        "BDAY:1985-12-10",
        "NOTE:First line\\nsecond\\, line",
        "NOTE:Another",
        "CATEGORIES:vip,good friends",
        "LANG:en-gb",
        "TZ:europe/london",
        "REV:20250101T000000Z",
        "PRODID:-//Someone//EN",
        version="3.0",
    )
    (draft,) = drafts(text)
    assert (draft.noun, draft.place, draft.raw) == ("contact", 1, text.encode())
    assert draft.values == {
        "uid": "0190c5b8-4a2e-7c3d-9f10-2b6a7c8d9e0f",
        "name": "Dr. Ada Lovelace",
        "family_name": "Lovelace",
        "given_name": "Ada",
        "additional_name": "Augusta Byron",
        "honorific_prefix": "Dr.",
        "honorific_suffix": "Jr. M.D.",
        "nickname": "Ada, The Enchantress",
        "company": [{"name": "Analytical Engines", "role": "Programmer"}],
        "department": "Research, Looms",
        "job_title": "Engineer",
        "email": [
            {"value": "ada@engines.example", "label": "work"},
            {"value": "mailto@home.example", "label": "home", "is_primary": True},
        ],
        "phone": [
            {"value": "+44 20 7946 0958", "label": "mobile"},
            {"value": "+44 20 7946 0959", "label": "work fax"},
        ],
        "address": [
            {
                "extended_address": "Flat 2",
                "street_address": "1 Fore Street",
                "locality": "London",
                "postal_code": "N1 1AA",
                "country_code": "GB",
                "label": "home",
            }
        ],
        "url": [{"value": "https://engines.example/a,b", "label": "work"}],
        "birth_date": "1985-12-10",
        "notes": "First line\nsecond, line\n\nAnother",
        "tag": ["vip", "good friends"],
        "preferred_language": "en-GB",
        "timezone": "Europe/London",
    }


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("BDAY:19900512", "1990-05-12"),
        ("BDAY:1990-05-12", "1990-05-12"),
        ("BDAY;VALUE=date-and-or-time:--0512", "--05-12"),
        ("BDAY:--05-12", "--05-12"),
        ("BDAY:1604-02-29", "--02-29"),
        ("BDAY;X-APPLE-OMIT-YEAR=1900:1900-05-12", "--05-12"),
        ("BDAY:1990-05-12T22:00:00Z", "1990-05-12"),
        ("BDAY:19531015T231000Z", "1953-10-15"),
        ("BDAY:1990-02-30", None),
        ("BDAY:12.05.1990", None),
        ("BDAY;VALUE=text:circa 1800", None),
        ("BDAY:1990", None),
        ("BDAY:---12", None),
    ],
)
def test_birthdays(line: str, day: str | None) -> None:
    found = values("FN:Ada", line)
    assert found.get("birth_date") == day
    assert found.get("extra") == (None if day else [line])


@pytest.mark.parametrize(
    ("params", "label", "primary"),
    [
        ("", None, False),
        (";HOME;VOICE", "home", False),
        (";PREF;WORK", "work", True),
        (";TYPE=CELL;TYPE=pref", "mobile", True),
        (";TYPE=iPhone,CELL", "mobile", False),
        (";TYPE=work,cell", "work mobile", False),
        (";TYPE=HOME,FAX", "home fax", False),
        (';TYPE="voice,home";PREF=2', "home", True),
        (";TYPE=PAGER,MSG", "pager", False),
        (";TYPE=main", "main", False),
        (";VIDEO", "video", False),
        (";TYPE=X-Boat", "x-boat", False),
        (";TYPE=INTERNET", None, False),
    ],
)
def test_labels(params: str, label: str | None, primary: bool) -> None:
    (entry,) = values("FN:Ada", f"TEL{params}:12345")["phone"]
    assert (entry.get("label"), entry.get("is_primary", False)) == (label, primary)


def test_the_most_preferred_is_the_primary_one() -> None:
    found = values("FN:Ada", "TEL;PREF=20:111", "TEL;PREF=3:222", "TEL;PREF=3:333", "TEL:444", version="4.0")
    assert [entry.get("is_primary") for entry in found["phone"]] == [None, True, None, None]
    found = values("FN:Ada", "EMAIL;PREF:a@b.example", "EMAIL;PREF:c@b.example", version="2.1")
    assert [entry.get("is_primary") for entry in found["email"]] == [True, None]


def test_labels_of_groups() -> None:
    found = values(
        "FN:Ada",
        "item1.EMAIL;type=INTERNET:ada@engines.example",
        "item1.X-ABLabel:Boat house",
        "item2.URL;type=pref:https://engines.example",
        "ITEM2.X-ABLabel:_$!<HomePage>!$_",
        "item3.TEL:12345",
        "item3.X-ABLabel:_$!<HomeFAX>!$_",
        "item4.ADR;type=HOME:;;Calle 1;Madrid;;;Espagnia",
        "item4.X-ABADR:es",
        "item5.X-ABDATE;type=pref:2001-01-01",
        "item5.X-ABLabel:_$!<Anniversary>!$_",
    )
    assert found["email"] == [{"value": "ada@engines.example", "label": "Boat house"}]
    assert found["url"] == [{"value": "https://engines.example", "label": "website", "is_primary": True}]
    assert found["phone"] == [{"value": "12345", "label": "home fax"}]
    address = {"street_address": "Calle 1", "locality": "Madrid", "region": "Espagnia", "country_code": "ES"}
    assert found["address"] == [{**address, "label": "home"}]
    assert found["extra"] == ["item5.X-ABDATE;type=pref:2001-01-01", "item5.X-ABLabel:_$!<Anniversary>!$_"]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("ADR:;;1 Fore St\\, East;London;;N1;GB", {"street_address": "1 Fore St, East", "country_code": "GB"}),
        ("ADR:;;1 Fore St, East;London;;N1;Deutschland", {"street_address": "1 Fore St, East", "country_code": "DE"}),
        ("ADR:;;1 Fore St,Flat 2;London;;N1;UK", {"street_address": "1 Fore St, Flat 2", "country_code": "GB"}),
        ("ADR:;;1 Fore St;London;;N1;Atlantis", {"street_address": "1 Fore St", "region": "Atlantis"}),
        ("ADR:;;1 Fore St;London;West;N1;Atlantis", {"street_address": "1 Fore St", "region": "West, Atlantis"}),
    ],
)
def test_addresses(line: str, parts: dict[str, str]) -> None:
    (found,) = values("FN:Ada", line)["address"]
    assert found == {"locality": "London", "postal_code": "N1", **parts}


def test_addresses_of_one_piece_and_of_none() -> None:
    assert values("FN:Ada", "ADR:1 Fore Street\\nLondon")["address"] == [{"street_address": "1 Fore Street\nLondon"}]
    assert values("FN:Ada", 'ADR;LABEL="1 Fore St":;;;;;;')["address"] == [{"street_address": "1 Fore St"}]
    assert "address" not in values("FN:Ada", "ADR:;;;;;;")
    long = f"ADR:;;{'x' * 501};;;;"
    assert values("FN:Ada", long)["extra"] == [long]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("EMAIL:mailto:ada@engines.example", {"email": [{"value": "ada@engines.example"}]}),
        ('EMAIL:"Ada" <ada@engines.example>', {"email": [{"value": "ada@engines.example"}]}),
        ("EMAIL:ada at engines", {"extra": ["EMAIL:ada at engines"]}),
        ("EMAIL:ada@engines example", {"extra": ["EMAIL:ada@engines example"]}),
        ("EMAIL:", {}),
        ("TEL;VALUE=uri:tel:+44-20-7946-0958;ext=12", {"phone": [{"value": "+44-20-7946-0958 ext. 12"}]}),
        ("TEL:sip:ada@engines.example", {"extra": ["TEL:sip:ada@engines.example"]}),
        ("TEL:12", {"extra": ["TEL:12"]}),
        ("TZ:-0500", {"extra": ["TZ:-0500"]}),
        ("LANG:klingon-language", {"extra": ["LANG:klingon-language"]}),
        ("UID:357", {"external": ["vcard:357"]}),
        ("UID:4FBE8971-A6B3-4D1C-9F10-2B6A7C8D9E0F", {"uid": "4fbe8971-a6b3-4d1c-9f10-2b6a7c8d9e0f"}),
        ("X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Countess;1;;", {"nickname": "Countess"}),
        ("X-PHONETIC-FIRST-NAME:ay-da", {"phonetic_given_name": "ay-da"}),
        ("GENDER:F", {"extra": ["GENDER:F"]}),
        ("IMPP;X-SERVICE-TYPE=XMPP:xmpp:a@b.example", {"extra": ["IMPP;X-SERVICE-TYPE=XMPP:xmpp:a@b.example"]}),
        ("TITLE:Engineer", {"job_title": "Engineer"}),
        ("ROLE:Programmer", {"job_title": "Programmer"}),
        ("CATEGORIES:myContacts,vip", {"tag": ["vip"]}),
        ("KIND:individual", {}),
        ("KIND:location", {"extra": ["KIND:location"]}),
        ("X-CRM-LIFECYCLE-STAGE:lead", {"lifecycle_stage": "lead"}),
        ("X-CRM-OWNER:grace", {"owner": "grace"}),
        ("X-CRM-NEWS:x", {"extra": ["X-CRM-NEWS:x"]}),
        ("X-CRM-DOMAIN:engines.example", {"extra": ["X-CRM-DOMAIN:engines.example"]}),
        (
            "X-CRM-CONSENT:marketing;email;granted;;fair;",
            {"consent": [{"purpose": "marketing", "channel": "email", "state": "granted", "source": "fair"}]},
        ),
        ("X-CRM-CONSENT:marketing", {"extra": ["X-CRM-CONSENT:marketing"]}),
        ("X-CRM-FIELD:shoe_size;38", {"set": [{"shoe_size": "38"}]}),
        ("X-CRM-FIELD:shoe_size", {"extra": ["X-CRM-FIELD:shoe_size"]}),
        ("X-CRM-PREFERENCE:coffee;black", {"prefer": [{"coffee": "black"}]}),
        ("X-CRM-EXTERNAL-ID:hubspot:12", {"external": ["hubspot:12"]}),
        ("X-CRM-EXTERNAL-ID:hubspot", {"extra": ["X-CRM-EXTERNAL-ID:hubspot"]}),
        ("X-CRM-LINE:12", {}),
        ("X-CRM-REASON:broken", {}),
        ("BEGIN:X", {}),
    ],
)
def test_one_property(line: str, value: dict[str, Any]) -> None:
    assert values("FN:Ada", line) == {"name": "Ada", **value}


def test_work_in_several_companies() -> None:
    found = values("FN:Smith", "ORG:Company", "TITLE:Engineer", "ORG:Mystery;Novels", "TITLE:Blogger", "ORG:Poetry")
    assert found["job_title"] == "Engineer"
    assert found["company"] == [
        {"name": "Company"},
        {"name": "Mystery", "role": "Blogger, Novels"},
        {"name": "Poetry"},
    ]
    found = values("FN:Smith", "a.ORG:Company", "b.ORG:Poetry", "b.ROLE:Poet", "TITLE:Engineer", "TITLE:x", "ROLE:y")
    assert found["company"] == [{"name": "Company", "role": "y"}, {"name": "Poetry", "role": "Poet"}]
    assert found["extra"] == ["TITLE:x"]


def test_names_as_they_are_read() -> None:
    found = values('N;SORT-AS="あんどう,ろいど":安藤;ロイド;;;', version="4.0")
    assert found["name"] == "安藤 ロイド"
    assert (found["phonetic_family_name"], found["phonetic_given_name"]) == ("あんどう", "ろいど")
    assert "phonetic_family_name" not in values('N;SORT-AS="Harten,Rene":van der Harten;Rene;;;', version="4.0")


@pytest.mark.parametrize(
    ("lines", "noun", "name"),
    [
        (("FN:Ada", "ORG:Engines"), "contact", "Ada"),
        (("FN:\\;", "ORG:;Looms"), "contact", ";"),
        (("N:Lovelace;Ada;;Lady;", "ORG:Engines"), "contact", "Lady Ada Lovelace"),
        (("FN:", "N:;;;;", "ORG:Engines;Looms", "TEL:12345"), "company", "Engines"),
        (("ORG:Engines", "TITLE:Buyer"), "contact", "Engines"),
        (("KIND:org", "FN:Engines", "ORG:Engines"), "company", "Engines"),
        (("X-ABShowAs:COMPANY", "FN:Engines", "N:;;;;"), "company", "Engines"),
        (("KIND:individual", "ORG:Engines"), "contact", "Engines"),
        (("NICKNAME:Ada", "EMAIL:a@b.example"), "contact", "Ada"),
        (("EMAIL:a@b.example", "TEL:12345"), "contact", "a@b.example"),
        (("TEL:12345",), "contact", "12345"),
    ],
)
def test_whom_a_card_names(lines: tuple[str, ...], noun: str, name: str) -> None:
    (draft,) = drafts(card(*lines))
    assert (draft.noun, draft.values["name"]) == (noun, name)


def test_a_company() -> None:
    (draft,) = drafts(
        card(
            *("X-ABShowAs:COMPANY", "FN:Engines Ltd", "N:Lovelace;Ada;;;", "ORG:Engines Ltd;Looms"),
            *("EMAIL:info@engines.example", "BDAY:1990-05-12", "X-CRM-DOMAIN:engines.example", "X-CRM-INDUSTRY:Looms"),
        )
    )
    assert draft.noun == "company"
    assert draft.values == {
        "name": "Engines Ltd",
        "email": [{"value": "info@engines.example"}],
        "domain": ["engines.example"],
        "industry": "Looms",
        "extra": ["N:Lovelace;Ada;;;", "ORG:Engines Ltd;Looms", "BDAY:1990-05-12"],
    }


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB==", None),
        ("PHOTO;JPEG;BASE64:/9j/AB==", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB=="),
        ("PHOTO;TYPE=png;ENCODING=BASE64:iVBO", "PHOTO;ENCODING=b;TYPE=PNG:iVBO"),
        ("PHOTO:data:image/jpeg;base64,/9j/AB==", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB=="),
        ("item1.PHOTO;X-CROP=1:data:image/png;base64,iVBO", "item1.PHOTO;X-CROP=1;ENCODING=b;TYPE=PNG:iVBO"),
        ("PHOTO;VALUE=uri:https://engines.example/ada.jpg", None),
        ("KEY:data:application/pgp-keys;base64,AAAA", "KEY;ENCODING=b;TYPE=PGP:AAAA"),
        ("KEY;ENCODING=b;TYPE=X-OWN:AAAA", None),
        ("X-PHOTO;ENCODING=b:AAAA", None),
    ],
)
def test_pictures_and_keys_are_kept_in_one_form(line: str, kept: str | None) -> None:
    assert values("FN:Ada", line)["extra"] == [kept or line]
    assert values("FN:Ada", kept or line)["extra"] == [kept or line]


# --- lines


@pytest.mark.parametrize(
    "data",
    [
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nNOTE:One \r\n  two\r\n\tthree\r\nEND:VCARD\r\n",
        "begin:vcard\nversion:3.0\nfn:Ada\nnote:One \n  two\n three\nend:vcard",
        "BEGIN:VCARD\rVERSION:3.0\rFN:Ada\rNOTE:One  twothree\rEND:VCARD\r",
        "\ufeffBEGIN:VCARD \nVERSION:2.1\nFN:Ada\nNOTE;QUOTED-PRINTABLE:One =\n twoth=\nree\n\nEND:VCARD\n",
    ],
)
def test_lines_of_every_kind(data: str) -> None:
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-32"):
        (draft,) = drafts(data.encode(encoding))
        assert draft.values == {"name": "Ada", "notes": "One  twothree"}


def test_a_fold_within_a_character() -> None:
    data = card("FN:Zoë Müller").encode().replace(b"\xc3\xab", b"\xc3\r\n \xab")
    assert drafts(data)[0].values["name"] == "Zoë Müller"


def test_base64_that_is_not_folded_ends_with_the_next_property() -> None:
    for between in ("\r\n", "\r\n\r\n", "\r\n "):
        text = card(f"FN:Ada\r\nPHOTO;BASE64;JPEG:{between}/9j/{between}AB=={between}\r\nTEL:12345", version="2.1")
        (draft,) = drafts(text)
        assert draft.values["extra"] == ["PHOTO;ENCODING=b;TYPE=JPEG:/9j/AB=="]
        assert draft.values["phone"] == [{"value": "12345"}]


def test_lines_that_are_no_properties() -> None:
    file = source(card("FN:Ada", "# a remark", "hello there", "NOTE:one", "two", "ADR:;;a\\", "b;c").encode())
    (draft,) = list(vcard.read(file))
    assert isinstance(draft, Draft)
    assert draft.values == {
        "name": "Ada",
        "notes": "one\ntwo",
        "address": [{"street_address": "a\nb", "locality": "c"}],
    }
    assert file.notes == ["the card in line 1: lines that are no vCard properties are ignored (1)"]


def test_files_put_together_without_a_line_end() -> None:
    text = card("FN:Ada").rstrip() + card("FN:Grace").rstrip() + "\ufeff\r\n" + "\ufeff" + card("FN:Alan")
    file = source(text.encode())
    assert [one.values["name"] for one in vcard.read(file) if isinstance(one, Draft)] == ["Ada", "Grace", "Alan"]


# --- each card by itself


def test_a_broken_card_costs_itself_alone() -> None:
    text = card("FN:Ada") + card("NOTE:nobody") + "stray line\r\n" + card("KIND:group", "FN:All") + card("FN:Grace")
    file = source(text.encode())
    found = list(vcard.read(file))
    assert [type(one) for one in found] == [Draft, Refused, Refused, Draft]
    assert [one.place for one in found] == [1, 5, 10, 15]
    assert found[1] == Refused(
        5,
        card("NOTE:nobody").encode(),
        "the card names nobody: it has neither FN nor N, ORG, EMAIL or TEL",
    )
    assert isinstance(found[2], Refused) and "a group" in found[2].reason
    assert file.notes == ["cards.vcf: lines outside of any card are ignored (1)"]
    list(vcard.read(file))
    assert len(file.notes) == 1


def test_a_card_without_end_does_not_take_the_next_ones_with_it() -> None:
    found = items("BEGIN:VCARD\nFN:Broken\n" + card("FN:Ada") + card("FN:Grace"))
    assert [one.values["name"] for one in found if isinstance(one, Draft)] == ["Ada", "Grace"]
    assert [(one.place, one.reason) for one in found if isinstance(one, Refused)] == [(1, "it has no END:VCARD")]
    found = items("BEGIN:VCARD\nFN:Broken\n" * 100 + card("FN:Ada"))
    assert [type(one) for one in found].count(Refused) == 100 and len(found) == 101


def test_of_many_beginnings_with_nothing_behind_them_one_is_told() -> None:
    file = source(("BEGIN:VCARD\n" * 1_000 + card("FN:Ada")).encode())
    found = list(vcard.read(file))
    assert [one.values["name"] for one in found if isinstance(one, Draft)] == ["Ada"]
    refused = [one.place for one in found if isinstance(one, Refused)]
    assert (refused[0], len(refused)) == (1, vcard.DEEPEST)
    left_out = 1_000 - len(refused)
    assert file.notes == [f"cards.vcf: lines BEGIN:VCARD with nothing behind them are ignored ({left_out})"]
    found = items("BEGIN:VCARD\n" * 20 + "FN:Open\n" + "BEGIN:VCARD\n" * 20)
    assert any(one.raw == b"BEGIN:VCARD\r\nFN:Open\r\n" for one in found if isinstance(one, Refused))


def test_cards_within_cards() -> None:
    inner = card("FN:Secretary", "TEL;HOME:12345", version="2.1").strip()
    (draft,) = drafts(card("FN:Boss", "AGENT:", inner, "TEL:67890", version="2.1"))
    assert draft.values["phone"] == [{"value": "67890"}]
    kept = "AGENT:BEGIN:VCARD\\nVERSION:3.0\\nFN:Secretary\\nTEL\\;TYPE=HOME:12345\\nEND:VCARD"
    assert draft.values["extra"] == [kept]
    assert values("FN:Boss", kept)["extra"] == [kept]
    found = drafts(card("FN:Boss", inner, "TEL:67890", version="2.1"))
    assert [one.values["name"] for one in found] == ["Secretary", "Boss"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["NOTE:" + "x" * 4_000_001], "NOTE is longer than"),
        (["TEL;TYPE=" + "x," * 5001 + ":12345"], "the parameters of TEL"),
        (["X-A:b"] * 5001, "properties; at most 5,000"),
        (["X-A:" + "x" * 1000] * 9000, "the card is longer than"),
        (["AGENT:", "BEGIN:VCARD", *["X-A:b"] * 5001, "END:VCARD"], "the card within its AGENT is broken"),
    ],
)
def test_what_no_honest_card_has_is_refused(lines: list[str], reason: str) -> None:
    refused, other = items(card("FN:Ada", *lines) + card("FN:Grace"))
    assert isinstance(refused, Refused) and reason in refused.reason
    assert isinstance(other, Draft) and other.values == {"name": "Grace"}


def test_a_picture_that_is_too_large_is_left_out_and_told() -> None:
    file = source(card("FN:Ada", "PHOTO;ENCODING=b:" + "A" * 4_000_001).encode())
    (draft,) = list(vcard.read(file))
    assert isinstance(draft, Draft) and draft.values == {"name": "Ada"}
    assert file.notes == ["the card in line 1: its PHOTO is larger than 3 MB and is left out"]


# --- refused cards in their own format


def test_refused_cards_are_written_with_place_and_reason_and_can_be_mended() -> None:
    file = source((card("FN:Ada") + card("NOTE:nobody", "TZ:x;y") + "BEGIN:VCARD\nFN:Open\n").encode())
    refused = [one for one in vcard.read(file) if isinstance(one, Refused)]
    written = b"".join(vcard.rejects(file, refused)).decode()
    assert written.replace("\r\n ", "") == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nX-CRM-LINE:5\r\n"
        "X-CRM-REASON:the card names nobody: it has neither FN nor N\\, ORG\\, EMAIL or TEL\r\n"
        "NOTE:nobody\r\nTZ:x;y\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nX-CRM-LINE:10\r\nX-CRM-REASON:it has no END:VCARD\r\nFN:Open\r\n"
    )
    again = source(written.encode())
    still = [one for one in vcard.read(again) if isinstance(one, Refused)]
    assert [one.reason for one in still] == [one.reason for one in refused]
    assert b"".join(vcard.rejects(again, still)).count(b"X-CRM-LINE") == 2
    mended = written.replace("NOTE:nobody", "FN:Somebody") + "END:VCARD\r\n"
    assert [one.values for one in drafts(mended)] == [{"name": "Somebody", "extra": ["TZ:x;y"]}, {"name": "Open"}]


# --- real files


@needs_samples
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_card_of_real_files_is_read_or_refused(path: Path) -> None:
    found = list(vcard.read(Source(path.name, path)))
    assert vcard.match(Source(path.name, path)) == CERTAIN
    assert len(found) == len(BEGIN.findall(path.read_bytes().replace(b"\r", b"")))
    assert [one.reason for one in found if isinstance(one, Refused)] == (
        ["the card names nobody: it has neither FN nor N, ORG, EMAIL or TEL"]
        if "android_custom_prop" in path.name
        else []
    )


@needs_samples
def test_names_of_real_files() -> None:
    names = {
        path.name: [one.values["name"] for one in vcard.read(Source(path.name, path)) if isinstance(one, Draft)]
        for path in FILES
    }
    assert names["v21_japanese_2.vcf"] == ["安藤 ロイド 1"]
    assert names["v21_japanese_3.vcf"] == names["v30_japanese.vcf"] == ["伊能 圭一 伊予"]
    assert names["v21_multiple_entry.vcf"] == ["安藤ロイド3", "安藤ロイド4", "安藤ロイド5"]
    assert names["v21_backslash.vcf"] == ["A;B\\C;D:E\\"]
    assert names["v30_ios_613_multiline.vcf"] == ["Bob Smith"]


def by_vobject(path: Path) -> Iterator[dict[str, list[str]]]:
    """Names, addresses and numbers as vobject reads them; nothing of a file that it cannot read."""
    try:
        cards = list(vobject.readComponents(path.read_text("utf-8")))
    except (vobject.base.VObjectError, UnicodeDecodeError):
        return
    for one in cards:
        yield {name: [str(line.value) for line in one.contents.get(name, ())] for name in ("fn", "email", "tel")}


@needs_samples
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_vobject_reads_the_same(path: Path) -> None:
    expected = list(by_vobject(path))
    if path.name in ("v21_nest.vcf", "v21_backslash.vcf") or not expected:
        pytest.skip("vobject cannot read it, or reads vCard 2.1 as if it were 3.0")
    found = list(vcard.read(Source(path.name, path)))
    assert len(found) == len(expected)
    for one, theirs in zip(found, expected, strict=True):
        mine = one.values if isinstance(one, Draft) else {}
        assert theirs["fn"] in ([mine.get("name")], [])
        extra = [parse(line) for line in mine.get("extra", ())]
        kept = [line.value for line in extra if line and line.key == "TEL"]
        assert sorted([entry["value"] for entry in mine.get("phone", ())] + kept) == sorted(theirs["tel"])
        emails = [entry["value"] for entry in mine.get("email", ())]
        assert len(emails) == len(theirs["email"])
        assert all(mail in other for mail, other in zip(emails, theirs["email"], strict=True))


# --- hostile files


def mutilated(seed: int, corpus: list[bytes]) -> bytes:
    """Parts of real and hostile cards, cut, repeated, swapped and overwritten by chance."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(corpus) + (chance.choice(corpus) if chance.random() < 0.3 else b""))
    for _ in range(chance.randint(1, 12)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + chance.randint(0, 40))
        kind = chance.randint(0, 6)
        if kind == 0:
            del data[at:end]
        elif kind == 1:
            data[at:at] = data[at:end]
        elif kind == 2:
            data[at:end] = chance.randbytes(end - at)
        elif kind == 3:
            data[at:at] = chance.choice(PIECES)
        elif kind == 4:
            del data[at:]
        elif kind == 5:
            lines = data.split(b"\n")
            chance.shuffle(lines)
            data = bytearray(b"\n".join(lines))
        elif data:
            data[min(at, len(data) - 1)] = chance.choice(b'\r\n:;,="\\\0 \t\xff\xef#')
    return bytes(data)


PIECES = [
    *(
        b"\nBEGIN:VCARD\n",
        b"\nEND:VCARD\n",
        b"END:VCARDBEGIN:VCARD\n",
        b"\nAGENT:\nBEGIN:VCARD\n",
        b"\r",
        b"\n ",
        b"=\n",
    ),
    *(b";ENCODING=QUOTED-PRINTABLE", b";ENCODING=b", b";CHARSET=SHIFT_JIS", b";CHARSET=UTF-16", b";CHARSET=\xff"),
    *(b'"', b"\\", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\x1b[31m", b"=FF=00", b"item1.", b"\nitem1.X-ABLabel:\xe9\n"),
    *(b"\nN:;;\n", b"\nORG:;x;\n", b"\nADR:;;;;;;x\n", b"\nBDAY:0000-00-00\n", b"\nTZ:../etc\n", b"\nKIND:org\n"),
    *(b"\nX-CRM-CONSENT:;;\n", b"\nX-CRM-FIELD:a\n", b"\nX-CRM-PREFERENCE:;b\n", b"\nFN;X-CRM-VALUE=QQ==:A\n"),
    *(b"\nVERSION:2.1\n", b"\nVERSION:4.0\n", b"\nPHOTO:data:image/png;base64,====\n", b"\nEMAIL:<a@b>\n"),
    *(b"\nTEL;PREF=99999999999999999999:12345\n", "\nTEL;PREF=²:12345\n".encode(), b"\nUID:urn:uuid:x\n"),
]
OWN = [
    card("FN:Ada", "N:L;A;;;", "TEL;TYPE=home:12345", "NOTE:x", "ORG:E;D", version=one).encode()
    for one in ("2.1", "4.0")
]


def check(data: bytes) -> None:
    """Whatever a file holds: an item for each card, all of it text that can be stored, or a UsageError at once."""
    reading = vcard.read(source(data))
    try:
        found = list(reading)
    except UsageError:
        found = []
    cards = sum(line.rstrip().upper() == b"BEGIN:VCARD" for line in lines_of(data))
    assert len(found) <= cards if re.search(rb"(?i)AGENT", data) else len(found) == cards
    for one in found:
        if isinstance(one, Draft):
            assert one.noun in ("contact", "company") and one.values["name"].strip()
            storable(one.values)
        else:
            assert one.reason
    refused = [one for one in found if isinstance(one, Refused)]
    b"".join(vcard.rejects(source(data), refused))


def lines_of(data: bytes) -> list[bytes]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:64]:
        file = source(data)
        data = file.open_text().read().encode("utf-8", "replace")
    split = [re.sub(rb"(?i)^(?:\xef\xbb\xbf)?END:VCARD\s*", b"", line) for line in data.splitlines()]
    return [line.removeprefix(b"\xef\xbb\xbf") for line in split]


def storable(value: Any) -> None:
    if isinstance(value, str):
        value.encode("utf-8")
        assert "\0" not in value
    elif isinstance(value, dict):
        for one in value.values():
            storable(one)
    elif isinstance(value, list):
        for one in value:
            storable(one)
    else:
        assert value is True or value is None


@pytest.mark.parametrize("part", range(10))
def test_a_thousand_mutilated_files(part: int) -> None:
    corpus = [*OWN, *(path.read_bytes()[:3000] for path in FILES)]
    for seed in range(part * 100, part * 100 + 100):
        check(mutilated(seed, corpus))


@given(st.lists(st.binary(max_size=30) | st.sampled_from(PIECES), max_size=20))
@settings(max_examples=200)
def test_any_bytes(pieces: list[bytes]) -> None:
    check(b"BEGIN:VCARD\nFN:x\n" + b"".join(pieces) + b"\nEND:VCARD\n")


SIZE = 10_000_000
HOSTILE = {
    "one line": (b"BEGIN:VCARD\nNOTE:" + b"x" * SIZE, 1),
    "cards": (b"BEGIN:VCARD\nFN:a\nEND:VCARD\n" * (SIZE // 27), SIZE // 27),
    # The innermost ones are refused, and one for all the others.
    "beginnings": (b"BEGIN:VCARD\n" * (SIZE // 12), vcard.DEEPEST + 1),
    "agents": (b"BEGIN:VCARD\nAGENT:\n" * (SIZE // 19), SIZE // 19),
    "folds": (b"BEGIN:VCARD\nNOTE:a" + b"\n a" * (SIZE // 3), 1),
    "soft ends": (b"BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:a=" + b"\na=" * (SIZE // 3) + b"\nEND:VCARD", 1),
    "quotes": (b"BEGIN:VCARD\nTEL" + b';"' * (SIZE // 2) + b":1\nEND:VCARD", 1),
    "lists": (b"BEGIN:VCARD\nFN:a\nCATEGORIES:" + b"a," * (SIZE // 2) + b"\nEND:VCARD", 1),
    "NULs": (b"\0" * SIZE, 0),
}

READ = """
import resource, sys
from pathlib import Path
from crmcli.importers import vcard
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError

resource.setrlimit(resource.RLIMIT_AS, (256_000_000, 256_000_000))
try:
    print(sum(1 for item in vcard.read(Source("hostile.vcf", Path(sys.argv[1])))))
except UsageError as error:
    print(0)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory can be limited on Linux only")
@pytest.mark.parametrize("name", HOSTILE)
def test_ten_hostile_megabytes_are_read_or_refused_within_256_megabytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.vcf"
    data, expected = HOSTILE[name]
    path.write_bytes(data)
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) == expected
