"""No query reads a whole table: each one that a working day runs finds its rows by an index.

SQLite plans without statistics here, as on a user's machine, so that a plan does not depend on how much there is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from crmcli.store import sqlite
from tests.conftest import Crm

# A team's own few rows, or one row: these may be read whole.
SMALL = {
    "pipeline",
    "stage",
    "user_account",
    "tag",
    "custom_field",
    "cadence",
    "meta",
    "schema_version",
    "reminder_state",
}
TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)
SCAN = re.compile(r"SCAN (\w+)(?: USING|$)")
ONE_ROW = re.compile(r"FROM \w+ LIMIT 1$")
PLANNED = ("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")

DAY = [
    "contact add Annabella --email a@new.example --phone +442079460222 --tag vip --company Engines",
    "contact add Annabella --email b@engines.example",
    "contact list",
    "contact list --all",
    "contact list tag:vip",
    "contact list owner:me",
    "contact list last_in<-30d",
    "contact list lifecycle_stage:lead",
    "contact list Ada",
    "contact list --sort -last_in",
    "contact list --sort created",
    "contact list --sort -updated",
    "contact list --sort id",
    "contact list --limit 5",
    "contact list --json",
    "contact show c1 --json",
    "contact edit c1 --job-title Engineer --email new@engines.example --phone +442079460111",
    "contact tag c1 b",
    "contact untag c1 b",
    "contact rm c2 --yes",
    "contact restore c3",
    "company add Works --domain engines.example --email info@works.example",
    "company edit co1 --domain engines.example",
    "company list",
    "company list --json",
    "company list industry~comp",
    "company show co1 --json",
    "company edit co1 --industry Computing",
    "interaction list",
    "interaction list who:c1",
    "interaction list --sort at",
    "interaction show i1",
    "interaction edit i1 --subject Delivery",
    "interaction rm i2 --yes",
    "log in ada@engines.example Asked --channel call",
    "log out c1 Answered --channel email --followup +3d",
    "log note co1 Moving",
    "followup list",
    "followup list owner:me",
    "followup list --all-states",
    "followup list company.industry:computing",
    "followup list due<eow",
    "followup show f1",
    "followup edit f1 --priority high",
    "followup snooze f1 +1d",
    "followup done f1 --note Agreed --next +2w",
    "followup cancel f2",
    "followup add c1 Call --every monday",
    "followup done f4",
    "followup skip f4",
    "followup cancel f4",
    "followup history f4",
    "followup assign f1 me",
    "followup list recurs:yes",
    "followup list series:x --all-states",
    "lead add Annabella --email c@new.example --source fair",
    "lead list",
    "lead list --limit 1",
    "lead list --sort name --limit 1",
    "lead list untouched:yes --sort owner --all-states",
    "lead show c5",
    "lead score c5 --explain",
    "lead qualify c5 --note demo",
    "lead disqualify c5 --reason budget",
    "lead convert c5 --deal Engine --amount 12000 --currency EUR",
    "lead assign c5 me",
    "log out c5 Hello",
    "deal add Engine --contact c1 --company co1 --amount 12000 --currency EUR --next Call --next-due +3d",
    "deal list",
    "deal list --sort created --all-states",
    "deal list next:none rotting:yes",
    "deal list --limit 2",
    "deal show d1",
    "deal show boxes",
    "deal edit d1 --amount 9000 --role c1=buyer",
    "deal edit d2 --remove-line 1 --set a=b",
    "deal move d1 next",
    "deal won d1",
    "deal reopen d3 --next Call --next-due +3d",
    "deal lost d2 --reason price",
    "deal rm d2",
    "deal restore d2",
    "pipeline",
    "pipeline --json",
    "pipeline --where owner:me",
    "pipeline list",
    "pipeline add Rent",
    "pipeline add-stage demo",
    "pipeline rm-stage qualification --to proposal",
    "log in c1 Asked --deal d1",
    "queue",
    "queue --all",
    "queue --json",
    "queue --later",
    "agenda",
    "agenda --week",
    "agenda --week --json",
    "queue tag:vip",
    "remind",
    "remind --overdue-again 1d",
    "remind --digest daily",
    "remind --digest weekly",
    "remind log",
    "remind log --status unknown --all",
    "remind retry",
    "cadence set c1 6w",
    "cadence set --where lifecycle_stage:lead 2m --via call",
    "cadence list",
    "cadence list --due --everyone",
    "cadence list --due --limit 1",
    "cadence show cad1",
    "cadence show c1",
    "cadence pause cad1 --until +3w",
    "cadence rm cad2",
    "queue --kind owed",
    "queue --kind owed --all --since -1y",
    "queue --kind owed tag:vip",
    "queue --kind waiting",
    "queue --kind waiting --all",
    "remind status",
    "user list",
    "field list",
    "undo",
    "undo --dry-run",
    "undo op2",
    "history",
    "history c1",
    "history co1",
    "history i1",
    "history op2",
    "history --since -1w --by me --command contact",
    "history --json",
    "history show op1",
    "history show op1 --json",
    "consent show c1",
    "consent grant c1 marketing --channel email --source fair",
    "contact show c1 --origins",
    "company show co1 --origins",
    "find Ada",
    "find lovel",
    "find delivery",
    "find 02079460958",
    "find ada@engines.example",
    "find call back",
    "find lovelcae",
    "show c1",
    "show co1",
    "show c1 --json",
    "show Ada Lovelace",
    "",
]


class Plans:
    """What SQLite would do for every statement that is run."""

    def __init__(self) -> None:
        self.scans: set[str] = set()
        self.statements = 0

    def look(self, connection: Any, sql: str, parameters: Sequence[object]) -> None:
        """Remember the tables and indexes that a statement reads whole."""
        if not sql.lstrip(" (").upper().startswith(PLANNED):
            return
        self.statements += 1
        names = {(alias or table).lower(): table.lower() for table, alias in TABLE.findall(sql)}
        names |= {table.lower(): table.lower() for table, _ in TABLE.findall(sql)}
        plan = [row[-1] for row in connection.execute("EXPLAIN QUERY PLAN " + sql, parameters).fetchall()]
        scans = [(match[1].lower(), detail) for detail in plan if (match := SCAN.match(detail))]
        # A page of a list goes along the table or an index in the order of the page, and ends with it.
        paged = "ORDER BY" in sql and not any("TEMP B-TREE" in detail for detail in plan)
        if paged or ONE_ROW.search(sql):
            scans = scans[1:]
        for name, detail in scans:
            if names.get(name, "") not in (*SMALL, ""):
                self.scans.add(f"{detail}: {' '.join(sql.split())}")


@pytest.fixture
def plans() -> Iterator[Plans]:
    """Statements go to the driver in two places: `execute`, and `rows` for reads."""
    seen = Plans()
    connection = sqlite.SqliteConnection

    def explaining(run: Callable[..., Any]) -> Callable[..., Any]:
        def explain_first(self: sqlite.SqliteConnection, sql: str, parameters: Sequence[object] = ()) -> Any:
            shape = self._db.row_factory
            self._db.row_factory = None
            try:
                seen.look(self._db, sql, parameters)
            finally:
                self._db.row_factory = shape
            return run(self, sql, parameters)

        return explain_first

    with (
        mock.patch.object(connection, "execute", explaining(connection.execute)),
        mock.patch.object(connection, "rows", explaining(connection.rows)),
    ):
        yield seen


@pytest.fixture
def team(crm_sqlite: Crm) -> Crm:
    """A database in which every command of DAY finds something."""
    add = "--email ada@engines.example --phone +442079460958 --tag vip --owner me --lifecycle-stage lead --company"
    crm_sqlite.ok("contact", "add", "Ada Lovelace", *add.split(), "Analytical Engines")
    crm_sqlite.ok("contact", "add", "Grace Hopper")
    crm_sqlite.ok("contact", "add", "Charles Babbage")
    crm_sqlite.ok("contact", "rm", "c3", "--yes")
    crm_sqlite.ok("cadence", "set", "c1", "5w")
    crm_sqlite.ok("cadence", "set", "--where", "owner:me", "3m", "--via", "email")
    crm_sqlite.ok("cadence", "set", "--where", "tag:vip", "4m")
    for number in range(3):
        crm_sqlite.ok("log", "in", "c1", f"Asked about delivery {number}", "--channel", "call")
        crm_sqlite.ok("followup", "add", "c1", f"Call back {number}", "--due", "2026-11-20 09:00")
    crm_sqlite.ok("followup", "add", "c1", "Report", "--every", "monday", "--due", "mon 9:00")
    crm_sqlite.ok("followup", "snooze", "f4", "tue")
    crm_sqlite.ok("log", "in", "co1", "Asked about prices")
    crm_sqlite.ok("contact", "add", "Mary Somerville")
    crm_sqlite.ok("deal", "add", "Engine No. 2", "--contact", "c1", "--amount", "12000", "--currency", "EUR")
    crm_sqlite.ok("deal", "add", "Boxes", "--company", "co1", "--line", "2 x Box @ 3 EUR", "--line", "1 x Lid @ 1")
    crm_sqlite.ok("deal", "add", "Engine No. 1", "--company", "co1")
    crm_sqlite.ok("deal", "lost", "d3", "--reason", "price")
    crm_sqlite.ok("lead", "add", "Sophie Kowalevski", "--source", "fair")
    crm_sqlite.ok("log", "in", "c5", "Asked", "--channel", "web_form")
    crm_sqlite.ok("log", "out", "c4", "Our offer", "--channel", "email", "--at", "-9d")
    return crm_sqlite


@pytest.mark.parametrize("line", DAY)
def test_no_table_is_read_whole(team: Crm, plans: Plans, line: str) -> None:
    before = plans.statements
    args = ["show", "Ada Lovelace"] if line == "show Ada Lovelace" else line.split()
    result = team(*args)
    assert result.code == 0, result.err
    assert plans.statements > before
    assert not plans.scans, "\n".join(sorted(plans.scans))


def test_a_calendar_is_published_without_reading_a_table_whole(team: Crm, plans: Plans, tmp_path: Path) -> None:
    team.ok("followup", "done", "f1")
    before = plans.statements
    team.ok("calendar", "publish", str(tmp_path / "crm.ics"))
    assert plans.statements > before
    assert not plans.scans, "\n".join(sorted(plans.scans))


def test_what_was_taken_back_is_brought_back_without_reading_a_table_whole(team: Crm, plans: Plans) -> None:
    team.ok("undo")
    before = plans.statements
    team.ok("redo")
    assert plans.statements > before
    assert not plans.scans, "\n".join(sorted(plans.scans))


@pytest.mark.parametrize("read", ["execute", "rows"])
def test_the_trap_works(team: Crm, plans: Plans, read: str) -> None:
    connection = sqlite.open_file(team.place)
    run = getattr(connection, read)
    for sql in (
        "SELECT c.id FROM contact AS c WHERE c.notes = 'x'",
        "SELECT e.id FROM email e WHERE e.value_key LIKE '%x'",
        "SELECT value_key FROM email WHERE value_key LIKE '%x'",
        "SELECT id FROM contact ORDER BY notes LIMIT 1",
        "SELECT id FROM contact WHERE notes = 'x' LIMIT 1",
        "SELECT * FROM tag WHERE name = 'x'",
        "SELECT id FROM contact WHERE deleted_at IS NULL ORDER BY sort_key, id LIMIT 50",
        "SELECT 1 FROM contact LIMIT 1",
    ):
        run(sql)
    connection.close()
    assert sorted(scan.partition(":")[0] for scan in plans.scans) == [
        "SCAN c",
        "SCAN contact",
        "SCAN contact",
        "SCAN e USING COVERING INDEX ix_email_value_key",
        "SCAN email USING COVERING INDEX ix_email_value_key",
    ]
