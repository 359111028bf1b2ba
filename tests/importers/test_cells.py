"""Several values in a cell: what is written is read again, and what people write by hand is understood."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.exporters import cells as writing
from crmcli.importers import cells as reading

texts = st.text(min_size=1) | st.text(st.sampled_from(list("ab;=|\\[] \t\n'+é\u00a0/")), min_size=1)
maybe = st.none() | texts


def entries(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(parts), max_size=3)


def filled(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries with their filled parts, of which the first is the primary one."""
    plain = [{name: part for name, part in entry.items() if part} for entry in found]
    return [{**entry, "is_primary": True} if place == 0 else entry for place, entry in enumerate(plain)]


@given(entries(value=texts, label=maybe, opted_out=st.booleans(), invalid=st.booleans()))
def test_emails(found: list[dict[str, Any]]) -> None:
    assert reading.emails(writing.emails(found)) == filled(found)


@given(entries(raw=texts, label=maybe, e164=st.none() | st.from_regex(r"\+[1-9][0-9]{5,14}", fullmatch=True)))
def test_phones(found: list[dict[str, Any]]) -> None:
    assert reading.phones(writing.phones(found)) == filled(
        [{**entry, "e164": None if entry["e164"] == entry["raw"] else entry["e164"]} for entry in found]
    )


@given(entries(street_address=texts, locality=maybe, country_code=maybe, label=maybe))
def test_addresses(found: list[dict[str, Any]]) -> None:
    assert reading.addresses(writing.addresses(found)) == filled(found)


@given(entries(name=texts, role=maybe, started_on=maybe, uid=maybe))
def test_companies(found: list[dict[str, Any]]) -> None:
    assert reading.companies(writing.companies(found)) == filled(found)


@given(
    entries(
        purpose=st.from_regex(r"[^/\s](?:[^/]*[^/\s])?", fullmatch=True),
        channel=st.none() | st.just("email"),
        state=st.just("granted"),
        source=maybe,
    )
)
def test_consents(found: list[dict[str, Any]]) -> None:
    expected = [{name: part for name, part in entry.items() if part} for entry in found]
    assert reading.consents(writing.consents(found)) == expected


@given(st.lists(texts, max_size=3))
def test_words(found: list[str]) -> None:
    assert reading.words(writing.words(found)) == found


@given(st.dictionaries(texts, texts, max_size=3))
def test_pairs(found: dict[str, str]) -> None:
    assert reading.pairs(writing.pairs(found)) == [{key: text} for key, text in found.items()]


@given(entries(text=texts, sku=maybe, note=maybe))
def test_lines(found: list[dict[str, Any]]) -> None:
    names = ("sku", "note")
    expected = [{name: part for name, part in entry.items() if part} for entry in found]
    assert reading.lines(writing.lines(found, names), names) == expected


def test_lines_between_semicolons_and_parts_that_are_none() -> None:
    assert reading.lines("1 x A; 2 x B; sku=b; size=XL", ("sku",)) == [
        {"text": "1 x A"}, {"text": "2 x B", "sku": "b"}, {"text": "size=XL"},
    ]  # fmt: skip
    assert reading.lines("sku=b", ("sku",)) == [{"text": "sku=b"}], "a part of nothing is a text"


READERS = [
    *(getattr(reading, name) for name in ("emails", "phones", "addresses", "companies", "consents", "pairs", "words")),
    lambda cell: reading.lines(cell, ("a", "b")),
]


@given(st.text(st.sampled_from(list("ab;=|\\[] \n")), max_size=40))
def test_any_cell_can_be_read(cell: str) -> None:
    for read in READERS:
        read(cell)


@pytest.mark.parametrize("cell", ["[" * 100_000, "\\" * 100_001, ";" * 100_000, "a=[x]" * 20_000, "| ; =" * 20_000])
def test_a_long_cell_takes_no_longer_than_it_is(cell: str) -> None:
    for read in READERS:
        read(cell)


def test_how_it_looks() -> None:
    number = {"raw": "020 7946 0958", "e164": "+442079460958", "label": "work"}
    plain = {"raw": "+44 20 7946 0958", "e164": "+442079460958", "opted_out": True}
    assert writing.phones([number, plain]) == "work=020 7946 0958 [+442079460958]; +44 20 7946 0958 [opted_out]"
    assert writing.urls([{"value": "https://a.example/?b=c"}]) == r"https://a.example/?b\=c"
    assert writing.urls([{"value": "https://a.example/?b=c", "label": "website"}]) == "website=https://a.example/?b=c"


def test_what_people_write_by_hand() -> None:
    assert reading.emails(" a@x.example ;; b@x.example;") == [
        {"value": "a@x.example", "is_primary": True},
        {"value": "b@x.example"},
    ]
    assert reading.addresses("1 Main St; city=London") == [
        {"street_address": "1 Main St", "city": "London", "is_primary": True}
    ]
    assert reading.companies("Engines") == [{"name": "Engines", "is_primary": True}]
    assert reading.emails("") == reading.words(" ; ") == reading.companies("|") == []
