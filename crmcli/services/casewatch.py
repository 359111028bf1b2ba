"""Cases that have missed a target, or are about to: for the queue, the agenda and the reminders."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.ids import key_of
from crmcli.kernel.page import Page
from crmcli.services.users import ME
from crmcli.store import casedue, cases, casewatch
from crmcli.store.connection import Row
from crmcli.store.filters import mentions, parse
from crmcli.store.queue import COUNTED
from crmcli.store.sql import ENDLESS

if TYPE_CHECKING:
    from crmcli.app import App

Item = dict[str, Any]
WORDS = {"response": "is not answered", "resolution": "is not resolved"}


class Found(NamedTuple):
    """Cases, and how many there are in all; COUNTED means that many or more."""

    items: list[Item]
    total: int

    @property
    def page(self) -> Page:
        """The cases as a page of a list."""
        return Page(self.items, self.total > len(self.items))


class CaseWatch:
    """Watching the targets of open cases."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def due(
        self, text: str = "", *, everyone: bool = False, limit: int | None = None, until: str | None = None
    ) -> Found:
        """My cases and nobody's that missed a target, or whose next one is near, the earliest target first.

        Args:
            text: a filter on cases. One that asks for an owner is about everyone's.
            everyone: everyone's instead.
            limit: how many at most; None for all.
            until: the stored instant up to which a target is near; as the setting `sla.soon` says without it.

        Returns:
            Records of cases with `target`, response or resolution; `target_at`; `state`, breached or soon; and `left`,
            the business seconds until the target, or over it (negative), see `CaseClock.left`. A case that missed both
            is told by the one that it missed first.
        """
        if not casewatch.any_at_all(self.app.store):
            return Found([], 0)
        node = parse(text)
        where = cases.condition(self.app.store, node, self.app.clock, self.app.users.key, self.app.now)
        owner = None if everyone or mentions(node, "owner") else self.app.users.key(ME)
        most = ENDLESS if limit is None else COUNTED
        rows = casewatch.until(self.app.store, owner, until or self.app.sla.soon(), most, where)
        first: dict[int, Row] = {}
        for row in rows:
            first.setdefault(row["id"], row)
        found = list(first.values())
        return Found(
            self._items(casewatch.read(self.app.store, found[:limit])),
            min(len(found), COUNTED) if limit else len(found),
        )

    def untold(self, channel: str, since: str | None, most: int) -> list[Row]:
        """Missed targets that were not told me on a channel, the earliest first.

        Args:
            channel: where.
            since: those that were last told before this count as untold; None for none.
            most: how many at most.

        Returns:
            Rows with `occurrence`, `subject`, `due_at` and `record`, an item of `due`.
        """
        if not casewatch.any_at_all(self.app.store):
            return []
        me = self.app.users.key(ME)
        rows = casewatch.untold(self.app.store, me, channel, self.app.now, since, most)
        wanted = casewatch.read(self.app.store, rows[:most])
        return [_occasion(row, item) for row, item in zip(wanted, self._items(wanted), strict=True)]

    def still(self, user: int, occurrences: Iterable[str]) -> dict[str, Item]:
        """Of these occurrences the targets that are still missed by open cases of the user or of nobody."""
        named = {name: name.split("@") for name in occurrences}
        keys = sorted({key_of(parts[0]) for parts in named.values()})
        rows = {row["id"]: row for row in casewatch.still_late(self.app.store, user, keys)}
        found: dict[str, Row] = {}
        for name, (case, target, due) in named.items():
            row = rows.get(key_of(case))
            if row and row[f"{target}_due_at"] == due and casedue.is_over(target, row, self.app.now):
                found[name] = {**row, "target": target, "target_at": due}
        return dict(zip(found, self._items(list(found.values())), strict=True))

    def _items(self, rows: Sequence[Row]) -> list[Item]:
        now = self.app.now
        stands = [casedue.stands_at(row, now) for row in rows]
        targets = [(row["id"], row["target_at"], at) for row, at in zip(rows, stands, strict=True)]
        return [
            {
                **cases.record(row, now),
                "target": row["target"],
                "target_at": row["target_at"],
                "state": "breached" if row["target_at"] < at else "soon",
                "left": left,
            }
            for row, at, left in zip(rows, stands, self.app.caseclock.left_of(targets), strict=True)
        ]


def _occasion(row: Row, item: Item) -> Row:
    return {
        "occurrence": row["occurrence"],
        "subject": f"{item['id']} {WORDS[row['target']]} in time: {item['subject']}"[:1000],
        "due_at": row["target_at"],
        "record": item,
    }


def is_case(occurrence: str) -> bool:
    """Whether an occurrence is that of a case's target."""
    return occurrence.startswith("cs") and occurrence.count("@") == 2
