"""What reminders told of people who are erased, or who want to know what is held on them."""

import pytest

from crmcli.app import App
from tests.commands.test_privacy import everything
from tests.conftest import Crm

LATER = {"CRM_NOW": "2027-02-20T10:00:00Z"}
WORDS = ("zelda quux", "violin", "zelda-quux")


@pytest.fixture
def told(crm: Crm, app: App) -> Crm:
    """Zelda has a late case and a follow-up, a filter to be in touch, another that names her, and told reminders."""
    app.companies.add("Engines", {})
    app.contacts.add("Zelda Quux", {"email": ["zelda@quux.example"], "tag": ["guest"]})
    app.contacts.add("Ada Lovelace", {"tag": ["guest"]})
    app.followups.add("c1", "Ask for the violin", {"due": "2026-11-19"})
    app.followups.add("co1", "Ask about Zelda Quux", {"due": "2026-11-19"})
    app.cases.open("c1", "The violin squeaks", {})
    app.cases.open("co1", "Wheel stuck", {})
    app.cases.open("co1", "Zelda Quux hears noises", {})
    with app.writing() as gate:
        gate.update("support_case", 3, {"contact_id": 1})
    app.cadences.set("2w", {}, where="tag:guest")
    app.close()
    crm.ok("config", "set", "remind.program", "/bin/sh -c 'echo no room for zelda-quux >&2; exit 3'")
    crm.ok("remind", "--channel", "stdout", env=LATER)
    crm("remind", "--channel", "program", env=LATER)
    crm.ok("remind", "--channel", "stdout", "--digest", "daily", env=LATER)
    return crm


def log(crm: Crm) -> dict[str, set[str]]:
    """The subjects of what was told, by id."""
    found: dict[str, set[str]] = {}
    for one in crm.json("remind", "log", env=LATER)["items"]:
        found.setdefault(one["id"], set()).add(one["subject"])
    return found


def test_what_was_told_of_an_erased_person_goes(told: Crm) -> None:
    assert set(log(told)) == {"f1", "f2", "cs1", "cs2", "cs3", "cad1:c1", "cad1:c2", "digest:daily"}
    told("privacy", "erase", "c1", "--yes", env=LATER)
    after = log(told)
    assert set(after) == {"f2", "cs2", "cs3", "cad1:c2", "digest:daily"}
    # A reminder of others cannot be edited: the name is taken out.
    assert after["f2"] == {"Ask about [erased]"}
    assert after["cs3"] == {
        "cs3 is not answered in time: [erased] hears noises",
        "cs3 is not resolved in time: [erased] hears noises",
    }
    assert after["cad1:c2"] == {"Stay in touch with Ada Lovelace"}


def test_no_word_is_left_when_others_do_not_name_the_person(told: Crm) -> None:
    told.ok("followup", "edit", "f2", "--subject", "Ask again")
    before = everything(told).lower()
    assert [word for word in WORDS if word not in before] == []
    done = told("privacy", "erase", "c1", "--yes", env=LATER)
    assert "in reminder" not in done.err
    rows = [line for line in everything(told).lower().splitlines() if '"change"' not in line]
    assert [line for line in rows for word in WORDS if word in line] == []
    assert all(one["error"] == "[erased]" for one in told.json("remind", "log", "--status", "failed")["items"])


def test_what_was_told_of_a_case_that_is_no_more_goes(told: Crm) -> None:
    """A purge takes it from the tables and leaves what was told of it."""
    told.ok("case", "rm", "cs1", env=LATER)
    told.ok("db", "purge", "--older-than", "now", "--yes", env=LATER)
    assert "violin squeaks" in everything(told)
    told("privacy", "erase", "c1", "--yes", env=LATER)
    assert "violin" not in everything(told)


def test_cadences_of_others_with_a_like_number_keep_what_was_told(crm: Crm, app: App) -> None:
    for number in range(1, 13):
        app.contacts.add(f"Guest {number}", {"tag": ["guest"]})
    app.cadences.set("2w", {}, where="tag:guest")
    app.close()
    crm.ok("remind", "--channel", "stdout", env=LATER)
    crm.ok("privacy", "erase", "c1", "--yes", env=LATER)
    assert set(log(crm)) == {f"cad1:c{number}" for number in range(2, 13)}


def test_what_was_told_is_given_out(told: Crm) -> None:
    reminders = told.json("privacy", "export", "c1", env=LATER)["item"]["reminders"]
    assert {(one["about"], one["followup"]) for one in reminders} == {
        ("f1", "f1"), ("cs1", None), ("cs3", None), ("cad1", None)}  # fmt: skip
    page = told.ok("privacy", "export", "c1", "-o", "md", env=LATER)
    assert "ada by stdout: Stay in touch with Zelda Quux" in page
    assert "ada by program: cs1 is not answered in time: The violin squeaks" in page
    assert "Ada Lovelace" not in page
