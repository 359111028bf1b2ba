"""Working days of countries, and follow-ups that keep to them."""

import builtins
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from tests.conftest import Crm


@pytest.mark.parametrize(
    ("code", "day", "expected", "reason"),
    [
        ("DE", "2026-11-20", "2026-11-20", ""),
        ("DE", "2026-11-21", "2026-11-23", "weekend"),
        ("DE", "2026-12-25", "2026-12-28", "Christmas Day"),
        ("US", "2026-11-26", "2026-11-27", "Thanksgiving Day"),
        ("DE", "2027-01-06", "2027-01-06", ""),
        ("DE-BY", "2027-01-06", "2027-01-07", "Epiphany"),
        ("SA", "2026-11-20", "2026-11-22", "weekend"),  # Friday and Saturday
        ("SA", "2026-11-22", "2026-11-22", ""),  # a Sunday
    ],
)
def test_the_next_working_day(app_sqlite: App, code: str, day: str, expected: str, reason: str) -> None:
    found = app_sqlite.workdays.on_or_after(date.fromisoformat(day), code)
    assert found == (date.fromisoformat(expected), reason)


@pytest.mark.parametrize(
    ("text", "code"), [("de", "DE"), (" At ", "AT"), ("de-by", "DE-BY"), ("de-augsburg", "DE-Augsburg")]
)
def test_codes(app_sqlite: App, text: str, code: str) -> None:
    assert app_sqlite.workdays.check(text) == code


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("DX", "did you mean"),
        ("Germany", "did you mean DE?"),
        ("Germani", "write a code"),
        ("DE-BX", "did you mean DE-B"),
        ("me", "crm config set country"),
    ],
)
def test_unknown_countries(app_sqlite: App, text: str, part: str) -> None:
    with pytest.raises(UsageError) as refused:
        app_sqlite.workdays.check(text)
    assert part in refused.value.hint


def test_the_country_of_the_settings(crm_sqlite: Crm) -> None:
    crm_sqlite.ok("contact", "add", "Ada")
    added = crm_sqlite.json(
        "followup", "add", "c1", "Call", "--due", "2026-12-25", "--workdays", "me", env={"CRM_COUNTRY": "DE"}
    )["item"]
    assert (added["due_at"], added["recurrence"]) == ("2026-12-28T00:00:00Z", None)


def test_what_is_moved_is_said_and_does_not_drift(app: App) -> None:
    app.contacts.add("Ada", {})
    first = app.followups.add(
        "c1", "Invoice", {"every": "monthly on the 1st", "workdays": "DE", "due": "2026-12-01 9:00"}
    )
    assert first["recurrence"]["workdays"] == "DE"
    _, second = app.followups.done(["f1"], {})
    assert (second["due_at"], second["occurs_on"]) == ("2027-01-04T09:00:00Z", "2027-01-01")
    assert app.notes == ["Fri 1 Jan 2027 is no working day in DE (New Year's Day): moved to Mon 4 Jan 2027"]
    _, third = app.followups.done(["f2"], {})
    assert (third["due_at"], third["occurs_on"]) == ("2027-02-01T09:00:00Z", "2027-02-01")


def test_days_that_move_to_one_working_day_are_one(app_sqlite: App) -> None:
    """Saturday, Sunday and Monday of a daily one are all due on Monday."""
    app_sqlite.contacts.add("Ada", {})
    dues = [app_sqlite.followups.add("c1", "Call", {"every": "daily", "workdays": "DE"})["due_at"]]
    for number in range(1, 4):
        dues.append(app_sqlite.followups.done([f"f{number}"], {})[1]["due_at"])
    assert [due[:10] for due in dues] == ["2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25"]


def test_edit_moves_and_ends(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada", {})
    app_sqlite.followups.add("c1", "Call", {"due": "2026-11-21 9:00"})
    record, _ = app_sqlite.followups.edit("f1", {"workdays": "DE"})
    assert (record["due_at"], record["first_due_at"]) == ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z")
    record, _ = app_sqlite.followups.edit("f1", {"every": "saturday", "workdays": "DE"})
    assert record["recurrence"]["workdays"] == "DE"
    record, _ = app_sqlite.followups.edit("f1", {"workdays": "none"})
    assert record["recurrence"]["workdays"] is None


def test_without_the_library_only_who_asks_is_refused(app_sqlite: App, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if name.partition(".")[0] == "holidays":
            raise ModuleNotFoundError("No module named 'holidays'", name="holidays")
        return real(name, globals, locals, fromlist, level)

    monkeypatch.delitem(sys.modules, "crmcli.services.workdays", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)
    app_sqlite.contacts.add("Ada", {})
    app_sqlite.followups.add("c1", "Call", {"every": "monday"})
    with pytest.raises(UsageError, match="need the package holidays") as refused:
        app_sqlite.followups.add("c1", "Call", {"every": "monday", "workdays": "DE"})
    assert "crmcli[workdays]" in refused.value.hint
