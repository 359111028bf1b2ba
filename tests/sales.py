"""Rows of deals, orders and cases for tests, written by the gate."""

from typing import Any

from crmcli.app import App
from crmcli.kernel.settings import Settings
from crmcli.store.gate import Gate
from tests.conftest import Crm, Stream

DAY = "2026-11-20"


def app_of(crm: Crm) -> App:
    """The program over the same database, to be closed."""
    return App(Settings(), environ=crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")


def stage(gate: Gate, name: str = "Proposal", type: str = "open") -> dict[str, Any]:
    """The columns of a deal in a stage, which is made with its pipeline when there is none of that name."""
    rows = gate.connection.rows("SELECT id FROM pipeline ORDER BY id LIMIT 1")
    pipeline = rows[0]["id"] if rows else gate.insert("pipeline", {"name": "Sales"})
    found = gate.connection.rows("SELECT id FROM stage WHERE pipeline_id = ? AND name = ?", [pipeline, name])
    values = {"pipeline_id": pipeline, "name": name, "type": type, "probability": 50}
    key = found[0]["id"] if found else gate.insert("stage", values)
    return {"pipeline_id": pipeline, "stage_id": key, "status": type, "stage_since": gate.now}


def deal(gate: Gate, name: str, people: dict[int, str] | None = None, lines: tuple[str, ...] = (), **more: Any) -> int:
    """A deal over 12,000 euros, with people who have a part in it, and lines of these names; returns its key."""
    values = {"name": name, **stage(gate), "amount": 1200000, "currency": "EUR", "close_date": DAY, **more}
    key = gate.insert("deal", values)
    gate.insert("deal_stage", {"deal_id": key, "stage_id": values["stage_id"], "entered_at": gate.now})
    for contact, role in (people or {}).items():
        gate.insert("deal_contact", {"deal_id": key, "contact_id": contact, "role": role})
    for position, line in enumerate(lines):
        of = {"deal_id": key, "position": position, "name": line}
        gate.insert("deal_line", {**of, "quantity": 1000, "unit_price": 500, "amount": 500})
    return key


def order(gate: Gate, reference: str | None = None, line: str = "Red apples", **more: Any) -> int:
    """An order of two red apples for 15 euros, 10 of them paid; returns its key."""
    sums = {"subtotal": 1500, "total": 1500, "paid": 1000, "currency": "EUR", "ordered_on": DAY}
    key = gate.insert("sales_order", {**sums, **more})
    of = {"order_id": key, "name": line, "quantity": 2000, "unit_price": 750, "amount": 1500}
    gate.insert("order_line", of)
    gate.insert("payment", {"order_id": key, "amount": 1000, "paid_on": DAY, "reference": reference})
    return key


def case(gate: Gate, subject: str, **more: Any) -> int:
    """A case; returns its key."""
    key = gate.insert("support_case", {"subject": subject, "opened_at": gate.now, **more})
    gate.insert("case_status", {"case_id": key, "status": "new", "entered_at": gate.now})
    return key
