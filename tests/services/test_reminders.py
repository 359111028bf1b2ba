"""Reminders: each due occurrence once on each channel, whatever happens in between."""

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from crmcli.app import App
from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.spans import parse_span
from crmcli.notifiers.base import Notice, NotSent, Unsure
from crmcli.services.channels import STDOUT
from crmcli.services.reminders import LEASE
from tests.conftest import NOW, Crm

AT = instant(NOW)
DAY = parse_span("1d")


class Person:
    """Somebody who takes notices, and may refuse to."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.keys: list[str] = []
        self.error: Exception | None = None

    def __call__(self, notice: Notice) -> None:
        if self.error is not None:
            raise self.error
        self.got += [item["id"] for item in notice.items]
        self.keys.append(notice.key)


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def at(app: App) -> Callable[[datetime], App]:
    """The App at another moment."""

    def move(moment: datetime) -> App:
        app.environ = {**app.environ, "CRM_NOW": stamp(moment)}
        app.live = True
        return app

    return move


@pytest.fixture
def promised(app: App) -> App:
    """Ada's f1 and f2 are due, f3 tomorrow; f4 is Tom's; f5 nobody's and due."""
    app.users.add("tom", {})
    app.contacts.add("Grace Hopper", {})
    for subject, due, owner in [
        ("Call", "2026-11-19 09:00", "me"),
        ("Write", "2026-11-20 10:00", "me"),
        ("Visit", "2026-11-21 10:00", "me"),
        ("Ship", "2026-11-19 09:00", "tom"),
        ("Pay", "2026-11-18", ""),
    ]:
        app.followups.add("c1", subject, {"due": due, "owner": owner})
    return app


def statuses(app: App) -> dict[str, str]:
    return {item["id"]: item["status"] for item in reversed(app.reminders.page().items)}


def test_what_is_due_is_told_once(promised: App, at: Callable[[datetime], App], person: Person) -> None:
    run = promised.reminders.tell(STDOUT, send=person)
    assert [item["id"] for notice in run.told for item in notice.items] == ["f5", "f1", "f2"] == person.got
    assert promised.reminders.tell(STDOUT, send=person).told == ()
    assert set(statuses(promised).values()) == {"sent"}
    at(AT + timedelta(days=1))
    promised.reminders.tell(STDOUT, send=person)
    assert person.got == ["f5", "f1", "f2", "f3"]


def test_each_channel_and_each_person_is_told(promised: App, person: Person) -> None:
    promised.reminders.tell(STDOUT, send=person)
    promised.reminders.tell("other", send=person)
    assert person.got == ["f5", "f1", "f2"] * 2
    promised.environ = {**promised.environ, "CRM_USER": "tom"}
    promised.reminders.tell(STDOUT, send=person)
    assert person.got[6:] == ["f5", "f4"]


def test_what_is_put_off_or_closed_is_told_when_it_is_due_again(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    promised.followups.snooze(["f1"], "2026-11-22 08:00")
    promised.followups.done(["f2"], {})
    promised.reminders.tell(STDOUT, send=person)
    assert person.got == ["f5"]
    at(instant("2026-11-22T08:00:00Z"))
    promised.followups.reopen(["f2"])
    promised.reminders.tell(STDOUT, send=person)
    assert person.got == ["f5", "f2", "f3", "f1"]
    promised.followups.snooze(["f1"], "2026-11-22 07:00")
    promised.reminders.tell(STDOUT, send=person)
    assert person.got[4:] == ["f1"]


def test_what_is_deleted_is_not_told(promised: App, person: Person) -> None:
    promised.contacts.remove(["c1"])
    assert promised.reminders.tell(STDOUT, send=person).told == ()


def test_what_did_not_arrive_is_told_by_the_next_run(promised: App, person: Person) -> None:
    person.error = NotSent("the server is away")
    run = promised.reminders.tell(STDOUT, send=person)
    assert (run.untold, run.error) == (3, "the server is away")
    assert set(statuses(promised).values()) == {"failed"}
    person.error = None
    assert len(promised.reminders.tell(STDOUT, send=person).told) == 1
    assert person.got == ["f5", "f1", "f2"]
    assert {(item["round"], item["status"], item["error"]) for item in promised.reminders.page().items} == {
        (1, "sent", None)
    }


def test_what_may_have_arrived_is_told_again_only_when_that_is_asked_for(promised: App, person: Person) -> None:
    person.error = Unsure("no answer")
    assert promised.reminders.tell(STDOUT, send=person).error == "no answer"
    person.error = None
    assert promised.reminders.tell(STDOUT, send=person).told == ()
    assert set(statuses(promised).values()) == {"unknown"}
    promised.followups.done(["f1"], {})
    promised.reminders.retry([], {STDOUT: person})
    assert person.got == ["f5", "f2"]
    assert statuses(promised) == {"f5": "sent", "f1": "failed", "f2": "sent"}
    promised.reminders.retry([], {STDOUT: person})
    assert person.got == ["f5", "f2"]


def test_a_notice_that_is_sent_again_has_the_same_key(promised: App, person: Person) -> None:
    keys = []

    def lose(notice: Notice) -> None:
        keys.append(notice.key)
        raise Unsure("the line went dead")

    promised.reminders.tell(STDOUT, send=lose)
    promised.reminders.retry(["f1"], {STDOUT: person})
    assert person.keys == keys
    promised.reminders.tell("other", send=person)
    assert person.keys[1] != person.keys[0]


def test_only_what_is_unknown_or_failed_can_be_told_again(promised: App, person: Person) -> None:
    promised.reminders.tell(STDOUT, send=person)
    with pytest.raises(UsageError, match="no reminder of f1"):
        promised.reminders.retry(["f1"])


def test_a_run_that_died_leaves_what_is_unknown(promised: App, at: Callable[[datetime], App], person: Person) -> None:
    def die(_: Notice) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        promised.reminders.tell(STDOUT, send=die)
    assert set(statuses(promised).values()) == {"sending"}
    assert promised.reminders.tell(STDOUT, send=person).abandoned == 0
    at(AT + LEASE + timedelta(seconds=1))
    assert promised.reminders.tell(STDOUT, send=person).abandoned == 3
    assert set(statuses(promised).values()) == {"unknown"}
    assert promised.reminders.tell(STDOUT, send=person).abandoned == 0
    assert person.got == []


def test_a_clock_set_back_does_not_keep_a_dead_run_alive(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    promised.followups.snooze(["f1"], "2026-01-01 09:00")
    person.error = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        promised.reminders.tell(STDOUT, send=person)
    person.error = None
    at(AT - timedelta(days=30))
    assert promised.reminders.tell(STDOUT, send=person).abandoned == 3
    assert person.got == []


def test_what_is_overdue_is_told_again_after_whole_days(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    promised.reminders.tell(STDOUT, DAY, person)
    assert person.got == ["f5", "f1", "f2"]
    at(AT + timedelta(hours=9))
    promised.reminders.tell(STDOUT, DAY, person)
    assert len(person.got) == 3
    at(AT + timedelta(days=1, seconds=-1))  # cron is a second early
    promised.reminders.tell(STDOUT, DAY, person)
    assert person.got[3:] == ["f5", "f1", "f2"]
    at(AT + timedelta(days=2))
    promised.reminders.tell(STDOUT, None, person)
    assert person.got[6:] == ["f3"]
    rounds = {item["id"]: item["round"] for item in reversed(promised.reminders.page().items)}
    assert rounds == {"f5": 2, "f1": 2, "f2": 2, "f3": 1}


def test_a_digest_is_sent_once_a_day_and_not_when_there_is_nothing(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    assert len(promised.reminders.tell_digest(STDOUT, "daily", person).told) == 1
    assert promised.reminders.tell_digest(STDOUT, "daily", person).told == ()
    assert len(promised.reminders.tell_digest(STDOUT, "weekly", person).told) == 1
    at(AT + timedelta(days=1))
    assert len(promised.reminders.tell_digest(STDOUT, "daily", person).told) == 1
    assert promised.reminders.tell_digest(STDOUT, "weekly", person).told == ()
    at(AT + timedelta(days=3))  # Monday
    assert len(promised.reminders.tell_digest(STDOUT, "weekly", person).told) == 1
    promised.followups.done(["f1", "f2", "f3", "f5"], {})
    at(AT + timedelta(days=20))
    assert promised.reminders.tell_digest(STDOUT, "daily", person).told == ()
    assert len(set(person.keys)) == len(person.keys) == 4


def test_a_digest_that_failed_is_sent_by_the_next_run(promised: App, person: Person) -> None:
    person.error = NotSent("away")
    assert promised.reminders.tell_digest(STDOUT, "daily", person).error == "away"
    person.error = None
    assert len(promised.reminders.tell_digest(STDOUT, "daily", person).told) == 1
    assert statuses(promised) == {"digest:daily": "sent"}


def test_more_than_one_notice_when_there_is_much(app: App, person: Person) -> None:
    app.contacts.add("Grace", {})
    for number in range(8):
        app.followups.add("c1", f"Call {number}", {"due": "2026-11-19 09:00"})
    run = app.reminders.tell(STDOUT, send=person, most=3)
    assert [len(notice.items) for notice in run.told] == [3, 3, 2]
    assert sorted(person.got) == [f"f{number}" for number in range(1, 9)]


def test_with_whom_to_get_in_touch_is_told_when_it_is_due_and_when_it_is_late(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    promised.cadences.set("10d", {"max": "20d"}, who="c1")
    promised.followups.done(["f1", "f2", "f5"], {})
    promised.followups.cancel(["f3"])
    told = []
    for days in range(0, 41):
        at(AT + timedelta(days=days))
        if days == 25:
            promised.interactions.log("out", ["c1"], "Called", {"channel": "call"})
        run = promised.reminders.tell(STDOUT, send=person)
        told += [(days, item["id"], item["state"]) for notice in run.told for item in notice.items]
    assert told == [(10, "c1", "due"), (20, "c1", "late"), (35, "c1", "due")]
    assert [item["id"] for item in promised.reminders.page(limit=1).items] == ["cad1:c1"]
    assert [item["subject"] for item in promised.reminders.page(limit=1).items] == ["Stay in touch with Grace Hopper"]


def test_of_a_lost_notice_only_what_is_still_due_is_told_again(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    promised.cadences.set("10d", {}, who="c1")
    at(AT + timedelta(days=10))
    person.error = Unsure("no answer")
    promised.reminders.tell(STDOUT, send=person)
    person.error = None
    promised.interactions.log("out", ["c1"], "Called", {"channel": "call"})
    promised.reminders.retry([], {STDOUT: person})
    assert person.got == ["f5", "f1", "f2", "f3"]


@pytest.mark.parametrize("change", ["put off", "given away", "done", "customer deleted"])
def test_what_changed_meanwhile_is_not_told_as_it_was(promised: App, person: Person, change: str) -> None:
    person.error = Unsure("no answer")
    promised.reminders.tell(STDOUT, send=person)
    person.error = None
    if change == "put off":
        promised.followups.edit("f1", {"due": "2026-11-20 09:30"})
    elif change == "given away":
        promised.followups.edit("f1", {"owner": "tom"})
    elif change == "done":
        promised.followups.done(["f1"], {})
    else:
        promised.contacts.remove(["c1"])
    promised.reminders.retry([], {STDOUT: person})
    assert person.got == ([] if change == "customer deleted" else ["f5", "f2"])
    promised.reminders.tell(STDOUT, send=person)
    assert person.got.count("f1") == (change == "put off")


def test_a_defect_of_a_channel_is_told_as_what_may_have_arrived(promised: App, person: Person) -> None:
    person.error = ZeroDivisionError("by zero")
    run = promised.reminders.tell(STDOUT, send=person)
    assert (run.untold, run.error) == (3, "unexpected ZeroDivisionError: by zero")
    assert set(statuses(promised).values()) == {"unknown"}


def test_a_cadence_that_broke_is_no_letter_from_cron(
    promised: App, at: Callable[[datetime], App], person: Person
) -> None:
    promised.cadences.set("10d", {}, where="owner:tom")
    promised.reminders.tell(STDOUT, send=person)
    promised.users.edit("tom", {"name": "thomas"})
    promised.notes.clear()
    at(AT + timedelta(hours=1))
    assert promised.reminders.tell(STDOUT, send=person).told == ()
    assert promised.notes == []
    promised.cadences.due()
    assert len(promised.notes) == 1


def test_how_reminders_went_is_kept(promised: App, person: Person) -> None:
    def state() -> tuple[object, ...]:
        row = promised.store.row("SELECT * FROM reminder_state")
        return row and tuple(row[name] for name in ("channel", "ran_at", "told_at", "told", "failed_at", "error"))

    person.error = NotSent("away")
    promised.reminders.tell(STDOUT, send=person)
    assert state() == (STDOUT, NOW, None, 0, NOW, "away")
    person.error = None
    promised.reminders.tell(STDOUT, send=person)
    assert state() == (STDOUT, NOW, NOW, 3, None, None)
    promised.reminders.tell(STDOUT, send=person)
    assert state() == (STDOUT, NOW, NOW, 3, None, None)


def test_nothing_is_journalled_and_an_undo_is_about_what_people_did(promised: App, person: Person) -> None:
    before = promised.store.value("SELECT max(id) FROM operation")
    promised.reminders.tell(STDOUT, send=person)
    assert promised.store.value("SELECT max(id) FROM operation") == before


def test_reading_makes_no_database(crm_sqlite: Crm, tmp_path: object) -> None:
    place = f"{tmp_path}/none.db"
    result = crm_sqlite("remind", env={"CRM_DB": place})
    assert (result.code, result.out, result.err) == (0, "", "")
    assert not os.path.exists(place)


@pytest.mark.parametrize("seed", range(3))
def test_a_year_of_days(app_sqlite: App, seed: int) -> None:
    """Random promises, put off and kept while cron runs on most mornings: each due occurrence is told exactly once."""
    app, chance = app_sqlite, random.Random(seed)
    app.live = True
    person, expected, promised = Person(), [], {}
    app.contacts.add("Grace", {})
    day = datetime(2026, 1, 1, 8, tzinfo=UTC)
    told: set[tuple[str, str]] = set()
    for _ in range(365):
        day += timedelta(days=1)
        app.environ = {**app.environ, "CRM_NOW": stamp(day)}
        for _ in range(chance.randrange(3)):
            due = stamp(day + timedelta(hours=chance.randrange(-48, 24 * 30)))
            record = app.followups.add("c1", "Call", {"due": due})
            promised[record["id"]] = due
        for key in chance.sample(sorted(promised), min(2, len(promised))):
            if chance.random() < 0.3:
                app.followups.done([key], {})
                del promised[key]
            elif chance.random() < 0.3:
                promised[key] = stamp(day + timedelta(hours=chance.randrange(1, 24 * 20)))
                app.followups.snooze([key], promised[key])
        if chance.random() < 0.9:
            due = {(key, due) for key, due in promised.items() if due <= stamp(day)} - told
            told |= due
            expected += sorted(key for key, _ in due)
            count = len(person.got)
            app.reminders.tell(STDOUT, send=person)
            assert sorted(person.got[count:]) == sorted(key for key, _ in due)
    assert len(expected) > 100
    assert sorted(person.got) == sorted(expected)
