"""Forecasts: as a record for programs, and their groups as rows; how good they were."""

from crmcli.kernel.amounts import grouped
from crmcli.render.view import Column, Record, View

AMOUNTS = ("omitted", "pipeline", "best_case", "commit", "closed", "weighted", "p10", "p50", "p90", "error")
_HELP = {
    "omitted": "Open deals that do not count",
    "pipeline": "Open deals that may come",
    "best_case": "Open deals in the best case",
    "commit": "Open deals that are promised",
    "closed": "Deals that were won since the first day",
    "weighted": "The sum of amount x probability",
    "p10": "Not even this much comes in 1 of 10 cases",
    "p50": "As often more as less",
    "p90": "More than this comes in 1 of 10 cases",
    "error": "How far the exact P10, P50 and P90 may be away",
}
_TITLES = {
    "omitted": "Omitted",
    "pipeline": "Pipeline",
    "best_case": "Best case",
    "commit": "Commit",
    "closed": "Closed",
    "weighted": "Weighted",
    "p10": "P10",
    "p50": "P50",
    "p90": "P90",
    "error": "Error",
}
_DROPS = {"weighted": 0, "p50": 2, "p10": 3, "p90": 3, "closed": 4, "commit": 5, "best_case": 6, "pipeline": 7}
_BOTH = tuple(f"{name}{end}" for name in AMOUNTS for end in ("", "_minor"))


def _amounts() -> tuple[Column, ...]:
    shown = tuple(
        Column(name, _TITLES[name], "money", drop=_DROPS.get(name, 0), shown=name in _DROPS, help=_HELP[name])
        for name in AMOUNTS
    )
    minor = tuple(
        Column(
            f"{name}_minor", f"{_TITLES[name]} (minor)", "number", shown=False, help=f"{_HELP[name]}, in minor units"
        )
        for name in AMOUNTS
    )
    return (*shown, *minor)


GROUPS = View(
    schema="crm.forecast.group",
    columns=(
        Column("id", "Id", "id", shown=False, help="The month, owner, category or pipeline"),
        Column("name", "Of", help="The month, owner, category or pipeline"),
        Column("deals", "Deals", "number", drop=1, help="How many deals are open"),
        *_amounts(),
        Column("currency", "Currency", "enum", drop=8, help="Currency of all amounts (ISO 4217)"),
    ),
    json=("id", "name", "deals", "currency", *_BOTH),
    title=lambda record: str(record["name"]),
    empty="No open deals to foresee anything from.",
)


def title(record: Record) -> str:
    """What a forecast is about: "Forecast until 2026-12-31, ada, Sales"."""
    until = f" until {record['until']}" if record["until"] else ""
    return ", ".join(part for part in (f"Forecast{until}", record["owner"], record["pipeline_name"]) if part)


VIEW = View(
    schema="crm.forecast",
    columns=(
        Column("id", "Id", "id", shown=False, help="The day on which it was made"),
        Column("made_on", "Made", "day", help="The day on which it was made"),
        Column("from", "From", "day", shown=False, help="From when on won deals count"),
        Column("since", "Since", "day", shown=False, help="The same as from"),
        Column("until", "Until", "day", help="The last day on which a deal is expected"),
        Column("owner", "Owner", help="Whose deals"),
        Column("deals", "Deals", "number", help="How many deals are open"),
        *_amounts(),
        Column("currency", "Currency", "enum", help="Currency of all amounts (ISO 4217)"),
    ),
    json=(
        "id",
        "made_on",
        "from",
        "since",
        "until",
        "owner",
        "pipeline_name",
        "deals",
        "currency",
        *_BOTH,
        "by",
        "groups",
        "overdue",
        "without_rate",
        "probabilities",
    ),
    title=title,
)

SAVED = View(
    schema="crm.forecast.saved",
    columns=(
        Column("id", "Id", "id", shown=False, help="The month, and the owner"),
        Column("month", "Month", help="The month"),
        Column("owner", "Owner", help="Whose deals; empty for the team"),
        Column("made_on", "Made", "day", drop=1, help="The day on which it was made"),
        Column("weighted", "Weighted", "money", help=_HELP["weighted"]),
        Column("closed", "Closed", "money", drop=4, help=_HELP["closed"]),
        Column("p10", "P10", "money", drop=3, help=_HELP["p10"]),
        Column("p50", "P50", "money", drop=2, help=_HELP["p50"]),
        Column("p90", "P90", "money", drop=3, help=_HELP["p90"]),
        Column("currency", "Currency", "enum", drop=5, help="Currency of all amounts (ISO 4217)"),
    ),
    json=(
        "id",
        "made_on",
        "month",
        "currency",
        "owner",
        *(
            f"{name}{end}"
            for name in ("pipeline", "best_case", "closed", "weighted", "p10", "p50", "p90", "commit")
            for end in ("", "_minor")
        ),
    ),
    title=lambda record: str(record["id"]),
    empty="There is nothing to keep.",
)


def _missed(record: Record) -> str:
    return "good" if record["within"] else "warning"


MONTHS = View(
    schema="crm.forecast.accuracy.month",
    columns=(
        Column("id", "Id", "id", shown=False, help="The month"),
        Column("month", "Month", help="The month"),
        Column("made_on", "Foreseen on", "day", drop=3, help="The day of the forecast that counts"),
        Column("foreseen", "Foreseen", "money", help="Won by then, and the weighted rest"),
        Column("actual", "Came", "money", help="What was won in the month"),
        Column("difference", "Difference", "money", style=_missed, help="Foreseen less what came"),
        Column("p10", "P10", "money", drop=2, help="Won by then, and P10 of the rest"),
        Column("p90", "P90", "money", drop=2, help="Won by then, and P90 of the rest"),
        Column("within", "Within", "bool", drop=1, style=_missed, help="Whether what came lay from P10 to P90"),
        Column("currency", "Currency", "enum", drop=4, help="Currency of all amounts (ISO 4217)"),
    ),
    json=(
        "id",
        "month",
        "made_on",
        "currency",
        *(f"{n}{end}" for n in ("foreseen", "p10", "p90", "actual", "difference") for end in ("", "_minor")),
        "within",
    ),
    title=lambda record: str(record["month"]),
    empty="No past month was foreseen yet. Keep forecasts: crm forecast --save, daily or weekly from cron",
)

_RANGE = Column(
    "p10",
    "P10 to P90",
    "enum",
    lambda one: f"{grouped(one['p10_minor'], one['currency'])}-{grouped(one['p90_minor'], one['currency'])}",
    drop=2,
    help="Won by then, and P10 to P90 of the rest",
)
MONTHS_DRAWN = MONTHS._replace(
    columns=tuple(_RANGE if column.name == "p10" else column for column in MONTHS.columns if column.name != "p90")
)
"""The same as people read it: both ends of the range, or none."""

ACCURACY = View(
    schema="crm.forecast.accuracy",
    columns=(
        Column("id", "Id", "id", shown=False, help="accuracy"),
        Column("owner", "Owner", help="Whose deals"),
        Column("count", "Months", "number", help="How many past months were foreseen"),
        Column("bias", "Bias", "money", help="Mean of foreseen less what came"),
        Column("mean_absolute_error", "Mean absolute error", "money", help="Mean distance of both"),
        Column("within", "Within", "number", help="Months that came from P10 to P90"),
        Column("currency", "Currency", "enum", help="Currency of all amounts (ISO 4217)"),
    ),
    json=(
        "id",
        "owner",
        "currency",
        "months",
        "count",
        "bias",
        "bias_minor",
        "mean_absolute_error",
        "mean_absolute_error_minor",
        "within",
    ),
    title=lambda record: "Accuracy of forecasts",
)
