"""Goals, and how far they are."""

from crmcli.render.view import Column, Record, View

STYLES = {"reached": "good", "over": "overdue", "running": "", "to come": "muted"}
METRICS = {"won": "won", "orders": "ordered"}
_AMOUNTS = (
    ("amount", "Goal", "What is to be reached"),
    ("closed", "So far", "What was won or ordered so far"),
    ("left", "Left", "What is missing"),
    ("pace", "A week", "So far per week"),
    ("pace_needed", "Needed a week", "What is needed per week from now on"),
    ("landing_p10", "P10", "Where it ends at least in 9 of 10 cases"),
    ("landing_p50", "Landing", "Where it ends as often above as below"),
    ("landing_p90", "P90", "Where it ends at most in 9 of 10 cases"),
)


def called(record: Record) -> str:
    """Its name, or what it is: "ada's deals", "all orders"."""
    if record["name"]:
        return str(record["name"])
    what = "deals" if record["metric"] == "won" else "orders"
    return f"{record['owner']}: {what}" if record["owner"] else f"all {what}"


def _style(record: Record) -> str:
    return STYLES[record["state"]]


_SHOWN = {"amount": 0, "closed": 0, "left": 6, "pace": 5, "pace_needed": 4, "landing_p50": 3}

VIEW = View(
    schema="crm.goal",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("called", "Goal of", get=called, drop=8, help="Its name, or whose it is"),
        Column("name", "Name", shown=False, help="Its name"),
        Column("ends_on", "Until", "day", help="Last day"),
        *(
            Column(name, title, "money", drop=_SHOWN.get(name, 0), shown=name in _SHOWN, help=help)
            for name, title, help in _AMOUNTS
        ),
        Column("percent", "%", "number", drop=2, help="How much of it is reached, in percent"),
        Column("state", "State", "enum", style=_style, drop=7, help="to come, running, reached or over"),
        Column("currency", "Currency", "enum", drop=9, help="Currency of all amounts (ISO 4217)"),
        Column("metric", "Metric", "enum", shown=False, help="won (deals) or orders"),
        Column("owner", "Owner", shown=False, help="Whose goal it is; empty for the team"),
        Column("starts_on", "From", "day", shown=False, help="First day"),
        Column("elapsed_percent", "Elapsed", "number", shown=False, help="How much of the time is over, in percent"),
        Column("days_left", "Days left", "number", shown=False, help="Days that are left, today included"),
        *(
            Column(f"{name}_minor", f"{title} (minor)", "number", shown=False, help=f"{help}, in minor units")
            for name, title, help in _AMOUNTS
        ),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("created_at", "Created", "time", shown=False, help="When it was set"),
        Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    ),
    json=(
        "id",
        "uid",
        "name",
        "metric",
        "owner",
        "starts_on",
        "ends_on",
        "state",
        "currency",
        *(f"{name}{end}" for name, _, _ in _AMOUNTS for end in ("", "_minor")),
        "percent",
        "elapsed_percent",
        "days_left",
        "without_rate",
        "created_at",
        "updated_at",
    ),
    title=lambda record: f"{called(record)}  {record['id']}",
    empty="No goals here. Set one: crm goal set 250000 --by eoq",
)
