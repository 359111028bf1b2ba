"""Laws of taking back: whatever was done, its undo gives the state before, and the undo of that the state after."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.errors import CrmError, NotFound
from crmcli.kernel.settings import Settings
from crmcli.store import history
from crmcli.store.schema import TABLES
from tests.conftest import Crm

# The journal itself, and what is only ever added to: misspelling keys of words, and digests of what was imported.
ASIDE = ("operation", "change", "import_run", "source_record", "search_word")
# What stays when others use it by now.
SHARED = ("user_account", "tag", "custom_field", "attachment_content")
BEGINNING = [
    {"op": "contact.add", "name": "Alpha", "email": ["alpha@engines.example"], "phone": ["+44 20 7946 0958"],
     "tag": ["alpha"], "set": ["alpha=1"], "external": ["hubspot:alpha"], "company": ["Alpha Ltd"], "owner": "bob"},
    {"op": "contact.add", "name": "Beta", "email": ["beta@engines.example", "alpha@engines.example"],
     "tag": ["alpha", "beta"], "company": ["Alpha Ltd", "Beta Ltd"], "consent": ["marketing=granted"]},
    {"op": "contact.add", "name": "Gamma", "prefer": ["coffee=beta"], "address": ["street=beta; city=London"]},
    {"op": "contact.add", "name": "Delta"},
    {"op": "contact.rm", "who": "c4"},
    {"op": "log.in", "who": "c1", "text": "alpha", "with": ["c2"], "followup": "+3d"},
    {"op": "log.out", "who": "c2", "text": "beta", "at": "2026-11-19 10:00"},
    {"op": "log.note", "who": "co1", "text": "gamma"},
    {"op": "followup.add", "who": "c3", "subject": "gamma", "due": "tomorrow"},
]  # fmt: skip
Operation = dict[str, Any]
State = dict[str, list[dict[str, Any]]]


class Team:
    """A database, and commands given to it one after the other, a minute apart."""

    def __init__(self, place: str, home: Path) -> None:
        self.place = place
        self.home = home
        self.minutes = 0

    @contextmanager
    def app(self) -> Iterator[App]:
        """An App for one command."""
        self.minutes += 1
        environ = {
            "HOME": str(self.home),
            "CRM_DB": self.place,
            "CRM_NOW": f"2026-11-20T{10 + self.minutes // 60}:{self.minutes % 60:02}:00Z",
            "CRM_TIMEZONE": "UTC",
            "CRM_USER": "ada",
        }
        streams = io.StringIO(), io.StringIO(), io.StringIO()
        made = App(Settings(), environ=environ, streams=streams, command="test")
        try:
            yield made
        finally:
            made.close()

    def do(self, operation: Operation) -> bool:
        """Run a command; returns whether it changed anything. One that is refused changes nothing."""
        before = self.operations()
        with self.app() as app:
            try:
                if operation["op"] == "merge":
                    app.merging.merge("contact", operation["who"])
                elif operation["op"] == "undo":
                    app.history.undo(operation["which"])
                else:
                    app.batch.run([json.dumps(operation)])
            except CrmError:
                pass
        return self.operations() > before

    def undo(self, which: str | None = None) -> str:
        """Take back an operation; returns the id of the new one."""
        with self.app() as app:
            return str(app.history.undo(which)["id"])

    def next(self) -> int:
        """The operation that would be taken back."""
        with self.app() as app:
            found = history.newest(app.store)
            return 0 if found is None else int(found["id"])

    def operations(self) -> int:
        """How many operations the journal has."""
        with self.app() as app:
            return int(app.store.value("SELECT count(*) AS n FROM operation"))

    def state(self) -> State:
        """All rows of all tables, those of the search index without their keys."""
        with self.app() as app:
            return {
                table: sorted((shown(table, row) for row in app.store.rows(f"SELECT * FROM {table}")), key=repr)
                for table in TABLES
                if table not in ASIDE
            }


def shown(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is compared."""
    return {name: value for name, value in row.items() if name != "id" or not table.startswith("search_")}


def essence(state: State) -> State:
    """A state without what is shared, and without when rows were last touched."""
    return {
        table: [{name: value for name, value in row.items() if name != "updated_at"} for row in rows]
        for table, rows in state.items()
        if table not in SHARED
    }


@pytest.fixture
def fresh(crm: Crm, sqlite_template: Path) -> Callable[[], Team]:
    """Gives each example the same database, with the rows of BEGINNING."""

    def started() -> Team:
        if crm.dialect == "sqlite":
            for old in Path(crm.place).parent.glob("crm.db*"):
                old.unlink()
            shutil.copy(sqlite_template, crm.place)
        else:
            with psycopg.connect(crm.place) as connection:
                connection.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")  # type: ignore[arg-type]
        team = Team(crm.place, crm.home)
        with team.app() as app:
            app.users.add("bob", {})
            app.batch.run([json.dumps(operation) for operation in BEGINNING])
        return team

    return started


# --- any commands

KEYS = st.integers(1, 3)
CONTACTS = KEYS.map(lambda key: f"c{key}")
COMPANIES = KEYS.map(lambda key: f"co{key}")
INTERACTIONS = KEYS.map(lambda key: f"i{key}")
FOLLOWUPS = KEYS.map(lambda key: f"f{key}")
WORDS = st.sampled_from(["alpha", "beta", "gamma"])
DETAILS = {
    "job_title": st.sampled_from(["Engineer", "", "Chief"]),
    "notes": WORDS,
    "owner": st.sampled_from(["me", "bob"]),
    "do_not_contact": st.sampled_from(["yes", "no"]),
    "email": st.lists(WORDS.map(lambda word: f"{word}@engines.example"), max_size=2),
    "phone": st.lists(st.sampled_from(["+44 20 7946 0958", "020 7946 0111"]), max_size=2),
    "address": st.lists(WORDS.map(lambda word: f"street={word}; city=London"), max_size=1),
    "url": st.lists(WORDS.map(lambda word: f"https://{word}.example"), max_size=1),
    "tag": st.lists(WORDS, max_size=2),
    "set": st.lists(WORDS.map(lambda word: f"{word}=1"), max_size=1),
    "prefer": st.lists(WORDS.map(lambda word: f"coffee={word}"), max_size=1),
    "external": st.lists(WORDS.map(lambda word: f"hubspot:{word}"), max_size=1),
    "consent": st.lists(st.sampled_from(["marketing=granted", "marketing=denied"]), max_size=1),
    "company": st.lists(st.sampled_from(["Alpha Ltd", "Beta Ltd", "co1"]), max_size=1),
}
REMOVALS = {
    "remove_email": st.sampled_from(["alpha@engines.example", "beta@engines.example"]),
    "remove_phone": st.just("+44 20 7946 0958"),
    "unset": st.just("alpha"),
    "remove_company": st.sampled_from(["Alpha Ltd", "Beta Ltd"]),
}
OF_COMPANIES = {name: DETAILS[name] for name in ("notes", "email", "tag", "set", "external", "url")}


def some(name: str, required: dict[str, Any], optional: dict[str, Any] | None = None) -> Any:
    """An operation of that name, with any of the optional keys."""
    return st.fixed_dictionaries({"op": st.just(name), **required}, optional=optional)


OPERATIONS = st.one_of(
    some("contact.add", {"name": WORDS}, DETAILS),
    some("contact.edit", {"who": CONTACTS, "name": WORDS}, DETAILS),
    some("contact.edit", {"who": CONTACTS}, DETAILS),
    st.one_of([some("contact.edit", {"who": CONTACTS, name: values}) for name, values in REMOVALS.items()]),
    some("contact.rm", {"who": st.lists(CONTACTS, min_size=1, max_size=2)}),
    some("contact.restore", {"who": CONTACTS}),
    some("contact.tag", {"who": st.lists(CONTACTS, min_size=1, max_size=3), "tag": st.lists(WORDS, min_size=1)}),
    some("contact.untag", {"who": CONTACTS, "tag": st.lists(WORDS, min_size=1, max_size=2)}),
    some("company.add", {"name": WORDS}, {**OF_COMPANIES, "domain": st.just(["engines.example"])}),
    some("company.edit", {"who": COMPANIES, "name": WORDS}, {**OF_COMPANIES, "parent": COMPANIES}),
    some("company.rm", {"who": COMPANIES}),
    some("log.in", {"who": CONTACTS | COMPANIES, "text": WORDS}, {"with": st.lists(CONTACTS, max_size=2)}),
    some("log.out", {"who": CONTACTS, "text": WORDS}, {"followup": st.just("+3d"), "at": st.just("2026-11-19 10:00")}),
    some("interaction.edit", {"id": INTERACTIONS}, {"at": st.just("2026-11-18 10:00"), "direction": st.just("out")}),
    some("interaction.edit", {"id": INTERACTIONS, "add_participant": st.lists(CONTACTS, max_size=1)}),
    some("interaction.rm", {"id": INTERACTIONS}),
    some("followup.add", {"who": CONTACTS | COMPANIES, "subject": WORDS, "due": st.just("tomorrow")}),
    some("followup.done", {"id": FOLLOWUPS}, {"log": st.just("out"), "note": WORDS, "next": st.just("+2w")}),
    some("followup.snooze", {"id": FOLLOWUPS, "when": st.just("+1w")}),
    some("followup.cancel", {"id": FOLLOWUPS}),
    some("user.add", {"name": WORDS}),
    some("field.add", {"name": WORDS}),
    st.lists(CONTACTS, min_size=2, max_size=2, unique=True).map(lambda who: {"op": "merge", "who": who}),
)
UNDOS = st.integers(3, 12).map(lambda key: {"op": "undo", "which": f"op{key}"})
LAW = settings(max_examples=12)


@LAW
@given(st.lists(OPERATIONS, max_size=10), OPERATIONS)
def test_an_undo_gives_the_state_before_and_its_undo_the_state_after(
    fresh: Callable[[], Team], earlier: list[Operation], last: Operation
) -> None:
    team = fresh()
    for operation in earlier:
        team.do(operation)
    before = team.state()
    if not team.do(last):
        assert team.state() == before
        return
    after = team.state()
    undo = team.undo()
    assert team.state() == before
    again = team.undo(undo)
    assert team.state() == after
    team.undo(again)
    assert team.state() == before


@LAW
@given(st.lists(OPERATIONS, max_size=10))
def test_undos_one_after_the_other_lead_back_to_the_beginning(
    fresh: Callable[[], Team], operations: list[Operation]
) -> None:
    team = fresh()
    states = [team.state()]
    for operation in operations:
        if team.do(operation):
            states.append(team.state())
    for state in reversed(states[:-1]):
        team.undo()
        assert team.state() == state
    team.undo()  # the rows of the beginning, which left bob, and ada who did it
    team.undo()
    with pytest.raises(NotFound):
        team.undo()
    assert all(not rows for table, rows in team.state().items() if table != "user_account")


@LAW
@given(st.lists(st.booleans().flatmap(lambda undo: UNDOS if undo else OPERATIONS), max_size=14))
def test_undos_of_any_operation_leave_nothing_that_cannot_be_taken_back(
    fresh: Callable[[], Team], operations: list[Operation]
) -> None:
    team = fresh()
    begin = essence(team.state())
    for operation in operations:
        before = team.state()
        if not team.do(operation):
            assert team.state() == before  # what is refused leaves nothing behind
    while team.next() > 2:
        team.undo()
    assert essence(team.state()) == begin
