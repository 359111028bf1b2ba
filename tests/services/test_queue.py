"""The queue: what comes first, what is counted, and that indexes alone are read."""

import random
import re
from collections.abc import Sequence

import pytest

from crmcli.app import App
from crmcli.kernel.page import Page
from crmcli.services.queue import shown_count
from crmcli.store import due, queue
from crmcli.store.connection import Row
from crmcli.store.due import BUCKETS


@pytest.fixture
def busy(app: App) -> App:
    """Mine and another's, of all ages and priorities."""
    app.contacts.add("Ada Lovelace", {"tag": ["vip"]})
    app.companies.add("Analytical Engines", {})
    app.users.add("bob", {})
    chance = random.Random(7)
    whens = ["-3w", "yesterday 9:00", "today", "today 8:00", "today 15:00", "tomorrow", "sun 17:00", "+3d", "eoy"]
    for number in range(90):
        values = {"due": whens[number % len(whens)], "owner": chance.choice(["me", "bob"])}
        values["priority"] = chance.choice(["low", "normal", "high", "urgent"])
        app.followups.add(chance.choice(["c1", "co1"]), f"Promise {number}", values)
    app.notes.clear()
    return app


def test_overdue_first_then_priority_then_who_has_waited_longest(busy: App) -> None:
    items = busy.queue.page(everyone=True, buckets=BUCKETS).items
    assert len(items) == 90
    ranks = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
    soon, later = [i for i in items if i["bucket"] != "later"], [i for i in items if i["bucket"] == "later"]
    assert items == soon + later
    keys = [(BUCKETS.index(i["bucket"]), ranks[i["priority"]], i["due_at"], int(i["id"][1:])) for i in soon]
    assert keys == sorted(keys)
    dates = [(i["due_at"], int(i["id"][1:])) for i in later]
    assert dates == sorted(dates) and len({i["priority"] for i in later[:10]}) > 1
    assert [i["id"] for i in items if i["overdue"]] == [i["id"] for i in items if i["bucket"] == "overdue"]
    whole_days = {i["due_at"] for i in items if i["bucket"] == "today" and i["all_day"]}
    assert whole_days == {"2026-11-20T00:00:00Z"}
    late = next(i for i in items if i["due_at"] == "2026-11-20T08:00:00Z")
    assert (late["bucket"], late["waiting"]) == ("overdue", 2 * 3600)
    assert {i["waiting"] for i in items if i["bucket"] != "overdue"} == {0}


@pytest.mark.parametrize("limit", [1, 7, 20, 59, 60, 61, 500])
def test_a_page_is_the_beginning_of_the_whole(busy: App, limit: int) -> None:
    for buckets in (BUCKETS[:3], BUCKETS, BUCKETS[3:]):
        whole = busy.queue.page(everyone=True, buckets=buckets).items
        page = busy.queue.page(everyone=True, buckets=buckets, limit=limit)
        assert page.items == whole[:limit]
        assert page.more == (len(whole) > limit)
        counts = {name: sum(item["bucket"] == name for item in whole) for name in buckets}
        assert busy.queue.counts(page, everyone=True, buckets=buckets) == counts


def test_mine_unless_everyone_or_an_owner_is_asked_for(busy: App) -> None:
    everyone = busy.queue.page(everyone=True).items
    mine = busy.queue.page().items
    assert mine == [item for item in everyone if item["owner"] == "ada"]
    assert busy.queue.page("owner:bob").items == [item for item in everyone if item["owner"] == "bob"]
    assert busy.queue.page("priority:urgent").items == [item for item in mine if item["priority"] == "urgent"]
    assert busy.queue.page("tag:vip").items == [item for item in mine if item["contact"]]


def test_what_is_closed_or_about_a_deleted_contact_is_not_due(busy: App) -> None:
    first = busy.queue.page().items[0]
    busy.followups.done([first["id"]], {})
    assert busy.queue.page().items[0] != first
    busy.contacts.remove(["c1"])
    assert all(item["company"] for item in busy.queue.page().items)
    assert busy.queue.count("overdue") == sum(item["bucket"] == "overdue" for item in busy.queue.page().items)


def test_later_is_only_counted_until_it_is_asked_for(busy: App) -> None:
    assert busy.queue.count("later", everyone=True) == 20
    assert len(busy.queue.page(everyone=True).items) == 70


def test_a_stranger_has_nothing_to_do(app: App) -> None:
    assert app.queue.page() == Page([])


def test_counting_stops() -> None:
    assert [shown_count(count) for count in (0, 999, 1000, 5000)] == ["0", "999", "1000+", "5000+"]


SORTED_WHOLE = r"SEARCH followup.*\n(SEARCH (contact|company).*\n)*USE TEMP B-TREE"


def test_every_range_is_read_from_an_index_in_its_order(app_sqlite: App) -> None:
    app, at = app_sqlite, due.horizon(app_sqlite.clock)
    mine, all_of_them = "ix_followup_mine (owner_id=? AND priority=?", "ix_followup_all (priority=?"
    for owner, ranges, index in ((1, 2, mine), (None, 1, all_of_them)):
        for buckets in (BUCKETS[:3], BUCKETS[3:]):
            sql, parameters = queue._ranges("id", ("", []), owner, at, buckets, 51, ordered=True)
            plan = [row["detail"] for row in app.store.rows(f"EXPLAIN QUERY PLAN {sql}", parameters)]
            reads = [line for line in plan if re.match("(SEARCH|SCAN) followup", line)]
            assert len(reads) == 4 * len(buckets) * ranges
            assert all(index in line for line in reads)
            # What is merged, mine and nobody's, or all that is due later, are the first of each and no more.
            assert not re.search(SORTED_WHOLE, "\n".join(plan))


@pytest.mark.parametrize("all_states", [True, False])
def test_a_list_by_due_date_is_read_from_indexes(
    app_sqlite: App, monkeypatch: pytest.MonkeyPatch, all_states: bool
) -> None:
    plans: list[str] = []
    rows = app_sqlite.store.rows

    def explain(sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        plans.extend(row["detail"] for row in rows(f"EXPLAIN QUERY PLAN {sql}", parameters))
        return rows(sql, parameters)

    monkeypatch.setattr(app_sqlite.store, "rows", explain)
    app_sqlite.followups.page(limit=50, all_states=all_states)
    reads = [line for line in plans if re.match("(SEARCH|SCAN) followup", line)]
    assert reads
    assert all("INDEX" in line or "INTEGER PRIMARY KEY" in line for line in reads)


def test_what_is_nobodys_is_in_everybodys_queue(app: App) -> None:
    app.users.add("tom", {})
    app.contacts.add("Ada", {})
    for subject, due_at, owner, priority in [
        ("Mine", "2026-11-18", "me", "normal"),
        ("Nobody's", "2026-11-17", "", "normal"),
        ("Tom's", "2026-11-16", "tom", "normal"),
        ("Nobody's, urgent", "2026-11-19", "", "urgent"),
    ]:
        app.followups.add("c1", subject, {"due": due_at, "owner": owner, "priority": priority})
    assert [item["id"] for item in app.queue.page().items] == ["f4", "f2", "f1"]
    assert [item["id"] for item in app.queue.page(limit=2).items] == ["f4", "f2"]
    assert app.queue.count("overdue") == 3
    assert [item["id"] for item in app.queue.page(everyone=True).items] == ["f4", "f3", "f2", "f1"]
