"""The demo database: the same on a day, whole, believable in form, and of nobody."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any

import phonenumbers
import pytest
from email_validator import validate_email

from crmcli.app import App
from crmcli.kernel.clock import instant
from crmcli.kernel.settings import Settings
from crmcli.kernel.text import safe
from crmcli.model import enums
from crmcli.services.demo import fill
from crmcli.services.demodata.casting import Casting
from crmcli.services.demodata.people import PEOPLE
from crmcli.store.schema import TABLES
from tests.conftest import NOW, Crm, Stream

# Numbers that a country keeps for films, and others that are plainly made up.
FICTION = re.compile(
    r"\+(441632960\d{3}|44207946\d{4}|447700900\d{3}|1\d{3}55501\d\d|498999998\d{3}|4917139200\d\d|332619105\d\d"
    r"|3363998\d{4}|463139006\d\d|467017406\d\d|46846500411|3532091\d{5}|\d+000\d+)"
)
# What is written from other rows, in an order of its own.
DERIVED = ("search_name", "search_text", "search_word", "schema_version")


def opened(app: App, place: str) -> App:
    """Another App over a place."""
    return App(Settings(db=place), environ=app.environ, streams=(app.stdin, app.stdout, app.stderr))


def rows(app: App) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is not derived from others."""
    return {table: app.store.rows(f"SELECT * FROM {table} ORDER BY id") for table in TABLES if table not in DERIVED}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An App over a demo database, to be read only."""
    folder = tmp_path_factory.mktemp("demo")
    environ = Crm("sqlite", "", folder).environ()
    app = App(Settings(), environ=environ, streams=(Stream(), Stream(), Stream()))
    made = opened(app, app.demo.build(str(folder / "demo.db")).path)
    yield made
    made.close()


def test_a_day_makes_one_demo(demo: App, app_sqlite: App, tmp_path: Path) -> None:
    first = rows(demo)
    for moment in (NOW, "2026-11-20T23:59:59Z"):
        late = App(
            Settings(),
            environ={**app_sqlite.environ, "CRM_NOW": moment},
            streams=(app_sqlite.stdin, app_sqlite.stdout, app_sqlite.stderr),
        )
        again = opened(app_sqlite, late.demo.build(str(tmp_path / "again.db")).path)
        assert rows(again) == first
        again.close()


def test_both_databases_hold_the_same(demo: App, crm: Crm, app: App) -> None:
    there = app.demo.app_over(crm.place)
    built = fill(there)
    assert built.counts == {"contact": 60, "company": 20, "interaction": 600, "followup": built.counts["followup"]}
    found = rows(there)
    there.close()
    for table, expected in rows(demo).items():
        assert found[table] == expected, table


@pytest.mark.parametrize(
    ("now", "zone"),
    [
        ("2024-02-29T12:00:00Z", "UTC"),
        ("2026-01-01T00:30:00Z", "Europe/Vienna"),
        ("2026-03-29T03:30:00Z", "America/New_York"),
        ("2026-07-05T23:00:00Z", "Asia/Tokyo"),
        ("2026-10-31T10:30:00Z", "Pacific/Auckland"),
    ],
)
def test_every_day_makes_a_whole_demo(app_sqlite: App, tmp_path: Path, now: str, zone: str) -> None:
    environ = {**app_sqlite.environ, "CRM_NOW": now, "CRM_TIMEZONE": zone}
    streams = app_sqlite.stdin, app_sqlite.stdout, app_sqlite.stderr
    there = App(Settings(), environ=environ, streams=streams)
    made = opened(there, there.demo.build(str(tmp_path / "day.db")).path)
    check_time(made)
    made.close()


def check_time(app: App) -> None:
    """Everything lies in the year before today, and goes on from there."""
    today = app.clock.midnight(app.clock.today())
    logged = app.store.rows("SELECT * FROM interaction ORDER BY id")
    assert len(logged) == 600
    moments = [instant(row["occurred_at"]) for row in logged]
    assert moments == sorted(moments)
    assert 300 < (today - moments[0]).days <= 366
    assert moments[-1] < today
    followups = app.store.rows("SELECT * FROM followup")
    for row in followups:
        assert row["created_at"] <= app.now
        assert row["first_due_at"] <= row["due_at"]
        assert (row["status"] == "open") == (row["closed_at"] is None)
        assert row["closed_at"] is None or row["created_at"] <= row["closed_at"] <= app.now
        assert (row["snooze_count"] > 0) == (row["first_due_at"] < row["due_at"])
    mine = [row for row in followups if row["status"] == "open" and row["owner_id"] == 1]
    days = [(app.clock.local(instant(row["due_at"])).date() - app.clock.today()).days for row in mine]
    assert min(days) < 0
    assert 0 in days
    assert any(0 < day <= 7 for day in days)
    assert max(days) > 7


def test_what_the_demo_shows(demo: App) -> None:
    def used(column: str, table: str) -> set[Any]:
        return {row["x"] for row in demo.store.rows(f"SELECT DISTINCT {column} AS x FROM {table}") if row["x"]}

    assert used("direction", "interaction") == set(enums.DIRECTION)
    assert used("channel", "interaction") == set(enums.CHANNEL)
    assert used("outcome", "interaction") == set(enums.OUTCOME)
    assert used("satisfaction", "interaction") == {1, 2, 3, 4, 5}
    assert used("status", "followup") == set(enums.FOLLOWUP_STATUS)
    assert used("priority", "followup") == set(enums.PRIORITY)
    assert used("lifecycle_stage", "contact") == set(enums.LIFECYCLE_STAGE)
    assert used("lead_status", "contact") >= {"new", "contacted", "nurturing", "qualified", "unqualified"}
    assert used("state", "consent") == set(enums.CONSENT_STATE)
    assert used("type", "custom_field") == set(enums.FIELD_TYPE)
    assert len(used("preferred_language", "contact")) >= 20
    assert len(used("country_code", "address")) >= 20
    assert len(used("currency", "contact")) >= 15
    assert demo.store.value("SELECT count(*) AS n FROM contact WHERE display_name = 'Anna Müller'") == 2
    assert demo.store.value("SELECT count(*) AS n FROM contact WHERE do_not_contact = 1") == 1
    assert demo.store.value("SELECT count(*) AS n FROM company WHERE parent_id IS NOT NULL") == 2
    assert demo.store.value("SELECT count(*) AS n FROM user_account") == 3
    assert demo.store.value("SELECT count(*) AS n FROM operation") == 1
    assert demo.store.value("SELECT count(*) AS n FROM followup WHERE closing_interaction_id IS NOT NULL") > 50
    shared = "SELECT count(*) AS n FROM (SELECT 1 FROM participant GROUP BY interaction_id HAVING count(*) > 1) AS s"
    assert demo.store.value(shared) > 10


def test_every_text_is_safe_and_finished(demo: App) -> None:
    left_over = re.compile(r"[{}<>]|\bNone\b|[Ll]orem")
    for table, records in rows(demo).items():
        for record in records:
            for column, value in record.items():
                if not isinstance(value, str) or table in ("change", "operation"):
                    continue
                assert safe(value, newlines=True) == value, (table, column, value)
                assert not left_over.search(value), (table, column, value)


def test_the_people_are_nobody(demo: App) -> None:
    for row in demo.store.rows("SELECT * FROM email"):
        checked = validate_email(row["value"], check_deliverability=False)
        assert checked.domain.endswith(".example")
        assert row["invalid"] == 0
    for row in demo.store.rows("SELECT * FROM company_domain"):
        assert row["domain"].endswith(".example")
    for row in demo.store.rows("SELECT * FROM url"):
        assert re.match(r"https://[a-z]+\.example/", row["value"])
    numbers = demo.store.rows("SELECT * FROM phone")
    assert len(numbers) == 80
    for row in numbers:
        number = phonenumbers.parse(row["e164"])
        assert phonenumbers.is_possible_number(number), row["raw"]
        assert FICTION.fullmatch(row["e164"]), row["raw"]


def test_nobody_is_written_to_after_asking_not_to_be(demo: App) -> None:
    sql = (
        "SELECT max(p.occurred_at) AS last FROM participant p JOIN interaction i ON i.id = p.interaction_id"
        " JOIN contact c ON c.id = p.contact_id"
        " WHERE c.do_not_contact = 1 AND i.direction = 'outbound' AND i.subject <> ?"
    )
    asked = "SELECT occurred_at FROM interaction WHERE subject = 'Stop'"
    assert demo.store.value(sql, ["You are off our list"]) < demo.store.value(asked)
    open_ones = "SELECT count(*) AS n FROM followup f JOIN contact c ON c.id = f.contact_id"
    assert demo.store.value(f"{open_ones} WHERE c.do_not_contact = 1 AND f.status = 'open'") == 0


def test_the_search_finds_people_in_every_script(demo: App) -> None:
    for name in ("Muller", "Гриценко", "παπαδοπουλου", "حداد", "אלון", "王", "佐藤", "김", "ठाकुर", "นภา", "sato"):
        assert demo.who.matches(name, ("contact",)), name


def test_a_colleague_of_my_name_stays_away(app_sqlite: App, tmp_path: Path) -> None:
    environ = {**app_sqlite.environ, "CRM_USER": "Tomasz"}
    me = App(Settings(), environ=environ, streams=(app_sqlite.stdin, app_sqlite.stdout, app_sqlite.stderr))
    made = opened(me, me.demo.build(str(tmp_path / "mine.db")).path)
    names = [row["name"] for row in made.store.rows("SELECT name FROM user_account ORDER BY id")]
    made.close()
    assert names[0] == "Tomasz"
    assert len({name.lower() for name in names}) == 3


def test_the_stories_can_be_told(app_sqlite: App) -> None:
    casting = Casting(Random(1))
    known = {
        "press",
        "price",
        "mill",
        "part",
        "part_price",
        "tool",
        "apple",
        "trees",
        "qty",
        "first",
        "company",
        "city",
    }
    for story in casting.stories:
        for step in story.steps:
            for text in (step.subject, step.body, step.promise and step.promise.subject, step.cancelled):
                fields = {name for _, name, _, _ in Formatter().parse(text or "") if name}
                assert fields <= known | {"soon", "offer", "order", "colleague"}, story.title
            assert step.channel in enums.CHANNEL
            assert (step.direction == "internal") == (step.channel == "note"), story.title
            assert step.promise is None or step.promise.priority in enums.PRIORITY
            assert step.promise is None or step.promise.channel in enums.CHANNEL
            assert step.subject or step.body, story.title
    assert sum(life.steps for life in casting.lives()) == 600
    assert {person.stage for person in PEOPLE} == set(enums.LIFECYCLE_STAGE)
