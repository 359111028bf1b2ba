"""`crm consent`: what was said, and whom it lets us contact."""

import itertools
from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.kernel.reach import refusal
from crmcli.model.enums import CONSENT_STATE
from crmcli.services.consents import condition
from tests.conftest import Crm


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Ada, with an address and a number."""
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--phone", "+44 20 7946 0958")
    return crm


def shown(crm: Crm) -> dict[str, tuple[str, bool]]:
    return {one["id"]: (one["state"], one["may"]) for one in crm.json("consent", "show", "c1")["items"]}


def test_the_most_specific_wins(office: Crm) -> None:
    office.ok("consent", "grant", "ada", "marketing", "--source", "fair")
    office.ok("consent", "withdraw", "ada", "marketing/call", "--at", "2026-11-19")
    assert shown(office) == {"marketing": ("granted", True), "marketing/call": ("withdrawn", False)}
    office.ok("contact", "edit", "c1", "--do-not-contact")
    assert shown(office) == {"marketing": ("granted", False), "marketing/call": ("withdrawn", False)}


def test_its_history_is_in_the_journal(office: Crm) -> None:
    office.ok("contact", "edit", "c1", "--consent", "marketing/email=granted")
    office.ok("consent", "withdraw", "c1", "marketing", "--channel", "email", "--source", "by phone",
              env={"CRM_NOW": "2026-11-21T10:00:00Z"})  # fmt: skip
    (one,) = office.json("consent", "show", "c1")["items"]
    assert [(entry["state"], entry["at"], entry["by"]) for entry in one["history"]] == [
        ("withdrawn", "2026-11-21T10:00:00Z", "ada"),
        ("granted", "2026-11-20T10:00:00Z", "ada"),
    ]
    assert one["source"] == "by phone"
    assert "granted" in office("consent", "show", "c1", tty=True).err


def test_what_was_said_earlier_changes_nothing(office: Crm) -> None:
    office.ok("consent", "withdraw", "c1", "marketing")
    told = office("consent", "grant", "c1", "marketing", "--at", "2026-11-01")
    assert "nothing to change" in told.err
    assert shown(office) == {"marketing": ("withdrawn", False)}


def test_what_is_said_of_a_day_to_come_silences_nobody(office: Crm) -> None:
    """Neither a slip of the pen nor a clock that was ahead when the consent was written down."""
    refused = office("consent", "grant", "c1", "marketing", "--at", "2030-01-01")
    assert (refused.code, "still to come" in refused.err) == (2, True)
    office.ok("consent", "grant", "c1", "marketing", env={"CRM_NOW": "2030-01-01T00:00:00Z"})
    office.ok("consent", "withdraw", "c1", "marketing")
    assert shown(office) == {"marketing": ("withdrawn", False)}


def test_an_export_for_a_purpose_has_only_those_who_agreed(office: Crm) -> None:
    office.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example", "--consent", "marketing=granted")
    office.ok("contact", "add", "Charles", "--consent", "marketing=granted")
    assert office.ok("export", "contacts", "--for", "marketing/email", "--fields", "id").split() == ["id", "c2"]
    assert office.ok("export", "contacts", "--for", "marketing", "name:charles", "--fields", "id").split() == [
        "id",
        "c3",
    ]
    for wrong in (("companies", "--for", "marketing"), ("all", "--for", "marketing"), ("contacts", "--for", "")):
        refused = office("export", *wrong)
        assert (refused.code, refused.out) == (2, "")


@pytest.mark.parametrize("form", ["csv", "json", "md", "vcf"])
def test_an_export_for_a_purpose_has_no_address_that_was_opted_out(office: Crm, tmp_path: Path, form: str) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "uid,display_name,emails,phones,consents\n"
        "01a226e5-0140-79a8-a94e-e2d428899a2b,Two,two1@x.example [opted_out]; two2@x.example; two3@x.example [invalid],"
        "+44 20 7946 0991 [opted_out]; +44 20 7946 0992,marketing=granted\n"
    )
    office.ok("import", str(people))
    given = office.ok("export", "contacts", "--for", "marketing", "-o", form)
    assert [word for word in ("two1", "two2", "two3", "0991", "0992") if word in given] == ["two2", "0992"]


def test_the_next_step_goes_by_no_channel_that_was_refused(office: Crm) -> None:
    office.ok("log", "in", "c1", "hello?", "--channel", "call")
    assert office.json("show", "c1")["item"]["next"]["command"] == "crm log out c1 --channel call"
    office.ok("consent", "deny", "c1", "contact/call")
    assert office.json("show", "c1")["item"]["next"]["command"] == "crm log out c1 --channel email"
    office.ok("consent", "deny", "c1", "contact/email")
    assert office.json("show", "c1")["item"]["next"]["command"] == "crm log out c1 --channel meeting"


def test_what_is_done_or_planned_against_it_is_told(office: Crm) -> None:
    office.ok("consent", "deny", "c1", "contact/call", "--at", "2026-11-19")
    for command in (
        ("log", "out", "c1", "Rang", "--channel", "call"),
        ("followup", "add", "c1", "Ring", "--due", "+1d", "--channel", "call"),
        ("cadence", "set", "c1", "2w", "--via", "call"),
    ):
        done = office(*command)
        assert done.code == 0
        assert "Ada Lovelace (c1) does not want that: contact/call was denied on 2026-11-19" in done.err
    assert "does not want" not in office("log", "out", "c1", "Wrote", "--channel", "email").err
    assert "does not want that" in office("followup", "edit", "f1", "--due", "+2d").err
    office.ok("followup", "done", "f1")
    assert "does not want that" in office("followup", "reopen", "f1").err
    assert "does not want" not in office("followup", "edit", "f1", "--channel", "email").err
    assert "does not want" not in office("interaction", "edit", "i1", "--subject", "Rang").err
    office.ok("interaction", "edit", "i1", "--direction", "inbound")
    assert "does not want that" in office("interaction", "edit", "i1", "--direction", "outbound").err
    office.ok("contact", "add", "Grace Hopper", "--do-not-contact")
    joined = office("interaction", "edit", "i1", "--add-participant", "grace").err
    assert joined == "Grace Hopper (c2) is marked: do not contact\n"


def test_nobody_is_proposed_who_wants_no_contact(office: Crm) -> None:
    office.ok("cadence", "set", "c1", "1w")
    later = {"CRM_NOW": "2027-02-20T10:00:00Z"}
    assert len(office.json("cadence", "list", "--due", env=later)["items"]) == 1
    office.ok("consent", "deny", "c1", "contact/call")
    assert len(office.json("cadence", "list", "--due", env=later)["items"]) == 1
    office.ok("cadence", "rm", "cad1", "--yes")
    office.ok("cadence", "set", "c1", "1w", "--via", "call")
    office.ok("cadence", "set", "--where", "name:ada", "2w", "--via", "call")
    assert office.json("cadence", "list", "--due", env=later)["items"] == []
    office.ok("cadence", "set", "c1", "1w", "--via", "email")
    assert len(office.json("cadence", "list", "--due", env=later)["items"]) == 1
    office.ok("consent", "withdraw", "c1", "contact")
    assert office.json("cadence", "list", "--due", env=later)["items"] == []
    step = office.json("show", "c1")["item"]["next"]
    assert (step["action"], step["reason"]) == ("do not contact", "contact was withdrawn on 2026-11-20")


def test_no_reply_is_owed_to_who_wants_no_contact(office: Crm) -> None:
    office.ok("log", "in", "c1", "When will it come?", "--channel", "email")
    assert [one["id"] for one in office.json("queue")["owed"]] == ["c1"]
    office.ok("consent", "withdraw", "c1", "contact")
    assert office.json("queue")["owed"] == []
    assert office.ok("agenda", "-o", "json").count("When will it come?") == 0


@pytest.mark.parametrize("words", ["queue", "agenda", "agenda --week", "followup list", "remind --dry-run"])
def test_whoever_is_to_do_something_is_told_that_it_is_not_wanted(office: Crm, words: str) -> None:
    """It was promised before the customer said so."""
    office.ok("followup", "add", "c1", "Call about the offer", "--due", "today")
    assert "do not contact" not in office.ok(*words.split(), tty=True)
    office.ok("consent", "withdraw", "c1", "contact")
    assert "do not contact" in " ".join(office.ok(*words.split(), tty=True).split())
    assert [one["do_not_contact"] for one in office.json("queue")["items"]] == [True]
    office.ok("undo")
    office.ok("contact", "edit", "c1", "--do-not-contact")
    assert office.json("followup", "list")["items"][0]["do_not_contact"]


def test_the_rules_and_their_sql_say_the_same(app: App) -> None:
    states = (None, *CONSENT_STATE)
    keys = 0
    for everyday, general, by_mail in itertools.product((None, "denied", "granted"), states, states):
        keys += 1
        said = [("contact", everyday), ("marketing", general), ("marketing/email", by_mail)]
        app.contacts.add(f"Person {keys}", {
            "consent": [f"{key}={state}" for key, state in said if state],
            "email": [{"value": f"p{keys}@x.example", "opted_out": keys % 5 == 0}] if keys % 7 else [],
            "phone": [{"value": f"+44 20 7946 {keys:04}", "opted_out": keys % 3 == 0}] if keys % 4 else [],
            "do_not_contact": "yes" if keys % 11 == 0 else "no",
        })  # fmt: skip
    for purpose in ("contact", "marketing", "marketing/email", "marketing/call", "contact/sms", "press"):
        sql, parameters = condition(purpose)
        rows = app.store.rows(f"SELECT id FROM contact WHERE {sql} ORDER BY id", parameters)
        wanted, _, channel = purpose.partition("/")
        told = [key for key in range(1, keys + 1) if refusal(app.contacts.get(key), wanted, channel or None) is None]
        assert [row["id"] for row in rows] == told, purpose


def test_what_is_planned_anew_for_somebody_who_said_no_is_told(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("followup", "add", "c1", "Ring", "--due", "+3d", "--every", "week")
    crm.ok("contact", "edit", "c1", "--do-not-contact")
    told = "Ada (c1) is marked: do not contact"
    assert told in crm("followup", "skip", "f1").err
    assert told in crm("followup", "snooze", "f2", "+1w").err
    assert told in crm("followup", "done", "f2").err
    assert told in crm("followup", "reopen", "f2").err
