"""Staying in touch: what counts as a contact, when the next one is due, and by which cadence."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.clock import instant
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.spans import parse_span
from crmcli.model.enums import FAILED, OUTCOME
from crmcli.services.cadences import described


def at(app: App, moment: str, zone: str = "UTC") -> None:
    """Let it be another moment."""
    app.environ.update(CRM_NOW=moment, CRM_TIMEZONE=zone)  # type: ignore[attr-defined]
    app._clock = None
    app.store.close()


def stay(app: App, who: str, span: str = "6w", **given: Any) -> str:
    """Set a cadence; returns its id."""
    return str(app.cadences.set(span, given, who=who)[0]["id"])


def stay_with(app: App, where: str, span: str = "6w", noun: str | None = None, **given: Any) -> str:
    """Set a cadence for a filter; returns its id."""
    return str(app.cadences.set(span, given, where=where, noun=noun)[0]["id"])


def talk(app: App, who: str, when: str, direction: str = "out", **given: Any) -> int:
    """Log a contact; returns its key."""
    return app.interactions.write(direction, [who], "Talked", {"channel": "call", **given, "at": when})


def standing(app: App, noun: str = "contact", key: int = 1) -> Any:
    """Where a customer stands, as the snapshot says."""
    return app.snapshots.of(f"{'c' if noun == 'contact' else 'co'}{key}")["cadence"]


def state(app: App) -> tuple[str, str, str | None]:
    """State and days of contact 1."""
    found = standing(app)
    return found["state"], found["due_on"], found["late_on"]


def due(app: App, **given: Any) -> list[tuple[str, str, int]]:
    """Who is due, how, and for how many days."""
    return [(item["id"], item["state"], item["days"]) for item in app.cadences.due(**given).items]


@pytest.fixture
def ada(app: App) -> App:
    """One contact, added at the end of 2025."""
    at(app, "2025-12-01T09:00:00Z")
    app.contacts.add("Ada Lovelace", {"tag": ["vip"], "email": ["ada@engines.example"]})
    return app


# --- days


@pytest.mark.parametrize(
    ("span", "last", "due_on", "late_on"),
    [
        ("6w", "2026-10-09 10:00", "2026-11-20", "2026-12-11"),
        ("1m", "2026-01-31 10:00", "2026-02-28", "2026-03-18"),
        ("1m", "2026-10-31 10:00", "2026-11-30", "2026-12-16"),
        ("1y", "2024-02-29 10:00", "2025-02-28", "2025-08-29"),
        ("1d", "2026-11-19 23:59", "2026-11-20", "2026-11-21"),
    ],
)
def test_days_are_those_of_the_calendar(ada: App, span: str, last: str, due_on: str, late_on: str) -> None:
    stay(ada, "c1", span)
    at(ada, "2027-01-01T00:00:00Z")
    talk(ada, "c1", last)
    for day, expected in ((due_on, "due"), (late_on, "late")):
        begins = date.fromisoformat(day)
        at(ada, f"{begins - timedelta(1)}T23:59:59Z")
        assert state(ada)[0] == ("ok" if expected == "due" else "due")
        at(ada, f"{begins}T00:00:00Z")
        assert state(ada) == (expected, due_on, late_on)


@pytest.mark.parametrize(
    ("zone", "last", "due_at"),
    [
        # A contact late in the evening of Tokyo is one of that day, though it is the day before in UTC.
        ("Asia/Tokyo", "2026-11-01T15:30:00Z", "2026-11-08T15:00:00Z"),
        # Clocks go back on 25 October and forward on 29 March: a week is then an hour longer or shorter.
        ("Europe/Berlin", "2026-10-19T10:00:00Z", "2026-10-25T23:00:00Z"),
        ("Europe/Berlin", "2026-03-23T10:00:00Z", "2026-03-29T22:00:00Z"),
        # There is no midnight on 6 September in Santiago.
        ("America/Santiago", "2026-08-30T12:00:00Z", "2026-09-06T04:00:00Z"),
    ],
)
def test_days_begin_in_my_zone(ada: App, zone: str, last: str, due_at: str) -> None:
    at(ada, "2026-12-01T00:00:00Z", zone)
    stay(ada, "c1", "1w")
    talk(ada, "c1", last)
    before = (instant(due_at) - timedelta(seconds=1)).isoformat()
    at(ada, before, zone)
    assert (state(ada)[0], due(ada)) == ("ok", [])
    at(ada, due_at, zone)
    assert (state(ada)[0], due(ada)) == ("due", [("c1", "due", 0)])


def test_days_of_a_colleague_are_those_of_the_colleague(ada: App) -> None:
    ada.users.add("bob", {"timezone": "Asia/Tokyo"})
    stay(ada, "c1", "1w", owner="bob")
    at(ada, "2026-11-20T10:00:00Z")
    talk(ada, "c1", "2026-11-13T10:00:00Z")
    at(ada, "2026-11-19T15:00:00Z")  # the 20th in Tokyo
    assert due(ada, everyone=True) == [("c1", "due", 0)]
    at(ada, "2026-11-19T14:59:59Z")
    assert due(ada, everyone=True) == []


def test_a_clock_that_was_set_back_does_not_see_what_is_to_come(ada: App) -> None:
    stay(ada, "c1", "6w")
    at(ada, "2026-01-12T09:00:00Z")
    assert state(ada)[0] == "due"
    talk(ada, "c1", "2026-01-12T09:00:00Z")
    assert state(ada)[0] == "ok"
    at(ada, "2026-01-12T08:00:00Z")
    assert state(ada)[0] == "due"
    assert due(ada) == [("c1", "due", 0)]


# --- what counts


@pytest.mark.parametrize("outcome", [None, *OUTCOME])
@pytest.mark.parametrize("direction", ["in", "out", "note"])
def test_what_counts_as_a_contact(app_sqlite: App, direction: str, outcome: str | None) -> None:
    app = app_sqlite
    at(app, "2026-01-01T09:00:00Z")
    app.contacts.add("Ada", {})
    stay(app, "c1", "1w")
    at(app, "2026-01-12T09:00:00Z")
    talk(app, "c1", "2026-01-10 9:00", direction, **({"outcome": outcome} if outcome else {}))
    counts = direction != "note" and outcome not in FAILED
    assert state(app)[0] == ("ok" if counts else "late")
    assert bool(standing(app)["last_at"]) == counts


def test_a_voicemail_counts_and_an_attempt_does_not() -> None:
    assert "left_voicemail" not in FAILED
    assert set(FAILED) < set(OUTCOME)


def test_a_contact_resets_at_once_and_taking_it_back_or_deleting_it_brings_the_state_back(ada: App) -> None:
    stay(ada, "c1", "6w")
    at(ada, "2026-11-20T10:00:00Z")
    late = state(ada)
    assert late[0] == "late"
    key = talk(ada, "c1", "now")
    assert state(ada) == ("ok", "2027-01-01", "2027-01-22")
    assert ada.cadences.due().items == []
    ada.history.undo()
    assert state(ada) == late
    key = talk(ada, "c1", "now")
    ada.interactions.remove([f"i{key}"])
    assert state(ada) == late
    ada.interactions.restore([f"i{key}"])
    assert state(ada)[0] == "ok"
    ada.interactions.edit(f"i{key}", {"outcome": "no_answer"})
    assert state(ada) == late


def test_only_the_wanted_channel_counts(ada: App) -> None:
    stay(ada, "c1", "6w", via="call")
    at(ada, "2026-11-20T10:00:00Z")
    talk(ada, "c1", "2026-11-19", channel="email")
    assert standing(ada)["last_at"] is None
    talk(ada, "c1", "2026-10-19 9:00")
    found = standing(ada)
    assert (found["last_at"], found["via"], found["reason"]) == (
        "2026-10-19T09:00:00Z", "call", "every 6 weeks by call",
    )  # fmt: skip


def test_contacts_with_its_people_count_for_a_company(ada: App) -> None:
    at(ada, "2025-12-01T09:00:00Z")
    ada.contacts.add("Bob", {"company": ["Engines"]})
    stay(ada, "co1", "6w")
    at(ada, "2026-11-20T10:00:00Z")
    assert due(ada) == [("co1", "late", 312)]
    talk(ada, "c2", "2026-11-01 9:00", "in")
    assert standing(ada, "company")["last_at"] == "2026-11-01T09:00:00Z"
    assert due(ada) == []


def test_who_was_never_contacted_counts_from_the_later_creation(ada: App) -> None:
    at(ada, "2026-01-10T09:00:00Z")
    stay_with(ada, "tag:vip", "1w")
    at(ada, "2026-01-15T09:00:00Z")
    ada.contacts.add("Bob", {"tag": ["vip"]})
    stay(ada, "c2", "30d")
    assert state(ada)[1] == "2026-01-17"
    assert standing(ada, key=2)["due_on"] == "2026-01-22"


# --- the strictest


def test_the_strictest_wins_and_says_which_it_is(ada: App) -> None:
    stay(ada, "c1", "3m")
    strict = stay_with(ada, "tag:vip", "1m", via="call")
    at(ada, "2026-11-20T10:00:00Z")
    talk(ada, "c1", "2026-11-01 9:00")
    found = standing(ada)
    assert (found["id"], found["scope"], found["filter"]) == (strict, "filter", "tag:vip")
    assert (found["due_on"], found["days"], found["reason"]) == ("2026-12-01", -11, "every month by call (tag:vip)")
    talk(ada, "c1", "2026-11-19 9:00")
    assert standing(ada)["id"] == strict
    ada.contacts.tag(["c1"], ["vip"], remove=True)
    assert (standing(ada)["id"], standing(ada)["scope"]) == ("cad1", "contact")


def test_of_two_that_are_due_on_one_day_the_earlier_maximum_wins(ada: App) -> None:
    stay(ada, "c1", "6w", max="12w")
    stay_with(ada, "tag:vip", "42d", max="7w")
    assert standing(ada)["id"] == "cad2"
    assert standing(ada)["late_on"] == "2026-01-19"


def test_each_customer_is_due_once(ada: App) -> None:
    for where, span in (("tag:vip", "5w"), ("created<2027-01-01", "6w"), ("Ada", "7w")):
        stay_with(ada, where, span)
    stay(ada, "c1", "8w")
    at(ada, "2026-11-20T10:00:00Z")
    for limit in (None, 1, 5):
        (item,) = ada.cadences.due(limit=limit).items
        assert (item["id"], item["cadence"]) == ("c1", "cad1")


# --- never due


@pytest.mark.parametrize("own", [True, False])
def test_who_must_not_be_contacted_or_was_deleted_is_never_due(ada: App, own: bool) -> None:
    stay(ada, "c1") if own else stay_with(ada, "tag:vip")
    at(ada, "2026-11-20T10:00:00Z")
    assert due(ada) == [("c1", "late", 312)]
    ada.contacts.edit("c1", {"do_not_contact": True})
    assert (due(ada), standing(ada)) == ([], None)
    ada.contacts.edit("c1", {"do_not_contact": False})
    ada.contacts.remove(["c1"])
    assert (due(ada), standing(ada)) == ([], None)


def test_a_pause_rests_and_is_no_contact(ada: App) -> None:
    stay(ada, "c1")
    at(ada, "2026-11-20T10:00:00Z")
    ada.cadences.pause(["cad1"], "2026-12-01")
    found = standing(ada)
    assert (found["state"], found["due_on"], found["days"]) == ("paused", None, None)
    assert found["paused_until"] == "2026-12-01T00:00:00Z"
    assert ada.cadences.due().items == []
    at(ada, "2026-12-01T00:00:00Z")
    assert standing(ada)["state"] == "late" and standing(ada)["paused_until"] is None
    assert due(ada) == [("c1", "late", 323)]
    ada.cadences.pause(["c1"])
    assert due(ada) == []
    assert ada.cadences.resume(["c1"])[0]["state"] == "late"
    with pytest.raises(UsageError, match="is not paused"):
        ada.cadences.resume(["c1"])
    with pytest.raises(UsageError, match="is over"):
        ada.cadences.pause(["c1"], "yesterday")


def test_a_running_one_counts_before_a_paused_one(ada: App) -> None:
    stay(ada, "c1", "1w")
    stay_with(ada, "tag:vip", "1y")
    ada.cadences.pause(["cad1"])
    assert (standing(ada)["id"], standing(ada)["state"]) == ("cad2", "ok")


# --- whose


def test_mine_a_colleagues_and_nobodys(ada: App) -> None:
    ada.users.add("bob", {})
    for name in ("Bob", "Eve"):
        ada.contacts.add(name, {})
    stay(ada, "c1")
    stay(ada, "c2", owner="bob")
    stay(ada, "c3", owner="")
    at(ada, "2026-11-20T10:00:00Z")
    assert [one[0] for one in due(ada)] == ["c1", "c3"]
    assert [one[0] for one in due(ada, owner=ada.users.key("bob"))] == ["c2", "c3"]
    assert [one[0] for one in due(ada, everyone=True)] == ["c1", "c2", "c3"]


def test_me_in_a_filter_is_the_owner(ada: App) -> None:
    ada.users.add("bob", {})
    ada.contacts.edit("c1", {"owner": "bob"})
    stay_with(ada, "owner:me", owner="bob")
    at(ada, "2026-11-20T10:00:00Z")
    assert due(ada, everyone=True) == [("c1", "late", 312)]


def test_dates_in_a_filter_are_read_when_it_is_asked(ada: App) -> None:
    stay_with(ada, "created>-1y", "1w")
    at(ada, "2026-11-20T10:00:00Z")
    assert [one[0] for one in due(ada)] == ["c1"]
    at(ada, "2026-12-20T10:00:00Z")
    assert due(ada) == []


# --- setting


def test_the_same_scope_is_changed_and_another_channel_is_another_cadence(ada: App) -> None:
    assert stay(ada, "c1", "6w", max="8w") == "cad1"
    record, done = ada.cadences.set("every 6 weeks", {"owner": "me"}, who="ada@engines.example")
    assert (record["id"], record["maximum"], done) == ("cad1", "8w", "same")
    record, done = ada.cadences.set("4w", {}, who="c1")
    assert (record["id"], record["ideal"], record["maximum"], done) == ("cad1", "4w", "6w", "changed")
    assert stay(ada, "c1", "6w", via="call") == "cad2"
    assert stay_with(ada, "tag:vip") == "cad3"
    assert stay_with(ada, " tag:vip ", "7w") == "cad3"
    assert stay_with(ada, "tag:vip", noun="company") == "cad4"
    assert ada.cadences.set("10w", {}, who="cad3")[0]["ideal"] == "10w"
    ada.cadences.remove(["cad1"])
    assert stay(ada, "c1") == "cad5"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"who": "c1", "span": "soon"}, "not a span of time"),
        ({"who": "c1", "max": "1w"}, "is less than"),
        ({"who": "c1", "via": "cal"}, "is not a channel"),
        ({"where": " "}, "an empty filter"),
        ({"where": "tga:vip"}, "unknown field"),
        ({"where": "tag:vip", "noun": "deal"}, "not a noun"),
        ({"who": "c1", "noun": "contact"}, "--noun"),
        ({"where": "tag:" + "x" * 1000}, "characters"),
    ],
)
def test_what_is_refused(ada: App, words: dict[str, Any], message: str) -> None:
    given = {name: words[name] for name in ("max", "via") if name in words}
    with pytest.raises(UsageError, match=message):
        ada.cadences.set(
            words.get("span", "6w"), given, who=words.get("who", ""), where=words.get("where", ""),
            noun=words.get("noun"),
        )  # fmt: skip
    assert ada.cadences.page().items == []


def test_which_cadence_is_meant(ada: App) -> None:
    with pytest.raises(NotFound, match="no cadence of its own"):
        ada.cadences.find("c1")
    stay_with(ada, "tag:vip")
    assert ada.cadences.find("c1")["filter"] == "tag:vip"
    with pytest.raises(NotFound) as refused:
        ada.cadences.pause(["c1"])
    assert refused.value.hint == "cad1 is about all contacts that match 'tag:vip'; name that one"
    stay(ada, "c1")
    assert ada.cadences.find("Ada")["id"] == "cad2"
    stay(ada, "c1", via="email")
    with pytest.raises(Ambiguous, match="several cadences"):
        ada.cadences.remove(["c1"])
    with pytest.raises(NotFound, match="no cadence cad9"):
        ada.cadences.find("cad9")


def test_removing_is_taken_back(ada: App) -> None:
    stay(ada, "c1")
    ada.cadences.remove(["cad1"])
    assert standing(ada) is None and ada.cadences.page().items == []
    ada.history.undo()
    assert standing(ada)["id"] == "cad1"


def test_a_filter_that_is_none_any_more_is_told_of_and_left_out(ada: App) -> None:
    ada.fields.add("size", "number", [], "")
    stay_with(ada, "size>3")
    stay(ada, "c1")
    ada.notes.clear()
    with ada.writing() as gate:
        gate.update("custom_field", 1, {"name": "length"})
    assert standing(ada)["id"] == "cad2"
    assert ada.notes == ["cad1 does not count: unknown field 'size' at position 1 of the filter"]
    assert [record["id"] for record in ada.cadences.page().items] == ["cad1", "cad2"]


def test_a_gap_that_is_none_can_be_removed(ada: App) -> None:
    """As an archive may hold it that somebody wrote by hand."""
    stay(ada, "c1")
    stay(ada, "c1", via="call")
    with ada.writing() as gate:
        gate.update("cadence", 1, {"ideal": "soon"})
    assert ada.cadences.page().items[0]["state"] is None
    assert standing(ada)["id"] == "cad2"
    assert [described(record) for record in ada.cadences.remove(["cad1"])] == ["every soon, at most 9w"]


def test_a_merged_customer_keeps_the_cadences_of_both(ada: App) -> None:
    ada.contacts.add("Ada L.", {"company": ["Engines"]})
    ada.companies.add("Works", {})
    stay(ada, "c2", "1w")
    stay(ada, "co2", "1w")
    assert ada.merging.merge("contact", ["c1", "c2"]).moved["cadence"] == 1
    assert ada.merging.merge("company", ["co1", "co2"]).moved["cadence"] == 1
    assert (standing(ada)["id"], standing(ada, "company")["id"]) == ("cad1", "cad2")


# --- the next step


def test_the_next_step_says_so_and_silence_is_judged_by_the_cadence(ada: App) -> None:
    stay(ada, "c1", "1y")
    at(ada, "2026-06-01T10:00:00Z")
    stay(ada, "c1", "4m", via="email")
    ada.cadences.pause(["cad2"], "2026-10-01")
    talk(ada, "c1", "2026-01-01 9:00")
    step = ada.snapshots.of("c1")["next"]
    assert (step["action"], step["reason"]) == (
        "nothing for now", "the next contact is due Fri 1 Jan 2027, every year",
    )  # fmt: skip
    at(ada, "2026-10-01T10:00:00Z")
    step = ada.snapshots.of("c1")["next"]
    assert (step["rule"], step["action"]) == ("cadence", "get in touch with Ada Lovelace")
    assert (step["reason"], step["command"]) == (
        "there was none yet; wanted every 4 months by e-mail", "crm log out c1 --channel email",
    )  # fmt: skip


# --- a model

NOW = "2026-11-20T10:00:00Z"
TODAY = date(2026, 11, 20)
SPANS = st.sampled_from(["1d", "1w", "10d", "6w", "1m", "3m", "1y"])
TAGS = ("a", "b")
DAYS = st.integers(-3, 200)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "tags": st.sets(st.sampled_from(TAGS)),
            "quiet": st.sampled_from([0, 0, 0, 1]),
            "gone": st.sampled_from([False, False, False, True]),
            "age": st.integers(0, 200),
            "talks": st.lists(
                st.tuples(
                    DAYS,
                    st.sampled_from(["inbound", "outbound", "internal"]),
                    st.sampled_from(["call", "email"]),
                    st.sampled_from([None, "connected", "no_answer", "bounced", "left_voicemail"]),
                    st.booleans(),
                ),
                max_size=4,
            ),
        }
    ),
    min_size=1,
    max_size=6,
)
CADENCES = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 5), st.sampled_from(TAGS)),
        SPANS,
        st.sampled_from([None, "call"]),
        st.integers(0, 100),
        st.sampled_from([None, None, None, "for good", "over"]),
    ),
    max_size=5,
)


class TakenBack(Exception):
    """Ends a transaction, so that the next example finds an empty database."""


def moment(days_ago: int) -> str:
    return f"{TODAY - timedelta(days_ago)}T09:00:00Z"


def fill(app: App, people: list[dict[str, Any]], wishes: list[tuple[Any, ...]]) -> None:
    """Write the contacts, what was logged, and the cadences, and bring up to date what is kept of last contacts."""
    with app.writing() as gate:
        for tag in TAGS:
            gate.insert("tag", {"name": tag})
        for number, person in enumerate(people, 1):
            values = {"display_name": f"P{number}", "created_at": moment(person["age"])}
            values |= {"do_not_contact": person["quiet"], "deleted_at": NOW if person["gone"] else None}
            gate.insert("contact", values)
            for tag in person["tags"]:
                gate.insert("tagging", {"contact_id": number, "tag_id": TAGS.index(tag) + 1})
            for ago, direction, channel, outcome, deleted in person["talks"]:
                same = {"occurred_at": moment(ago), "direction": direction, "deleted_at": NOW if deleted else None}
                key = gate.insert("interaction", {**same, "channel": channel, "outcome": outcome})
                gate.insert("participant", {**same, "interaction_id": key, "contact_id": number})
        for scope, span, channel, age, pause in wishes:
            about = {"filter": f"tag:{scope}"} if isinstance(scope, str) else {"contact_id": scope % len(people) + 1}
            rest = {"paused_at": None if pause is None else NOW, "paused_until": moment(1) if pause == "over" else None}
            maximum = str(parse_span(span)._replace(number=2 * parse_span(span).number))
            values = {"noun": "contact", "ideal": span, "maximum": maximum, "channel": channel, "owner_id": 1}
            gate.insert("cadence", {**values, **about, **rest, "created_at": moment(age)})
        gate.refresh()


def expected(people: list[dict[str, Any]], wishes: list[tuple[Any, ...]]) -> list[tuple[str, str, str, int]]:
    """The same said plainly: id, cadence, state and days of each, in order."""
    found = []
    for number, person in enumerate(people, 1):
        standings = []
        for place, (scope, span, via, age, pause) in enumerate(wishes, 1):
            about = scope in person["tags"] if isinstance(scope, str) else scope % len(people) + 1 == number
            if not about or pause == "for good" or person["quiet"] or person["gone"]:
                continue
            talks = [
                moment(ago)
                for ago, direction, channel, outcome, deleted in person["talks"]
                if not deleted and direction != "internal" and outcome not in ("no_answer", "bounced")
                and via in (None, channel) and moment(ago) <= NOW
            ]  # fmt: skip
            since = max(talks) if talks else max(moment(person["age"]), moment(age))
            gap = parse_span(span)
            due_on = gap.after(date.fromisoformat(since[:10]))
            late_on = gap._replace(number=2 * gap.number).after(date.fromisoformat(since[:10]))
            standings.append((due_on, max(due_on, late_on), place, since))
        if not standings:
            continue
        due_on, late_on, place, since = min(standings)
        if due_on <= TODAY:
            late = late_on <= TODAY
            entry = (f"c{number}", f"cad{place}", "late" if late else "due", (TODAY - due_on).days)
            found.append(((not late, due_on, since, number), entry))
    return [entry for _, entry in sorted(found)]


@settings(max_examples=150)
@given(people=PEOPLE, wishes=CADENCES, limit=st.integers(1, 4))
def test_who_is_due_is_what_a_plain_model_says(
    app_sqlite: App, people: list[dict[str, Any]], wishes: list[tuple[Any, ...]], limit: int
) -> None:
    app = app_sqlite
    model = expected(people, wishes)
    seen: list[list[tuple[Any, ...]]] = []
    pages = []
    with suppress(TakenBack), app.writing():
        fill(app, people, wishes)
        for most in (None, limit):
            page = app.cadences.due(limit=most)
            seen.append([(one["id"], one["cadence"], one["state"], one["days"]) for one in page.items])
            pages.append(page)
        stands = [app.cadences.of("contact", number) for number in range(1, len(people) + 1)]
        raise TakenBack
    assert seen == [model, model[:limit]]
    assert pages[1].more == (len(model) > limit)
    by_id = {entry[0]: entry for entry in model}
    for number, one in enumerate(stands, 1):
        told = by_id.get(f"c{number}")
        assert (told is not None) == (one is not None and one["state"] in ("due", "late"))
        assert told is None or (one and (one["id"], one["state"], one["days"]) == told[1:])


# --- which one counts


def test_setting_one_says_when_another_counts(ada: App) -> None:
    filtered = stay_with(ada, "tag:vip", "1w")
    assert ada.notes == []
    own = stay(ada, "c1", "6w")
    assert ada.notes == [f"for c1 {filtered} counts, which is due first: every week (tag:vip)"]
    ada.notes.clear()
    stay(ada, "c1", "3d")
    assert ada.notes == []
    ada.cadences.pause([filtered])
    stay(ada, "c1", "9w")
    assert (ada.notes, own) == ([], "cad2")


def test_after_a_merge_the_other_cadence_is_told_of(ada: App) -> None:
    ada.contacts.add("Ada King", {})
    kept, other = stay(ada, "c1", "6w"), stay(ada, "c2", "1w")
    ada.merging.merge("contact", ["c1", "c2"])
    assert stay(ada, "c1", "8w") == kept
    assert ada.notes == [f"for c1 {other} counts, which is due first: every week"]
