"""No query reads a whole table: each one that a working day runs finds its rows by an index.

SQLite plans without statistics here, as on a user's machine, so that a plan does not depend on how much there is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.services import cashflow, forecasts
from crmcli.services.reports.asked import Asked
from crmcli.store import sqlite
from tests.conftest import Crm, Stream
from tests.plans import Sales

# A team's own few rows, or one row: these may be read whole.
SMALL = {"user_account", "tag", "custom_field", "cadence", "meta", "schema_version", "reminder_state"}
# So are what a team plans by.
SMALL |= {"pipeline", "stage", "exchange_rate", "goal"}
# The whole market may be counted, by these two alone: they hold nothing but what is counted.
COUNTED = {"ix_contact_market", "ix_company_market"}
# The open cases, which are few of all, may be sorted by what no index has: they alone are in this one.
COUNTED |= {"ix_support_case_resolution"}
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
    "deal restore d6",
    "pipeline",
    "pipeline --json",
    "pipeline --where owner:me",
    "pipeline list",
    "pipeline add Lease",
    "pipeline add-stage demo",
    "pipeline rm-stage qualification --to proposal",
    "log in c1 Asked --deal d1",
    "product add Apples --sku NEW --price 7.50 --currency EUR",
    "product list",
    "product list category:fruit",
    "product show p1",
    "product edit p1 --category fruit",
    "product price p1 8 EUR --from +1w",
    "order add c1 --line APL --every month --date -3m --due +14d --number 1003",
    "order list",
    "order list status:payment_due",
    "order list unpaid:yes",
    "order list --sort date --json",
    "order show 1001",
    "order edit o1 --line 1=3 --discount 10%",
    "order pay o1 5",
    "order ship o1",
    "order deliver o1",
    "order return o4 --line 1=1",
    "order renew",
    "order edit o1 --every none",
    "order cancel o2",
    "order rm o3",
    "order restore o5",
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
    "case open c1 Broken --priority high --type incident",
    "case list",
    "case list breached:yes owner:me",
    "case list over:yes",
    "case list --sort opened",
    "case list --all-states --sort opened",
    "case list contact.lifecycle_stage:lead priority:urgent",
    "case show cs1 --json",
    "case edit cs1 --priority urgent",
    "case reply cs1 Hello --pending",
    "case resolve cs1 --resolution Oiled",
    "case close cs1",
    "case assign cs1 me",
    "case rm cs1",
    "log in c1 Again --case cs1",
    "log in c1 Another --case new",
    "interaction list case:cs1",
    "followup list case:cs1",
    "queue --kind cases",
    "queue --kind cases --all --json",
    "report cases --by product",
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
    "forecast",
    "forecast --by owner --owner me --until eoq --json",
    "forecast --save",
    "forecast accuracy",
    "goal set 1000 --by eoq --currency EUR",
    "goal",
    "goal list --all",
    "goal show g1",
    "goal rm g1",
    "cashflow",
    "cashflow --by month --details",
    "report win-rate",
    "report win-rate --by source",
    "report velocity",
    "report velocity --by source",
    "report lost-reasons --by stage",
    "report source --by month",
    "rate set EUR USD 1.0842",
    "rate list",
    "rate list EUR",
    "rate rm EUR JPY",
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
    "panorama",
    "panorama --owner me",
    "panorama --json",
    "panorama --explain silent",
    "panorama --explain stages:lead",
    "panorama --explain retention:new",
    "panorama --explain retention --companies",
    "panorama --explain contacts",
    "panorama --explain queue",
    "panorama --explain queue:owed",
    "panorama --explain pipeline",
    "panorama --explain pipeline:rotting --owner me",
    "panorama --explain orders",
    "panorama --explain orders:last_year --owner me --limit 5",
    "panorama --explain cases",
    "panorama --explain leads",
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
        scans = [one for one in scans if not COUNTED & set(one[1].split())]
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
    crm_sqlite.ok("product", "add", "Red apples", "--sku", "APL", "--price", "7.50 EUR")
    for number in ("1001", "1002"):
        crm_sqlite.ok("order", "add", "c1", "--line", "2 x APL", "--number", number, "--every", "month")
    crm_sqlite.ok("order", "add", "c1", "--line", "2 x APL", "--date", "-3m", "--every", "month", "--due", "+14d")
    crm_sqlite.ok("order", "add", "c1", "--line", "2 x APL", "--status", "delivered")
    crm_sqlite.ok("order", "add", "c1", "--line", "2 x APL")
    crm_sqlite.ok("order", "rm", "o5")
    for number in range(3):
        crm_sqlite.ok("log", "in", "c1", f"Asked about delivery {number}", "--channel", "call")
        crm_sqlite.ok("followup", "add", "c1", f"Call back {number}", "--due", "2026-11-20 09:00")
    crm_sqlite.ok("followup", "add", "c1", "Report", "--every", "monday", "--due", "mon 9:00")
    crm_sqlite.ok("followup", "snooze", "f4", "tue")
    crm_sqlite.ok("log", "in", "co1", "Asked about prices")
    crm_sqlite.ok("case", "open", "c1", "Wheel stuck", "--priority", "urgent", "--at", "-2d")
    crm_sqlite.ok("rate", "set", "EUR", "JPY", "161.5")
    crm_sqlite.ok("goal", "set", "1000", "--by", "eoq", "--currency", "EUR")
    crm_sqlite.ok("contact", "add", "Mary Somerville")
    crm_sqlite.ok("deal", "add", "Engine No. 2", "--contact", "c1", "--amount", "12000", "--currency", "EUR")
    crm_sqlite.ok("deal", "add", "Boxes", "--company", "co1", "--line", "2 x Box @ 3 EUR", "--line", "1 x Lid @ 1")
    crm_sqlite.ok("deal", "add", "Engine No. 1", "--company", "co1")
    crm_sqlite.ok("deal", "lost", "d3", "--reason", "price")
    sell(crm_sqlite)
    crm_sqlite.ok("deal", "add", "Mill", "--contact", "c1", "--no-next")
    crm_sqlite.ok("deal", "rm", "d6")
    crm_sqlite.ok("lead", "add", "Sophie Kowalevski", "--source", "fair")
    crm_sqlite.ok("log", "in", "c5", "Asked", "--channel", "web_form")
    crm_sqlite.ok("log", "out", "c4", "Our offer", "--channel", "email", "--at", "-9d")
    return crm_sqlite


def sell(crm: Crm) -> None:
    """A deal, an order and a case of each of two contacts, neither of whom an undo takes."""
    app = App(Settings(), environ=crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    with app.writing() as gate:
        pipeline = gate.insert("pipeline", {"name": "Trade", "position": 9})
        stage = gate.insert("stage", {"pipeline_id": pipeline, "name": "Proposal", "rotting_days": 7})
        product = gate.insert("product", {"name": "Red apples"})
        where = {"pipeline_id": pipeline, "stage_id": stage, "stage_since": "2026-11-01T09:00:00Z"}
        for contact in (1, 4):
            deal = {"name": "Engine", "contact_id": contact, "amount": 100, "currency": "EUR", "owner_id": 1, **where}
            gate.insert("deal", deal)
            bought = {"contact_id": contact, "ordered_on": "2026-11-02", "currency": "EUR", "total": 100, "owner_id": 1}
            order = gate.insert("sales_order", {**bought, "due_on": "2026-11-09"})
            line = {"product_id": product, "name": "Red apples", "quantity": 1000, "unit_price": 100, "amount": 100}
            gate.insert("order_line", {"order_id": order, **line})
            asked = {
                "subject": "Stuck",
                "contact_id": contact,
                "opened_at": "2026-11-03T09:00:00Z",
                "status": "pending",
            }
            case = gate.insert("support_case", {**asked, "resolution_due_at": "2026-11-04T09:00:00Z"})
            gate.insert("case_status", {"case_id": case, "status": "pending", "entered_at": "2026-11-03T10:00:00Z"})
    app.close()


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


def test_what_is_foreseen_reads_no_table_whole(app_sqlite: App, plans: Plans) -> None:
    sales = Sales(app_sqlite)
    sales.deal(1000, "2026-12-01", currency="JPY", owner_id=sales.ada)
    sales.closed("2026-11-02", owner_id=sales.ada)
    sales.closed("2026-11-03", won=False)
    sales.order(1000, "2026-11-01")
    sales.order(1000, "2026-11-01", paid=1000, paid_on="2026-11-03", series="0" * 36, recurrence="FREQ=MONTHLY")
    plans.scans.clear()
    app_sqlite.goals.set("1000 EUR", "eoq", owner="me", metric="orders")
    app_sqlite.forecasts.save()
    app_sqlite.goals.page()
    for by in forecasts.BY:
        app_sqlite.forecasts.of(forecasts.Asked(by))
    app_sqlite.cashflow.of(cashflow.Asked(currency="EUR"))
    for report in (app_sqlite.reports.win_rate, app_sqlite.reports.velocity, app_sqlite.reports.source):
        report(Asked(owner="me"))
    app_sqlite.reports.lost_reasons(Asked("stage"))
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
