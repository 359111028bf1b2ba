"""The snapshot as people read it: the screen, plain lines and a page of Markdown."""

from typing import Any

import pytest

from crmcli.kernel.text import cell_width
from crmcli.render import blocks
from crmcli.render.screens import facts
from crmcli.render.views import companies, contacts, snapshot
from tests.render.conftest import MakeOut

HOSTILE = "a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc\nd\x7f\x9b|\\<b>"
CONTACT: dict[str, Any] = {
    **dict.fromkeys(contacts.VIEW.json),
    "id": "c1",
    "display_name": "Ada Lovelace",
    "honorific_prefix": "Dr",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "nickname": "Countess",
    "job_title": "Mathematician",
    "birth_date": "--12-10",
    "emails": [
        {"value": "ada@engines.example", "label": "work", "is_primary": True, "opted_out": False, "invalid": False},
        {"value": "old@engines.example", "label": None, "is_primary": False, "opted_out": True, "invalid": True},
    ],
    "phones": [{"e164": "+442079460958", "raw": "+44 20 7946 0958", "label": "mobile", "opted_out": False}],
    "addresses": [],
    "urls": [],
    "companies": [{"id": "co1", "name": "Analytical Engines", "role": "Chief engineer", "ended_on": None}],
    "tags": ["vip"],
    "lifecycle_stage": "customer",
    "owner": "ada",
    "preferred_language": "en-GB",
    "do_not_contact": False,
    "consents": [{"purpose": "marketing", "channel": "email", "state": "denied"}],
    "preferences": {"coffee": "black"},
    "custom": {"source": "fair"},
    "external_ids": ["hubspot:1"],
    "notes": "# Facts\n\n- likes **short** letters",
    "created_at": "2026-01-01T00:00:00Z",
}
CAME: dict[str, Any] = {
    "id": "i9",
    "occurred_at": "2026-11-18T09:15:00Z",
    "direction": "inbound",
    "channel": "email",
    "duration": 3900,
    "subject": "Where are the wheels?",
    "body": "Dear friends",
    "snippet": "Dear friends",
    "outcome": "connected",
    "satisfaction": 4,
    "user": "bob",
    "participants": [{"id": "c1", "display_name": "Ada Lovelace"}, {"id": "c2", "display_name": "山田 太郎"}],
}
WENT = {**CAME, "id": "i8", "direction": "outbound", "occurred_at": "2025-03-01T09:15:00Z", "channel": "web_form"}
DUE: dict[str, Any] = {
    "id": "f1",
    "subject": "Call about the offer",
    "due_at": "2026-11-19T09:00:00Z",
    "all_day": False,
    "snooze_count": 0,
    "recurrence": None,
    "timezone": "UTC",
    "priority": "high",
    "owner": "ada",
    "overdue": True,
    "contact": {"id": "c1", "display_name": "Ada Lovelace"},
}

CADENCE = {
    "id": "cad1",
    "filter": "tag:vip",
    "reason": "every 6 weeks by call (tag:vip)",
    "via": "call",
    "last_at": "2026-10-01T09:00:00Z",
    "due_on": "2026-11-12",
    "late_on": "2026-12-03",
    "state": "due",
    "paused_until": None,
}

EURO: dict[str, Any] = {"currency": "EUR"}
WHO = {"id": "c1", "display_name": "Ada Lovelace"}
DEALS: dict[str, Any] = {
    "open": [
        {**EURO, "id": "d1", "name": "Engine No. 2", "stage": "Proposal", "pipeline": "Sales", "amount": "12000.00",
         "amount_minor": 1200000, "probability": 50, "close_date": "2026-11-30", "overdue": False, "age_days": 40,
         "stage_days": 30, "rotting": True, "next_step": False, "contact": WHO, "owner": "ada"},
        {"id": "d2", "name": "Spare wheels", "stage": "Prospecting", "pipeline": "Sales", "amount": None,
         "amount_minor": None, "currency": None, "probability": None, "close_date": None, "overdue": False,
         "age_days": 1, "stage_days": 1, "rotting": False, "next_step": True, "contact": None, "owner": None},
    ],
    "amounts": [{**EURO, "amount": "12000.00", "amount_minor": 1200000}],
    "won": {"count": 2, "amounts": [{**EURO, "amount": "900.00", "amount_minor": 90000}]},
    "lost": {"count": 1, "amounts": []},
}  # fmt: skip
ORDER: dict[str, Any] = {
    **EURO, "id": "o7", "number": "#1007", "ordered_on": "2026-11-01", "status": "payment_due", "total": "49.00",
    "total_minor": 4900, "unpaid": "19.00", "unpaid_minor": 1900, "due_on": "2026-11-15",
}  # fmt: skip
OWING = {"count": 1, "amounts": [{**EURO, "amount": "19.00", "amount_minor": 1900}], "orders": [ORDER]}
ORDERS: dict[str, Any] = {
    "count": 12,
    "first_on": "2025-01-03",
    "last_on": "2026-11-01",
    "usual_gap_days": 31.0,
    "totals": [{**EURO, "count": 12, "total": "588.00", "total_minor": 58800, "average": "49.00",
                "average_minor": 4900}],
    "products": [{**EURO, "id": "p1", "name": "Red apples", "orders": 9, "quantity": "18", "amount": "300.00",
                  "amount_minor": 30000}],
    "unpaid": OWING,
    "overdue": OWING,
    "recurring": [{**ORDER, "recurrence": "every month", "next_on": "2026-12-01"}],
    "latest": [ORDER],
}  # fmt: skip
CASES: dict[str, Any] = {
    "open": [
        {"id": "cs2", "subject": "Wheel stuck", "status": "open", "priority": "urgent", "type": "incident",
         "opened_at": "2026-11-19T09:00:00Z", "due_at": "2026-11-19T13:00:00Z", "due_for": "response",
         "over": True, "breached": True, "contact": WHO, "owner": "bob"},
    ],
    "over": 1,
    "breached": 1,
    "past": [
        {"id": "cs1", "subject": "Where is it?", "status": "closed", "priority": "low", "type": "question",
         "opened_at": "2026-10-01T09:00:00Z", "resolved_at": "2026-10-02T09:00:00Z", "satisfaction": 4,
         "breached": False},
    ],
    "past_count": 1,
    "satisfaction": 4.0,
}  # fmt: skip


def record(party: dict[str, Any] = CONTACT, **more: Any) -> dict[str, Any]:
    """A snapshot with everything in it."""
    months = [{"month": f"2026-{month:02d}", "inbound": month % 4, "outbound": month % 3} for month in range(1, 13)]
    return {
        "id": party["id"],
        "contact": party,
        "local_time": {"timezone": "Asia/Tokyo", "time": "23:00", "date": "2026-11-21", "utc_offset": "+09:00",
                       "part_of_day": "night"},
        "last_inbound": CAME,
        "last_outbound": WENT,
        "balance": {"inbound": 3, "outbound": 5, "internal": 1, "since": "2025-12-01T00:00:00Z", "owes": "us",
                    "owed_seconds": 276_300},
        "months": months,
        "followups": [DUE],
        "timeline": [CAME, WENT],
        "timeline_more": True,
        "cadence": CADENCE,
        "deals": DEALS,
        "orders": ORDERS,
        "cases": CASES,
        "retention": "repeat",
        "next": {"rule": "followup_overdue", "action": "Call about the offer", "reason": "f1 is 2 days overdue",
                 "command": "crm followup done f1"},
        **more,
    }  # fmt: skip


def company() -> dict[str, Any]:
    """The snapshot of a company."""
    party = {**{key: CONTACT.get(key) for key in companies.VIEW.json}, "id": "co1", "name": "Engines Ltd"}
    party.update(domains=["engines.example"], industry="Computing", employee_count=1200, parent=None)
    person = {"id": "c1", "display_name": "Ada", "role": "Chief", "email": "ada@x.example", "last_inbound_at": None,
              "last_outbound_at": "2026-11-18T09:15:00Z"}  # fmt: skip
    made = record(id="co1", company=party, people=[person], people_total=1500)
    del made["contact"]
    return made


def hostile() -> dict[str, Any]:
    """A snapshot in which every text means harm."""
    party = {**CONTACT, "display_name": HOSTILE, "job_title": HOSTILE, "nickname": HOSTILE, "tags": [HOSTILE]}
    party.update(notes=HOSTILE * 20_000, preferences={HOSTILE: HOSTILE}, custom={"x": HOSTILE * 2000}, owner=HOSTILE)
    party.update(emails=[{**CONTACT["emails"][0], "value": HOSTILE, "label": HOSTILE}])
    entry = {**CAME, "subject": HOSTILE, "snippet": HOSTILE, "user": HOSTILE,
             "participants": [{"id": "c2", "display_name": HOSTILE}]}  # fmt: skip
    step = {"rule": "followup_due", "action": HOSTILE, "reason": HOSTILE, "command": None}
    often = {**CADENCE, "filter": HOSTILE, "reason": f"every 6 weeks ({HOSTILE})"}
    promised = [{**DUE, "subject": HOSTILE}]
    who = {"id": "c2", "display_name": HOSTILE}
    deal = {
        **DEALS["open"][0],
        "name": HOSTILE,
        "stage": HOSTILE,
        "pipeline": HOSTILE,
        "owner": HOSTILE,
        "contact": who,
    }
    order = {**ORDER, "number": HOSTILE, "recurrence": HOSTILE, "next_on": "2026-12-01"}
    bought = [{**ORDERS["products"][0], "name": HOSTILE}]
    case = {**CASES["open"][0], "subject": HOSTILE, "owner": HOSTILE, "contact": who}
    return record(
        party,
        last_inbound=entry,
        timeline=[entry],
        followups=promised,
        cadence=often,
        next=step,
        deals={**DEALS, "open": [deal]},
        orders={**ORDERS, "products": bought, "latest": [order], "recurring": [order]},
        cases={**CASES, "open": [case], "past": [{**CASES["past"][0], "subject": HOSTILE}]},
    )


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 131, 132, 160, 300])
@pytest.mark.parametrize("make", [record, company, hostile])
def test_no_line_is_wider_than_the_terminal(make_out: MakeOut, make: Any, width: int) -> None:
    out = make_out(terminal=True, environ={"COLUMNS": str(width), "NO_COLOR": "1"})
    snapshot.show(make(), out)
    assert max(cell_width(line) for line in out.data.splitlines()) <= width


def test_the_screen_says_who_what_and_what_next(make_out: MakeOut) -> None:
    out = make_out(terminal=True, environ={"COLUMNS": "80", "NO_COLOR": "1"})
    snapshot.show(record(), out)
    for text in (
        "Ada Lovelace  c1",
        "Dr Ada Lovelace · “Countess”",
        "Mathematician · Chief engineer at Analytical Engines (co1)",
        "customer · repeat buyer · vip · owner ada",
        "next: Call about the offer — f1 is 2 days overdue",
        "(invalid · opted out)",
        "23:00, night there",
        "10 Dec",
        "marketing by email: denied",
        "3 days ago · email ·",
        "you owe an answer, 3 days",
        "3 in, 5 out, 1 note",
        "Cadence    every 6 weeks by call",
        "JFMAMJJASOND",
        "• likes short letters",
        "f1  2 days overdue  high  Call about the offer · ada",
        "Wed 18 Nov 09:15  ←  email",
        "1 Mar 2025        →  web form",
        "with 山田 太郎 ·",
        "older: crm show c1 --timeline 10",
    ):
        assert text in out.data, text


def test_the_screen_of_a_company_lists_its_people(make_out: MakeOut) -> None:
    out = make_out(terminal=True, environ={"COLUMNS": "80", "NO_COLOR": "1"})
    snapshot.show(company(), out)
    assert "c1  Ada · Chief  ada@x.example  3 days ago" in out.data
    assert "and 1,499 more: crm contact list company:co1" in out.data
    assert "Computing · 1,200 employees" in out.data


def test_an_empty_record_has_a_short_screen(make_out: MakeOut) -> None:
    empty = {**dict.fromkeys(contacts.VIEW.json), "id": "c1", "display_name": "Minimal"}
    empty.update({key: [] for key in ("emails", "phones", "addresses", "urls", "companies", "tags", "consents")})
    empty.update(external_ids=[], preferences={}, custom={})
    bare = record(
        empty,
        local_time=None,
        last_inbound=None,
        last_outbound=None,
        followups=[],
        timeline=[],
        timeline_more=False,
        cadence=None,
    )
    nothing: dict[str, Any] = {"count": 0, "amounts": [], "orders": []}
    bare["deals"] = {"open": [], "amounts": [], "won": nothing, "lost": nothing}
    bare["orders"] = {**ORDERS, "last_on": None}
    bare["orders"] |= {key: [] for key in ("totals", "products", "recurring", "latest")}
    bare["orders"] |= {"unpaid": nothing, "overdue": nothing}
    bare["cases"] = {"open": [], "over": 0, "breached": 0, "past": [], "past_count": 0, "satisfaction": None}
    bare["retention"] = None
    bare["balance"] = {"inbound": 0, "outbound": 0, "internal": 0, "since": "", "owes": None, "owed_seconds": None}
    bare["months"] = [{**one, "inbound": 0, "outbound": 0} for one in bare["months"]]
    out = make_out(terminal=True, environ={"NO_COLOR": "1"})
    snapshot.show(bare, out)
    assert not [word for word in ("Reach", "Follow-ups", "Cadence") if word in out.data]
    assert 'nothing logged yet: crm log in c1 "What was said"' in out.data
    assert out.data.count("\n") < 16


@pytest.mark.parametrize("form", ["table", "plain", "md", "tsv"])
def test_nothing_that_was_stored_drives_the_terminal(make_out: MakeOut, form: str) -> None:
    out = make_out(terminal=True, format=form, environ={"NO_COLOR": "1"})
    snapshot.show(hostile(), out)
    assert "\\x1b]0;x" in out.data.replace("\\\\", "\\").replace("\\]", "]")
    assert not [letter for letter in out.data if letter != "\n" and letter != "\t" and not letter.isprintable()]


def test_colour_adds_escapes_of_our_own_only(make_out: MakeOut) -> None:
    out = make_out(terminal=True, color="always")
    snapshot.show(hostile(), out)
    assert "\x1b[1m" in out.data and "\x1b]" not in out.data


def test_do_not_contact_is_loud(make_out: MakeOut) -> None:
    out = make_out(terminal=True, color="always")
    snapshot.show(record({**CONTACT, "do_not_contact": True}), out)
    assert "\x1b[1;7;31m DO NOT CONTACT " in out.data


def test_markdown_cannot_be_left(make_out: MakeOut) -> None:
    out = make_out(format="md")
    snapshot.show(
        record({**CONTACT, "display_name": "[x](y) <b> *z*", "notes": "a\n# b <i> ![p](http://t.example)"}), out
    )
    assert out.data.startswith("# \\[x](y) \\<b> \\*z\\* (c1)\n")
    assert "> a\n> # b \\<i> !\\[p]" in out.data
    assert "| 2026-11-18 09:15 | inbound | email | Where are the wheels? |" in out.data


def test_an_ascii_terminal_gets_ascii(make_out: MakeOut) -> None:
    out = make_out(terminal=True, environ={"NO_COLOR": "1"})
    out.__dict__["unicode"] = False
    snapshot.show(record(), out)
    assert out.data.isascii()
    assert "<  email" in out.data and "Reach ---" in out.data


def test_plain_is_one_fact_a_line(make_out: MakeOut) -> None:
    out = make_out(terminal=True, plain=True)
    snapshot.show(record(), out)
    assert "Cadence: every 6 weeks by call (cad1, tag:vip); last one 7 weeks ago; due 9 days ago\n" in out.data
    assert "Last in: 3 days ago · email · connected: Where are the wheels?\n" in out.data
    assert "Follow-up f1: 2 days overdue, high, Call about the offer, ada\n" in out.data
    assert "Wed 18 Nov 09:15: inbound email, 山田 太郎, bob, connected, 4/5, 1h 5m, Where are the wheels?\n" in out.data


# --- laying out


@pytest.mark.parametrize(
    ("spans", "width", "most", "lines"),
    [
        ([("one two three", "")], 7, 0, ["one two", "three"]),
        ([("abcdefgh", "")], 3, 0, ["abc", "def", "gh"]),
        ([("山田太郎", "")], 5, 0, ["山田", "太郎"]),
        ([("a", "x"), (" b", "y")], 9, 0, ["a b"]),
        ([("a\nb", "")], 9, 0, ["a", "b"]),
        ([("one two three", "")], 7, 1, ["one tw…"]),
        ([("one two", "")], 4, 1, ["one…"]),
    ],
)
def test_wrapping(spans: list[blocks.Span], width: int, most: int, lines: list[str]) -> None:
    assert ["".join(text for text, _ in line) for line in blocks.wrap(spans, width, most)] == lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## Head", [("Head", "title")]),
        ("- a **b** c", [("• a ", ""), ("b", "title"), (" c", "")]),
        ("use `x`", [("use ", ""), ("x", "id"), ("", "")]),
        ("2 ** 3", [("2 ** 3", "")]),
        ("#tag", [("#tag", "")]),
    ],
)
def test_light_markdown(text: str, shown: list[blocks.Span]) -> None:
    assert blocks.inline_markdown(text) == [shown]


def test_the_signs_of_markdown_are_left_out_of_a_headline() -> None:
    assert facts.said({"subject": None, "snippet": "## **Big** `news`"}) == "Big news"
    assert facts.said({"subject": "2 ** 3", "snippet": None}) == "2 ** 3"
