"""How cases were dealt with in a period: how many, how fast in business time, how often late, how well.

What is counted of a case by when it was opened: `opened`, the first answer and the share of broken targets, `reopened`.
By when it was resolved: `resolved`, the time until then, the satisfaction. `open` are those that were opened before the
end of the period and are open now. A case that was reopened counts by when it was resolved last.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crmcli.kernel import dates
from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.median import median
from crmcli.kernel.page import Page
from crmcli.kernel.quantile import nearest_rank
from crmcli.kernel.similarity import nearest
from crmcli.model.enums import PRIORITY
from crmcli.services.sla import Pause
from crmcli.store import casedue, casereport
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

GROUPS = ("product", "priority", "owner", "type", "month")
ALL = "all"
LOOK_BACK = timedelta(days=90)
SLOW = 90
"""The percentile that tells of the slow ones."""


class CaseReport:
    """The report of cases."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def page(self, *, since: str = "", until: str = "", by: str = "") -> Page:
        """The figures of each group, and last of `all`.

        Args:
            since: the first day, or moment; 90 days back without it.
            until: the last day, or the moment before which; now without it.
            by: one of GROUPS; none for all together.

        Returns:
            Records with `group`, `since` and `until`; `opened`, `resolved`, `open` and `reopened`; `response_median`,
            `response_p90`, `resolution_median` and `resolution_p90`, business seconds without pauses, None for none;
            for either target `…_breached` of `…_counted`, those that were reached or missed, and the share of it in
            percent, `…_breach_share`; `satisfaction`, the mean, of `satisfaction_counted`.

        Raises:
            UsageError: no such group, or a period that is none.
        """
        group = self._group(by)
        start, end = self._period(since, until)
        cases = casereport.between(self.app.store, start, end)
        pauses = self.app.caseclock.pauses([row["id"] for row in cases])
        opened = [row for row in cases if start <= row["opened_at"] < end]
        resolved = [row for row in cases if row["resolved_at"] and start <= row["resolved_at"] < end]
        waiting = casereport.still_open(self.app.store, end)
        parts = {
            "opened": _grouped(opened, lambda row: group(row, "opened_at")),
            "resolved": _grouped(resolved, lambda row: group(row, "resolved_at")),
            "open": _grouped(waiting, lambda row: group(row, "opened_at")),
        }
        names = sorted({name for part in parts.values() for name in part}, key=lambda name: _place(by, name))
        wanted = [(name, {one: part.get(name, []) for one, part in parts.items()}) for name in names] if by else []
        wanted.append((ALL, {"opened": opened, "resolved": resolved, "open": waiting}))
        span = {"since": start, "until": end}
        return Page([{"id": name, "group": name, **span, **self._figures(of, pauses)} for name, of in wanted])

    # --- what is asked

    def _group(self, by: str) -> Callable[[Row, str], str]:
        if by and by not in GROUPS:
            close = nearest(by, GROUPS, count=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise UsageError(f"cases are not counted by '{by[:40]}'", f"{hint}by: {', '.join(GROUPS)}")

        def group(row: Row, moment: str) -> str:
            if by == "month":
                return f"{self.app.clock.local(instant(row[moment])):%Y-%m}"
            column = {"product": "product_name", "owner": "owner_name"}.get(by, by)
            return str(row[column] or "none") if by else ALL

        return group

    def _period(self, since: str, until: str) -> tuple[str, str]:
        clock = self.app.clock
        start = stamp(clock.midnight((clock.now() - LOOK_BACK).date()))
        if since:
            start = stamp(dates.parse(since, clock).instant)
        end = stamp(clock.now() + timedelta(seconds=1))
        if until:
            when = dates.parse(until, clock)
            end = stamp(clock.end_of(when.date) if when.time is None else when.instant)
        if start >= end:
            raise UsageError("the period ends before it begins", "for example: --since 2026-01-01 --until 2026-03-31")
        return start, end

    # --- figures

    def _figures(self, of: Mapping[str, Sequence[Row]], pauses: Mapping[int, Sequence[Pause]]) -> Row:
        opened, resolved = of["opened"], of["resolved"]
        answers = [self._taken(row, row["first_response_at"], pauses) for row in opened if row["first_response_at"]]
        solutions = [self._taken(row, row["resolved_at"], pauses) for row in resolved]
        marks = [row["satisfaction"] for row in resolved if row["satisfaction"] is not None]
        return {
            "opened": len(opened),
            "resolved": len(resolved),
            "open": len(of["open"]),
            "reopened": sum(1 for row in opened if row["reopen_count"]),
            **_times("response", answers),
            **_times("resolution", solutions),
            **self._breaches("response", opened),
            **self._breaches("resolution", opened),
            "satisfaction": round(sum(marks) / len(marks), 2) if marks else None,
            "satisfaction_counted": len(marks),
        }

    def _taken(self, row: Row, end: str, pauses: Mapping[int, Sequence[Pause]]) -> int:
        return self.app.caseclock.taken(row["opened_at"], end, pauses.get(row["id"], ()))

    def _breaches(self, target: str, rows: Iterable[Row]) -> Row:
        """Of the cases that have a target those that missed it, and how many reached or missed it by now."""
        late = counted = 0
        for row in rows:
            is_late = casedue.is_late(target, row, self.app.now)
            late += is_late
            counted += row[f"{target}_due_at"] is not None and (is_late or casedue.done_at(target, row) is not None)
        share = round(late * 100 / counted, 1) if counted else None
        return {f"{target}_breached": late, f"{target}_counted": counted, f"{target}_breach_share": share}


def _times(target: str, numbers: Sequence[int]) -> Row:
    return {
        f"{target}_median": round(median(numbers)) if numbers else None,
        f"{target}_p90": nearest_rank(numbers, SLOW) if numbers else None,
    }


def _grouped(rows: Iterable[Row], group: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(group(row), []).append(row)
    return found


def _place(by: str, name: str) -> tuple[int, str]:
    """Priorities by urgency, the most urgent first; all else by name, what has none last."""
    if by == "priority":
        return -PRIORITY.index(name), name
    return int(name == "none"), name
