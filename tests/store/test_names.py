"""Finding people and companies by what they are called."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.store import names

BOTH = ("contact", "company")
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Jürgen Müller", "山田 太郎", "Ada Müller", "Katherine Johnson")


@pytest.fixture
def people(app: App) -> App:
    with app.writing() as gate:
        for name in PEOPLE:
            gate.insert("contact", {"display_name": name})
        company = gate.insert("company", {"name": "Analytical Engines"})
        gate.insert("company_domain", {"company_id": company, "domain": "engines.example"})
        gate.insert("email", {"contact_id": 1, "value": "Ada@Engines.example", "is_primary": 1})
        gate.insert("phone", {"contact_id": 1, "raw": "020 7946 0958", "e164": "+442079460958"})
        gate.insert("external_id", {"contact_id": 2, "source": "hubspot", "key": "1234"})
    return app


def found(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(row["name"]) for row in rows)


@pytest.mark.parametrize("text", ["ada lovelace", "  ADA  Lovelace "])
def test_by_exact_name(people: App, text: str) -> None:
    assert found(names.by_name(people.store, text, BOTH)) == ["Ada Lovelace"]


def test_by_name_without_accents(people: App) -> None:
    assert found(names.by_name(people.store, "jurgen muller", BOTH)) == ["Jürgen Müller"]


def test_by_email_phone_domain_and_foreign_id(people: App) -> None:
    store = people.store
    assert found(names.by_email(store, "ada@engines.EXAMPLE", BOTH)) == ["Ada Lovelace"]
    assert found(names.by_phone(store, "+442079460958", "", BOTH)) == ["Ada Lovelace"]
    assert found(names.by_phone(store, None, "442079460958", BOTH)) == ["Ada Lovelace"]
    assert found(names.by_domain(store, "Engines.example")) == ["Analytical Engines"]
    assert found(names.by_external_id(store, "HubSpot", "1234", BOTH)) == ["Grace Hopper"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada", ["Ada Lovelace", "Ada Müller"]),
        ("mul", ["Ada Müller", "Jürgen Müller"]),
        ("muller ada", ["Ada Müller"]),
        ("love", ["Ada Lovelace"]),
        ("engines", ["Ada Lovelace", "Analytical Engines"]),
        ("太郎", ["山田 太郎"]),
        ("山", ["山田 太郎"]),
        ("nobody", []),
        ("", []),
        ('"', []),
    ],
)
def test_by_part(people: App, text: str, expected: list[str]) -> None:
    assert found(names.by_part(people.store, text, BOTH, 10)) == expected


@pytest.mark.parametrize("text", ["a' OR 1=1", '" OR *', "NEAR(", "ada AND", "x & | ! :*", "(", "-", "^", "\\", "%"])
def test_no_text_is_an_operator(people: App, text: str) -> None:
    names.by_part(people.store, text, BOTH, 10)
    names.nearest_names(people.store, text.split(), BOTH, 10)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("lovelce", "lovelace"),
        ("hoper", "hopper"),
        ("gracw", "grace"),
        ("johsnon", "johnson"),
        ("kathrine", "katherine"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(people: App, word: str, near: str) -> None:
    assert names.near_words(people.store, word)[0] == near


def test_too_short_a_word_has_no_neighbours(people: App) -> None:
    assert names.near_words(people.store, "ad") == []


def test_nearest_names(people: App) -> None:
    assert found(names.nearest_names(people.store, ["ada", "lovelacr"], BOTH, 5)) == ["Ada Lovelace"]


def test_deleted_records_are_found_only_when_asked_for(people: App) -> None:
    with people.writing() as gate:
        gate.update("contact", 1, {"deleted_at": gate.now})
    assert names.by_name(people.store, "ada lovelace", BOTH) == []
    assert found(names.by_part(people.store, "lovelace", BOTH, 5)) == []
    assert found(names.by_name(people.store, "ada lovelace", BOTH, deleted=True)) == ["Ada Lovelace"]
    assert found(names.by_id(people.store, "contact", 1, deleted=True)) == ["Ada Lovelace"]


def test_labels_tell_namesakes_apart(people: App) -> None:
    assert "Ada@Engines.example" in names.labels(people.store, [("contact", 1)])["contact", 1]
    assert names.labels(people.store, [("contact", 2)])["contact", 2] == ""
