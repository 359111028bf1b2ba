"""`crm forecast`, `goal`, `cashflow`, `report` and `rate`, as people and programs see them."""

import pytest

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.kernel.text import cell_width
from crmcli.render.views import forecasts as forecast_views
from tests.conftest import Crm, Stream
from tests.plans import Sales

WIDTHS = (40, 60, 80, 140)
AMOUNTS = tuple(f"{name}{end}" for name in forecast_views.AMOUNTS for end in ("", "_minor"))


@pytest.fixture
def office(crm: Crm) -> Crm:
    """Open deals, one overdue, closed ones, orders of which one comes again, a goal."""
    app = App(Settings(), environ=crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
    sales = Sales(app)
    for place in range(3):
        sales.deal(1_000_000, f"2026-12-0{1 + place}", probability=30, name="An engine with a name that is long")
    sales.deal(500_000, "2026-11-01", "negotiation", name="Late \x1b[31m", owner_id=sales.ada)
    sales.deal(3000, "2026-12-01", currency="JPY")
    sales.closed("2026-11-02", 120_000, owner_id=sales.ada)
    sales.closed("2026-10-03", won=False, lost_reason="price \x1b[31m")
    sales.order(90_000, "2026-11-01", due_on="2026-11-30")
    rule = {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=1", "recurs_from": "due", "series": "0" * 36}
    sales.order(5_000, "2026-11-01", paid=5_000, paid_on="2026-11-11", occurs_on="2026-11-01", **rule)
    app.goals.set("50000 EUR", "eoq")
    app.close()
    return crm


CONTRACTS = {
    "forecast": (
        "crm.forecast/1",
        ["id", "made_on", "from", "since", "until", "owner", "pipeline_name", "deals", "currency", *AMOUNTS]
        + ["by", "groups", "overdue", "without_rate", "probabilities"],
    ),
    "forecast accuracy": (
        "crm.forecast.accuracy/1",
        ["id", "owner", "currency", "months", "count", "bias", "bias_minor", "mean_absolute_error"]
        + ["mean_absolute_error_minor", "within"],
    ),
    "cashflow": (
        "crm.cashflow/1",
        ["id", "by", "from", "until", "currency", "opening", "opening_minor", "periods", "parts", "later"]
        + ["without_rate", "undated"],
    ),
    "cashflow --details": (
        "crm.cashflow.part.list/1",
        ["id", "day", "period", "band", "name", "reason", "currency", "amount", "amount_minor"],
    ),
    "goal": (
        "crm.goal.list/1",
        ["id", "uid", "name", "metric", "owner", "starts_on", "ends_on", "state", "currency"]
        + ["amount", "amount_minor", "closed", "closed_minor", "left", "left_minor", "pace", "pace_minor"]
        + ["pace_needed", "pace_needed_minor", "landing_p10", "landing_p10_minor", "landing_p50", "landing_p50_minor"]
        + ["landing_p90", "landing_p90_minor", "percent", "elapsed_percent", "days_left", "without_rate"]
        + ["created_at", "updated_at"],
    ),
    "report win-rate": (
        "crm.report.win_rate.list/1",
        ["id", "name", "closed", "won", "lost", "win_rate", "low", "high", "configured", "currency"]
        + ["amount", "amount_minor"],
    ),
    "report velocity": (
        "crm.report.velocity.list/1",
        ["id", "name", "count", "q1", "median", "q3", "open", "won", "closed", "win_rate", "cycle", "currency"]
        + ["average", "average_minor", "velocity", "velocity_minor"],
    ),
    "report lost-reasons": (
        "crm.report.lost_reasons.list/1",
        ["id", "group", "reason", "deals", "share", "currency", "amount", "amount_minor"],
    ),
    "report source": (
        "crm.report.source.list/1",
        ["id", "group", "source", "leads", "deals", "open", "won", "lost", "win_rate", "low", "high", "currency"]
        + ["amount", "amount_minor"],
    ),
}
ENTRIES: dict[tuple[str, str], list[str]] = {
    ("forecast", "groups"): ["id", "name", "deals", "currency", *AMOUNTS],
    ("forecast", "overdue"): ["id", "name", "close_date", "owner", "stage", "category", "probability"]
    + ["amount", "amount_minor"],
    ("forecast", "without_rate"): ["currency", "amount", "amount_minor", "count", "from"],
    ("forecast", "probabilities"): ["pipeline", "stage", "used", "probability", "configured", "won", "closed"]
    + ["low", "high"],
}


@pytest.mark.parametrize("line", CONTRACTS)
def test_json_keeps_the_contract(office: Crm, line: str) -> None:
    schema, fields = CONTRACTS[line]
    document = office.json(*line.split())
    assert document["schema"] == schema
    record = document["items"][0] if "items" in document else document["item"]
    assert list(record) == fields
    for (one, field), expected in ENTRIES.items():
        if one == line:
            assert list(record[field][0]) == expected


@pytest.mark.parametrize(
    "line", [*CONTRACTS, "forecast --by owner", "cashflow --by month --opening=-900EUR", "goal show g1"]
)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_fits_and_drives_no_terminal(office: Crm, line: str, width: int) -> None:
    result = office(*line.split(), tty=True, width=width)
    assert result.code == 0, result.err
    assert "\x1b" not in result.out
    for shown in result.out.splitlines():
        assert cell_width(shown) <= width, shown


@pytest.mark.parametrize("line", CONTRACTS)
@pytest.mark.parametrize("form", ["tsv", "md", "ids", "jsonl"])
def test_every_format_escapes_what_others_typed(office: Crm, line: str, form: str) -> None:
    assert "\x1b" not in office.ok(*line.split(), "-o", form)


def test_a_forecast_on_a_terminal_says_all_of_it(office: Crm) -> None:
    shown = " ".join(office.ok("forecast", tty=True).split())
    assert "13,000.00 EUR weighted, of 4 open deals" in shown
    assert "├" in shown
    assert "●" in shown
    assert "and 3,000 JPY, for which there is no rate: crm rate set JPY EUR … --from 2026-" in shown
    assert "Expected before today, and still open: 1" in shown
    assert "Sales/Negotiation: 80 %, as it is configured" in shown
    assert "independently of one another" in shown


def test_a_forecast_in_a_pipe_is_its_groups_and_the_rest_is_told_beside(office: Crm) -> None:
    result = office("forecast", "--fields", "id,weighted")
    assert result.out == "id\tweighted\n2026-11\t0.00\n2026-12\t9000.00\noverdue\t4000.00\n"
    assert "and 3,000 JPY" in result.err


def test_saving_tells_months_and_prints_ids(office: Crm) -> None:
    assert office.ok("forecast", "--save", "--currency", "EUR") == "2026-11\n2026-11/ada\n2026-12\n"
    said = office.ok("forecast", "--save", "--currency", "EUR", tty=True)
    assert said == "Kept what is foreseen for 2026-11, 2026-12 (EUR)\n"
    assert office.ok("undo") != ""


def test_accuracy_says_its_bias(office: Crm) -> None:
    office.ok("forecast", "--save", "--currency", "EUR", env={"CRM_NOW": "2026-10-31T10:00:00Z"})
    result = office("forecast", "accuracy", env={"CRM_NOW": "2027-01-02T10:00:00Z"})
    assert result.out.startswith("month\tmade_on\tforeseen\tactual\tdifference")
    assert "bias " in result.err
    assert "mean absolute error" in result.err


def test_accuracy_shows_both_ends_of_the_range_or_none(office: Crm) -> None:
    office.ok("forecast", "--save", "--currency", "EUR", env={"CRM_NOW": "2026-10-31T10:00:00Z"})
    for width in (60, 80, 140):
        shown = office("forecast", "accuracy", tty=True, width=width, env={"CRM_NOW": "2027-01-02T10:00:00Z"}).out
        head = shown.splitlines()[0]
        assert ("P10" in head) == ("P10 to P90" in head), width
    assert "P10 to P90" in head


def test_a_goal_is_drawn_with_what_is_needed(office: Crm) -> None:
    shown = " ".join(office.ok("goal", tty=True).split())
    assert "g1 all deals 50,000.00 EUR won until Thu 31 Dec, 42 days left" in shown
    assert "1,200 so far" in shown
    assert "48,800 to go" in shown
    assert "in 8 of 10 cases from" in shown


def test_goals_are_set_and_removed(office: Crm) -> None:
    said = office.ok("goal", "set", "250000", "EUR", "--by", "eoq", "--owner", "me", "--from", "2026-11-01", tty=True)
    assert said == "Goal g2: ada: deals, 250,000.00 EUR won, from 2026-11-01 to 2026-12-31\n"
    assert office.ok("goal", "set", "5", "--by", "eoy", "--currency", "JPY", "--metric", "orders") == "g3\n"
    again = office("goal", "set", "6", "--by", "eoy", "--currency", "JPY", "--metric", "orders")
    assert (again.out, again.err) == ("g3\n", "g3 was 5 JPY\n")
    again = office("goal", "set", "6", "--by", "eoy", "--currency", "JPY", "--metric", "orders")
    assert (again.out, again.err) == ("g3\n", "nothing to change in g3: it was 6 JPY already\n")
    assert office.ok("goal", "rm", "g1", "g2") == "g1\ng2\n"
    assert office.ok("goal", "list", "-o", "ids") == "g3\n"


def test_a_cash_flow_is_drawn_and_explained(office: Crm) -> None:
    shown = office.ok("cashflow", "--opening", "1000 EUR", tty=True)
    assert "opening 1,000" in shown
    [week] = [line for line in shown.splitlines() if line.startswith("2026-W49  30 Nov")]
    assert week.split()[3:5] == ["+900", "1,900"]
    part = office.ok("cashflow", "--explain", "2026-W49", "--fields", "id,day,amount,reason")
    assert part == "id\tday\tamount\treason\no1\t2026-11-30\t900.00\tdue on 2026-11-30\n"
    assert office.ok("cashflow", "--explain", "2026-12-01", "-o", "ids") == "o1\n"


def test_plain_lines_have_no_bars(office: Crm) -> None:
    for line in ("cashflow", "forecast", "goal"):
        shown = office.ok(line, "--plain", tty=True)
        assert "█" not in shown
        assert "─" not in shown
        assert ": " in shown.splitlines()[0]


def test_rates_are_set_listed_and_removed(crm: Crm) -> None:
    assert crm.ok("rate", "set", "EUR", "USD", "1.0842", "--from", "2026-11-01", "--source", "ECB", tty=True) == (
        "1 EUR = 1.0842 USD from 2026-11-01 on\n"
    )
    assert crm.ok(
        "rate", "set", "EUR", "USD", "1.0842", "--from", "2026-11-01", "--source", "ECB", tty=True
    ).startswith("Nothing to change: ")
    assert crm.json("rate", "list")["items"] == [
        {
            "id": "EUR/USD@2026-11-01",
            "base": "EUR",
            "quote": "USD",
            "rate": "1.0842",
            "from": "2026-11-01",
            "source": "ECB",
        }
    ]
    assert crm.ok("rate", "rm", "EUR", "USD") == "EUR/USD@2026-11-01\n"
    assert crm.ok("rate", "list", "-o", "ids") == ""
    crm.ok("undo")
    assert crm.ok("rate", "list", "-o", "ids") == "EUR/USD@2026-11-01\n"
    assert crm.ok("rate", "rm", "EUR/USD@2026-11-01") == "EUR/USD@2026-11-01\n"  # as it is listed
    crm.ok("undo")
    assert "names no rate" in crm("rate", "rm", "EUR").err


def test_rates_and_goals_in_a_batch(crm: Crm) -> None:
    crm.batch(
        {"op": "rate.set", "base": "EUR", "quote": "USD", "rate": "1.0842", "from": "2026-11-01"},
        {"op": "goal.set", "amount": 250000, "by": "eoq", "currency": "EUR", "owner": "me", "name": "Q4"},
        {"op": "goal.set", "amount": "5 EUR", "by": "eoq"},
        {"op": "goal.rm", "id": "g2"},
    )
    assert crm.ok("goal", "--fields", "id,called,amount") == "id\tcalled\tamount\ng1\tQ4\t250000.00\n"
    crm.batch({"op": "rate.rm", "base": "EUR", "quote": "USD"})
    told = crm.batch({"op": "rate.set", "base": "EUR", "quote": "USD", "rate": 1.0842}, code=2)
    assert "rate is no text" in told
    assert "names no record" in crm.batch({"op": "goal.rm"}, code=2)


def test_a_batch_keeps_a_forecast(office: Crm) -> None:
    kept = office.ok("batch", stdin='{"op": "forecast.save", "currency": "EUR"}\n').split()
    assert kept == office.ok("forecast", "--save", "--currency", "EUR").split()
    assert "2026-11" in kept


@pytest.mark.parametrize("line", ["pipeline", "forecast", "report win-rate", "report velocity"])
def test_the_usual_pipeline_is_known_before_there_is_a_deal(crm: Crm, line: str) -> None:
    for named in ("Sales", "Sal"):
        crm.ok(*line.split(), "--pipeline", named)
    result = crm(*line.split(), "--pipeline", "Slaes")
    assert (result.code, "did you mean Sales?" in result.err) == (3, True)


def test_a_month_among_weeks_is_told(office: Crm) -> None:
    for named in ("2026-12", "next month", "this Quarter"):
        result = office("cashflow", "--currency", "EUR", "--explain", named)
        assert (result.code, "is longer than a week" in result.err, "--by month" in result.err) == (2, True, True)
    office.ok("cashflow", "--currency", "EUR", "--explain", "2026-12", "--by", "month")
