"""What reminders say: in text, Markdown and HTML, whatever people have typed."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crmcli.kernel.clock import Clock
from crmcli.kernel.text import cell_width, safe
from crmcli.notifiers.base import Notice
from crmcli.services.notices.build import FOLLOWUPS, SECTIONS, digest, due_notice, notice_key
from tests.importers.cards import SAMPLES

NAUGHTY = SAMPLES / "naughty-strings" / "blns.json"
CLOCK = Clock(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), "Europe/Vienna")
ADA = {"id": "c1", "display_name": "Ada Lovelace"}


def followup(subject: str = "Call about the offer", due: str = "2026-11-20T14:00:00Z", **more: Any) -> dict[str, Any]:
    """A record as follow-ups have it."""
    return {
        "id": "f1", "uid": "u", "subject": subject, "note": None, "channel": None, "due_at": due, "all_day": False,
        "timezone": "Europe/Vienna", "status": "open", "priority": "normal", "owner": "ada", "contact": ADA,
        "company": None, "do_not_contact": False, "overdue": False, "snooze_count": 0, **more,
    }  # fmt: skip


def everything(text: str = "x") -> dict[str, list[dict[str, Any]]]:
    """All sections, with `text` wherever somebody may have typed it."""
    contact = {"id": "c1", "display_name": text}
    talk = {"contact": contact, "channel": "email", "subject": text, "waiting": 3 * 86_400}
    late = followup(text, "2026-11-17T14:00:00Z", overdue=True, contact=contact, owner=text, snooze_count=5)
    case = {"id": "cs1", "subject": text, "contact": contact, "company": None, "priority": "urgent", "owner": text}
    return {
        "cases": [
            {**case, "target": "response", "target_at": "2026-11-20T09:00:00Z", "state": "breached", "left": -3600}
        ],
        "overdue": [late],
        "today": [followup(text, priority="urgent", contact=None, company={"id": "co1", "name": text})],
        "week": [followup(text, "2026-11-21T11:00:00Z", contact=contact)],
        "owed": [talk],
        "cadence": [
            {
                "contact": contact,
                "company": None,
                "via": "meeting",
                "reason": text,
                "due_on": "2026-11-12",
                "state": "red",
            }
        ],
        "waiting": [talk],
    }


def told(*items: Mapping[str, Any], user: str = "ada", clock: Clock = CLOCK) -> Notice:
    notice = due_notice(items, clock, user=user, key="k")
    assert notice
    return notice


def summed(kind: str, sections: Mapping[str, Any], **more: Any) -> Notice:
    notice = digest(kind, sections, CLOCK, user="ada", key="k", **more)
    assert notice
    return notice


# --- what is said


def test_one_followup() -> None:
    item = followup("Send the invoice", "2026-11-17T14:00:00Z", overdue=True, priority="urgent", snooze_count=5)
    notice = told(item)
    assert (notice.kind, notice.key, notice.user, notice.at) == ("due", "k", "ada", "2026-11-20T10:00:00Z")
    assert notice.title == "Due: Send the invoice (Ada Lovelace)"
    assert notice.items == ({**item, "section": "due"},)
    assert notice.text == (
        "A follow-up is due\n"
        "Fri 20 Nov 2026 11:00 Europe/Vienna\n"
        "\n"
        "Send the invoice [urgent]\n"
        "  Ada Lovelace (c1), due Tue 17 Nov 15:00, 3 days overdue, snoozed 5\n"
        "  times\n"
        "  $ crm followup done f1\n"
        "\n"
        "Not now? crm followup snooze f1 tomorrow\n"
    )
    assert notice.markdown == (
        "# A follow-up is due\n"
        "\n"
        "Fri 20 Nov 2026 11:00 Europe/Vienna\n"
        "\n"
        "- **Send the invoice** (urgent)  \n"
        "  Ada Lovelace (c1), due Tue 17 Nov 15:00, **3 days overdue**, snoozed 5 times  \n"
        "  `crm followup done f1`\n"
        "\n"
        "Not now? `crm followup snooze f1 tomorrow`\n"
    )


@pytest.mark.parametrize(
    ("due", "more", "told_as"),
    [
        ("2026-11-20T14:00:00Z", {}, "due today, Fri 20 Nov 15:00"),
        ("2026-11-21T14:00:00Z", {}, "due tomorrow, Sat 21 Nov 15:00"),
        ("2026-11-20T08:00:00Z", {"overdue": True}, "due today, Fri 20 Nov 09:00, overdue since 09:00"),
        ("2026-11-20T09:55:00Z", {"overdue": True}, "10:55, 5 minutes overdue"),
        ("2026-11-18T23:00:00Z", {"all_day": True, "overdue": True}, "due Thu 19 Nov, overdue since yesterday"),
        ("2026-11-19T23:00:00Z", {"all_day": True}, "due today, Fri 20 Nov\n"),
        ("2025-11-19T23:00:00Z", {"all_day": True, "overdue": True}, "due Thu 20 Nov 2025, 11 months overdue"),
        ("2026-11-20T14:00:00Z", {"timezone": "Asia/Tokyo"}, "due today, Fri 20 Nov 15:00 (23:00 in Asia/Tokyo)"),
        ("2026-11-20T15:00:00Z", {"timezone": "Asia/Tokyo", "all_day": True}, "Sat 21 Nov in Asia/Tokyo"),
        ("2026-11-20T14:00:00Z", {"timezone": None}, "due today, Fri 20 Nov 15:00\n"),
        ("2026-11-20T14:00:00Z", {"do_not_contact": True}, "do not contact"),
        ("2026-11-20T14:00:00Z", {"snooze_count": 1}, "snoozed once"),
        ("2026-11-20T14:00:00Z", {"snooze_count": 2}, "snoozed twice"),
        ("2026-11-20T14:00:00Z", {"owner": "grace"}, "for grace"),
        ("2026-11-20T14:00:00Z", {"owner": None}, "15:00\n"),
        ("2026-11-20T14:00:00Z", {"contact": None, "company": {"id": "co2", "name": "Kiln"}}, "Kiln (co2), due"),
    ],
)
def test_when_and_for_whom(due: str, more: dict[str, Any], told_as: str) -> None:
    assert told_as in told(followup(due=due, **more)).text


def test_the_clocks_that_change_do_not_change_the_day() -> None:
    # In Vienna they went back on 25 October 2026 at 03:00.
    clock = Clock(datetime(2026, 10, 25, 12, 0, tzinfo=UTC), "Europe/Vienna")
    item = followup(due="2026-10-24T22:00:00Z", all_day=True)
    assert "due today, Sun 25 Oct\n" in told(item, clock=clock).text


def test_several_are_named_in_the_title() -> None:
    assert told(followup("One"), followup("Two")).title == "2 due: One; Two"
    assert told(*[followup("Many")] * 4).title == "4 due: Many; Many; Many; …"
    assert cell_width(told(*[followup("x" * 500)] * 4).title) <= 120
    assert cell_width(told(followup("x" * 500)).title) <= 130


def test_a_daily_digest() -> None:
    notice = summed("daily", everything())
    assert notice.kind == "daily"
    assert notice.title == (
        "Today, Fri 20 Nov: 1 to solve, 1 overdue, 1 today, 1 this week, 1 to answer, 1 to contact, 1 awaited"
    )
    titles = [line for line, below in _pairs(notice.text) if set(below) == {"-"}]
    assert titles == [
        "Cases (1)", "Overdue (1)", "Today (1)", "Later this week (1)", "You owe a reply (1)", "Stay in touch (1)",
        "Waiting for them (1)",
    ]  # fmt: skip
    assert "x (cs1) [urgent]\n  x (c1), answer by Fri 20 Nov 10:00, 1h of business time over, for x\n" in notice.text
    assert "  email 3 days ago: x\n" in notice.text
    assert '  $ crm log out c1 "What you answered" --channel email\n' in notice.text
    assert "  x, due Thu 12 Nov, 8 days overdue\n" in notice.text
    assert '  $ crm log out c1 "What was said" --channel meeting\n' in notice.text
    assert '  $ crm log in c1 "What they said" --channel email\n' in notice.text
    assert [item["section"] for item in notice.items] == list(SECTIONS)


def _pairs(text: str) -> list[tuple[str, str]]:
    lines = text.splitlines()
    return list(pairwise(lines))


def test_a_weekly_digest_tells_the_days() -> None:
    week = [
        followup(due="2026-11-21T11:00:00Z"),
        followup(due="2026-11-24T08:00:00Z"),
        followup(due="2026-11-24T09:00:00Z"),
    ]
    notice = summed("weekly", {"week": week})
    assert notice.title == "The week from Fri 20 Nov: 3 in 7 days"
    titles = [line for line, below in _pairs(notice.text) if set(below) == {"-"}]
    assert titles == ["Tomorrow, Sat 21 Nov", "Tue 24 Nov"]


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_an_empty_section_is_left_out(kind: str, name: str) -> None:
    sections: dict[str, list[dict[str, Any]]] = {**{key: [] for key in SECTIONS}, name: everything()[name]}
    notice = summed(kind, sections)
    assert len(re.findall("(?m)^## ", notice.markdown)) == notice.html.count("<h2") == 1
    assert ("snooze" in notice.text) == (name in FOLLOWUPS)


def test_what_is_due_is_told_whole() -> None:
    notice = told(*[followup(f"Number {number}", id=f"f{number}") for number in range(200)])
    assert [line for line in notice.text.splitlines() if "$ crm" in line] == [
        f"  $ crm followup done f{number}" for number in range(200)
    ]
    assert notice.html.count("<code") == notice.markdown.count("followup done") + 1 == 201


def test_nothing_is_nothing() -> None:
    assert due_notice([], CLOCK, user="ada", key="k") is None
    for kind in ("daily", "weekly"):
        assert digest(kind, dict.fromkeys(SECTIONS, ()), CLOCK, user="ada", key="k") is None
        assert digest(kind, {}, CLOCK, user="ada", key="k", counts={"overdue": 0}) is None


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_a_long_list_ends_with_where_the_rest_is(kind: str) -> None:
    notice = summed(kind, {"overdue": [followup()] * 60, "week": [followup()] * 60}, counts={"overdue": 1000})
    assert notice.text.count("$ crm followup done") == 100
    assert "... and 950 more: crm queue overdue:yes\n" in notice.text
    assert "... and 10 more: crm queue" in notice.text
    assert "1000+ overdue" in notice.title
    for written in (notice.markdown, notice.html):
        assert "… and 950 more: " in written


def test_the_commands_are_commands(crm_sqlite: Any) -> None:
    crm_sqlite.ok("contact", "add", "Ada Lovelace")
    crm_sqlite.ok("followup", "add", "c1", "Call", "--due", "2026-11-20 15:00")
    crm_sqlite.ok("case", "open", "c1", "Wheel stuck")
    lines = summed("daily", everything()).text.splitlines()
    commands = {line.strip().removeprefix("$ ") for line in lines if line.startswith("  $ crm ")}
    assert len(commands) == 5
    for command in (*commands, "crm queue --kind cases", "crm queue overdue:yes", "crm queue --later", "crm queue"):
        crm_sqlite.ok(*re.sub('"[^"]*"', "words", command).split()[1:])


# --- keys


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_a_key_follows_from_its_parts_alone(one: list[str], other: list[str]) -> None:
    assert (notice_key(one) == notice_key(other)) == (one == other)
    assert re.fullmatch("[0-9a-f]{32}", notice_key(one))


def test_a_key_is_the_same_everywhere() -> None:
    assert notice_key(["ada", "email", "f1@2026-11-20T10:00:00Z"]) == notice_key(
        ["ada", "email", "f1@2026-11-20T10:00:00Z"]
    )
    assert notice_key(["a", "b"]) == "facdde7abf1eac5b301273ab2e282f79"
    assert len({notice_key(parts) for parts in (["a", "b"], ["ab"], ["a", "", "b"], ["b", "a"], ["1:a", "b"])}) == 5


# --- what others typed

hostile = st.text(max_size=80) | st.text("*_`[]()<>&|\\#!-+=~:/\"'.1 \n\t\x1b\u202e\u2066ab", max_size=80)


class Shape(HTMLParser):
    """The tags of a page, with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[Any] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", data))


def rendered(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


PLAIN = {kind: summed(kind, everything()) for kind in ("daily", "weekly")}


def harmless(text: str, *kinds: str) -> None:
    for kind in kinds:
        notice, plain = summed(kind, everything(text)), PLAIN[kind]
        for written in (notice.title, notice.text, notice.markdown, notice.html):
            assert safe(written, newlines=True) == written
        assert "\n" not in notice.title
        assert Shape(notice.html).tags == Shape(plain.html).tags
        assert Shape(rendered(notice.markdown)).tags == Shape(rendered(plain.markdown)).tags
    title = told(followup(text)).title
    assert safe(title) == title


@given(hostile)
def test_hostile_words_stay_words(text: str) -> None:
    harmless(text + "x", "daily", "weekly")


@pytest.mark.skipif(not NAUGHTY.exists(), reason=f"no naughty strings in {SAMPLES}")
def test_naughty_strings_stay_words() -> None:
    for text in json.loads(NAUGHTY.read_text("utf-8")):
        harmless(text + "x", "daily")


@given(hostile)
def test_lines_fit_a_mail_but_for_words_that_do_not(text: str) -> None:
    for line in told(followup(text + "x")).text.splitlines():
        assert cell_width(line) <= 72 or len(line.split()) == 1 or "[" in line or " " not in line.strip()


def test_scripts_without_spaces_are_broken_and_addresses_are_not() -> None:
    address = "https://engines.example/" + "a" * 100
    text = told(followup("年末のご挨拶" * 20), followup(f"Write {address} today")).text
    assert f"\n  {address}\n" in text
    assert max(cell_width(line) for line in text.splitlines() if address not in line) <= 72


# --- the page


def test_the_page_needs_nothing_from_elsewhere() -> None:
    for notice in (*PLAIN.values(), told(followup())):
        page = notice.html
        assert not re.search(
            r"(?i)<(script|img|link|iframe|form|object|svg|base)|https?:|url\(|@import|javascript:", page
        )
        assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in page
        assert "prefers-color-scheme:dark" in page
        assert "max-width:600px" in page


def test_every_colour_has_one_for_the_dark() -> None:
    page = PLAIN["daily"].html
    coloured = re.findall(r'<\w+ (?:[^>]*?)style="[^"]*(?:color|background):#[^"]*"', page)
    assert coloured
    assert all('class="' in tag for tag in coloured), [tag for tag in coloured if 'class="' not in tag]
    used = set(re.findall(r'class="(\w+)"', page))
    assert used == set(re.findall(r"\.(\w+)\{", page))


def test_tags_are_closed() -> None:
    open_tags: list[str] = []
    for tag in Shape(PLAIN["weekly"].html).tags:
        if isinstance(tag, str):
            assert open_tags.pop() == tag
        elif tag[0] not in ("meta", "br"):
            open_tags.append(tag[0])
    assert open_tags == []
