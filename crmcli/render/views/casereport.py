"""How cases were dealt with."""

from collections.abc import Callable
from typing import Any

from crmcli.render.view import Column, Record, View


def _share(target: str) -> Callable[[Record], Any]:
    def words(record: Record) -> str | None:
        counted = record[f"{target}_counted"]
        return (
            f"{record[f'{target}_breached']} of {counted} ({record[f'{target}_breach_share']:g} %)" if counted else None
        )

    return words


def _mean(record: Record) -> str | None:
    counted = record["satisfaction_counted"]
    return f"{record['satisfaction']:.2f} ({counted})" if counted else None


VIEW = View(
    schema="crm.report.cases",
    columns=(
        Column("group", "Cases", help="What was counted: a product, priority, owner, type or month; or all"),
        Column("opened", "Opened", "number", help="Opened in the period"),
        Column("resolved", "Resolved", "number", help="Resolved in the period"),
        Column("open", "Open", "number", drop=6, help="Opened before the end of the period, and open now"),
        Column("response_median", "Answer", "duration", help="First answer, median, business seconds"),
        Column("response_p90", "90 %", "duration", drop=3, help="First answer, 90 % were as fast, business seconds"),
        Column("resolution_median", "Solution", "duration", help="Resolution, median, business seconds"),
        Column("resolution_p90", "90 %", "duration", drop=4, help="Resolution, 90 % were as fast, business seconds"),
        Column("response_late", "Answered late", get=_share("response"), drop=2, help="Broken targets of the answer"),
        Column("resolution_late", "Resolved late", get=_share("resolution"), drop=1, help="The same of the resolution"),
        Column("reopened", "Reopened", "number", drop=5, help="Those opened in the period that were opened again"),
        Column(
            "satisfied", "Satisfied", get=_mean, drop=7, help="Mean satisfaction of those resolved, and of how many"
        ),
        Column("response_breached", "Late answers", "number", shown=False, help="How many were answered late"),
        Column("response_counted", "Answers", "number", shown=False, help="How many were answered, or are late"),
        Column("response_breach_share", "Late answers %", "number", shown=False, help="The share in percent"),
        Column("resolution_breached", "Late solutions", "number", shown=False, help="How many were resolved late"),
        Column("resolution_counted", "Solutions", "number", shown=False, help="How many were resolved, or are late"),
        Column("resolution_breach_share", "Late solutions %", "number", shown=False, help="The share in percent"),
        Column("satisfaction", "Satisfaction", "number", shown=False, help="Mean satisfaction, 1 to 5"),
        Column("satisfaction_counted", "Opinions", "number", shown=False, help="How many said how satisfied they were"),
        Column("since", "Since", "time", shown=False, help="The beginning of the period"),
        Column("until", "Until", "time", shown=False, help="Its end"),
        Column("id", "Id", "id", shown=False, help="The group"),
    ),
    json=(
        *("group", "since", "until", "opened", "resolved", "open", "reopened"),
        *("response_median", "response_p90", "resolution_median", "resolution_p90"),
        *("response_breached", "response_counted", "response_breach_share"),
        *("resolution_breached", "resolution_counted", "resolution_breach_share"),
        *("satisfaction", "satisfaction_counted"),
    ),
    title=lambda record: str(record["group"]),
    empty="There were no cases.",
)
