"""Mail and calendars as contacts both ways: what a person sees, on both databases."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm

MAIL = """From grace@navy.example Thu Nov 19 09:00:00 2026
From: Grace Hopper <grace@navy.example>
To: ada@engines.example
Date: Thu, 19 Nov 2026 09:00:00 +0000
Message-ID: <1@navy.example>
Subject: Delivery

When does it come?

--\x20
Grace

From ada@engines.example Thu Nov 19 09:30:00 2026
From: Ada Lovelace <ada@engines.example>
To: Grace Hopper <grace@navy.example>, Howard Aiken <howard@harvard.example>
Date: Thu, 19 Nov 2026 10:30:00 +0100
Message-ID: <2@engines.example>
In-Reply-To: <1@navy.example>
Subject: Re: Delivery

On Tuesday.

On Thu, 19 Nov 2026, Grace Hopper wrote:
> When does it come?

From news@shop.example Thu Nov 19 11:00:00 2026
From: News <news@shop.example>
To: ada@engines.example
Date: Thu, 19 Nov 2026 11:00:00 +0000
Message-ID: <3@shop.example>
List-Id: <news.shop.example>
Subject: Offers

Buy!
"""
EVENT = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:demo@engines.example
DTSTART:{day}T140000Z
DTEND:{day}T150000Z
SUMMARY:Demonstration
ORGANIZER:mailto:ada@engines.example
ATTENDEE;CN=Grace Hopper:mailto:grace@navy.example
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def team(crm: Crm) -> Crm:
    """Ada's database, in which Grace is known."""
    crm.ok("config", "set", "team.addresses", "ada@engines.example")
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example")
    return crm


@pytest.fixture
def mbox(tmp_path: Path) -> str:
    path = tmp_path / "inbox"
    path.write_text(MAIL, "utf-8")
    return str(path)


def item(crm: Crm, *args: str, **options: Any) -> dict[str, Any]:
    result = crm("import", *args, "--json", **options)
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)["item"]
    return found


def test_mail_becomes_contacts_in_both_directions(team: Crm, mbox: str) -> None:
    done = item(team, mbox)
    assert (done["created"], done["skipped"], done["rejected"]) == (2, 1, 0)
    second, first = team.json("interaction", "list")["items"]
    assert [(one["direction"], one["channel"], one["occurred_at"]) for one in (first, second)] == [
        ("inbound", "email", "2026-11-19T09:00:00Z"),
        ("outbound", "email", "2026-11-19T09:30:00Z"),
    ]
    assert first["body"].strip() == "When does it come?"
    assert "Grace" in first["quoted"]
    assert second["body"].strip() == "On Tuesday."
    assert "> When does it come?" in second["quoted"]
    assert first["thread"] == second["thread"] is not None
    grace = team.json("contact", "show", "c1")["item"]
    assert (grace["last_inbound_at"], grace["last_outbound_at"]) == ("2026-11-19T09:00:00Z", "2026-11-19T09:30:00Z")
    assert "delivery" in team.ok("find", "tuesday").lower()


def test_a_message_is_never_taken_in_twice(team: Crm, mbox: str) -> None:
    item(team, mbox)
    again = item(team, mbox)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    team.ok("interaction", "rm", "i1", "--yes")
    assert item(team, mbox)["created"] == 0


def test_people_who_are_not_known_are_offered_and_added_as_leads(team: Crm, mbox: str) -> None:
    offered = item(team, mbox)["files"][0]["offered"]
    assert [(one["email"], one["messages"]) for one in offered] == [("howard@harvard.example", 1)]
    item(team, mbox, "--leads")
    team.ok("undo")
    item(team, mbox, "--leads")
    (howard,) = team.json("contact", "list", "stage:lead")["items"]
    assert (howard["display_name"], howard["lead_status"]) == ("Howard Aiken", "new")


def test_undo_takes_mail_back(team: Crm, mbox: str) -> None:
    item(team, mbox, "--leads")
    team.ok("undo")
    assert team.json("interaction", "list")["items"] == []
    assert [one["display_name"] for one in team.json("contact", "list")["items"]] == ["Grace Hopper"]
    assert team.json("contact", "show", "c1")["item"]["last_inbound_at"] is None


def test_since_leaves_older_messages_out(team: Crm, mbox: str) -> None:
    assert item(team, mbox, "--since", "2026-11-19 09:15")["created"] == 1


def test_without_our_own_addresses_nobody_can_tell_the_direction(crm: Crm, mbox: str) -> None:
    result = crm("import", mbox)
    assert result.code == 2
    assert "crm config set team.addresses" in result.err


def test_a_maildir_and_attachments(team: Crm, tmp_path: Path) -> None:
    content = base64.b64encode(b"the offer").decode()
    message = (
        "From: ada@engines.example\nTo: grace@navy.example\nDate: Thu, 19 Nov 2026 12:00:00 +0000\n"
        "Message-ID: <4@engines.example>\nSubject: Offer\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nHere it is.\n--x\n'
        'Content-Type: application/pdf; name="../../offer.pdf"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="../../offer.pdf"\n\n{content}\n--x--\n'
    )
    folder = tmp_path / "Maildir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "cur" / "1:2,S").write_text(message, "utf-8")
    assert item(team, str(folder))["created"] == 1
    (one,) = team.json("interaction", "list")["items"]
    (attachment,) = one["attachments"]
    assert (attachment["name"], attachment["size"], attachment["media_type"]) == ("offer.pdf", 9, "application/pdf")
    again = item(team, str(folder), "--attachments")
    assert (again["created"], again["updated"]) == (0, 1)
    assert item(team, str(folder), "--attachments")["unchanged"] == 1
    assert "offer.pdf" in team.ok("interaction", "show", "i1", "-o", "table")


def test_an_event_is_planned_and_then_held(team: Crm, tmp_path: Path) -> None:
    path = tmp_path / "calendar.ics"
    path.write_text(EVENT.format(day="20261124"), "utf-8")
    item(team, str(path))
    (planned,) = team.json("followup", "list")["items"]
    assert (planned["subject"], planned["due_at"]) == ("Demonstration", "2026-11-24T14:00:00Z")
    later = {"CRM_NOW": "2026-11-25T10:00:00Z"}
    item(team, str(path), env=later)
    (held,) = team.json("interaction", "list", env=later)["items"]
    assert (held["channel"], held["direction"], held["duration"]) == ("meeting", "outbound", 3600)
    assert team.json("followup", "list", env=later)["items"] == []
    assert item(team, str(path), env=later)["unchanged"] == 1


def test_what_is_planned_with_somebody_who_is_not_to_be_contacted_is_told(team: Crm, tmp_path: Path) -> None:
    team.ok("consent", "withdraw", "c1", "contact")
    others = [f"other{n}@navy.example" for n in range(11)]
    for address in others:
        team.ok("contact", "add", address, "--email", address, "--do-not-contact")
    calendar = tmp_path / "plan.ics"
    events = [
        EVENT.format(day="20261124").replace("UID:demo", f"UID:demo{n}").replace("grace@navy.example", address)
        for n, address in enumerate(["grace@navy.example", "grace@navy.example", *others])
    ]
    calendar.write_text("".join(events).replace("END:VCALENDAR\nBEGIN:VCALENDAR\nVERSION:2.0\n", ""))
    before = team("import", str(calendar)).err.splitlines()
    told = [line for line in before if "not to be contacted" in line]
    assert "Grace Hopper (c1), who is not to be contacted (2)" in told[0]
    assert "others who are not to be contacted (2)" in told[-1]
    assert len(told) == 11
    assert "not to be contacted" not in team("import", str(calendar)).err


def test_hostile_headers_stay_out_of_the_terminal(team: Crm, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(
        b"From a Thu Nov 19 09:00:00 2026\nFrom: \x1b]8;;x\x07Grace <grace@navy.example>\nTo: ada@engines.example\n"
        b"Date: Thu, 19 Nov 2026 09:00:00 +0000\nSubject: \x1b[2J=?utf-8?q?=1b[31mred?= \xe2\x80\xae\n\nbody \x1b[2J\n"
    )
    item(team, str(path))
    for args in (("interaction", "list"), ("interaction", "show", "i1"), ("show", "c1"), ("find", "red")):
        result = team(*args, tty=True)
        assert "\x1b" not in result.out + result.err
        assert "\u202e" not in result.out + result.err


def test_a_conversation_can_be_listed_and_what_is_folded_away_is_told(team: Crm, mbox: str) -> None:
    item(team, mbox)
    assert team.ok("interaction", "list", "thread:1@navy.example", "-o", "ids").split() == ["i2", "i1"]
    shown = team("interaction", "show", "i2", tty=True)
    assert "> When does it come?" not in shown.out
    assert "Quoted text is folded away; crm interaction show i2 --json has it" in shown.err + shown.out
    assert "folded away" not in team("interaction", "show", "i2", "--json").err


def test_leads_join_the_messages_that_are_here(team: Crm, mbox: str) -> None:
    item(team, mbox)
    again = item(team, mbox, "--leads")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 1, 1)
    second, _ = team.json("interaction", "list")["items"]
    assert [one["display_name"] for one in second["participants"]] == ["Grace Hopper", "Howard Aiken"]
    assert item(team, mbox, "--leads")["unchanged"] == 2
