"""What to do next about the deals, orders and cases of a customer; the order of all rules stands in `nextstep`."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.codes import format_money
from crmcli.kernel.reach import refusal
from crmcli.kernel.relative import ago

DAY = 86_400
OTHER_WAYS = ("email", "meeting", "post", "in_person")
"""Channels by which somebody may be reached who did not want a call, or has no number."""

Snapshot = Mapping[str, Any]


class Step(NamedTuple):
    """What to do, why, and the command that does it or records it; None where there is none."""

    action: str
    reason: str
    command: str | None = None


# --- who it is about


def party(snapshot: Snapshot) -> tuple[str, Mapping[str, Any]]:
    """The noun and the record of the customer."""
    noun = "contact" if "contact" in snapshot else "company"
    return noun, snapshot[noun]


def called(snapshot: Snapshot) -> str:
    """The customer's name."""
    noun, record = party(snapshot)
    return str(record["display_name" if noun == "contact" else "name"])


def given_up(record: Mapping[str, Any]) -> bool:
    """Whether nobody is to go after the customer any more."""
    return record["lifecycle_stage"] == "former" or record.get("lead_status") == "unqualified"


def in_touch(record: Mapping[str, Any], channel: str | None = None) -> str:
    """The command that records that we got in touch: by the channel that is wanted, or another that suits and was not
    refused."""
    ways = [(channel, False), ("call", True), ("email", True), *((other, False) for other in ("call", *OTHER_WAYS))]
    fits = (way for way, strict in ways if way and refusal(record, channel=way, strict=strict) is None)
    return f"crm log out {record['id']} --channel {next(fits, OTHER_WAYS[-1])}"


# --- the rules


def case_breached(snapshot: Snapshot, clock: Clock) -> Step | None:
    """A case whose target is over."""
    late = [one for one in snapshot["cases"]["open"] if one["over"]]
    return _case(late[0], clock) if late else None


def case_due(snapshot: Snapshot, clock: Clock) -> Step | None:
    """A case whose target comes within a day, and that does not wait for the customer."""
    for one in snapshot["cases"]["open"]:
        near = one["due_at"] and (instant(one["due_at"]) - clock.now()).total_seconds() <= DAY
        if near and one["status"] != "pending":
            return _case(one, clock)
    return None


def _case(case: Mapping[str, Any], clock: Clock) -> Step:
    answers = case["due_for"] == "response"
    what = "the first response" if answers else "the solution"
    reason = f"{what} was due {ago(instant(case['due_at']), clock)}"
    if not case["over"] or instant(case["due_at"]) > clock.now():
        reason = f"{what} is due {ago(instant(case['due_at']), clock)}"
    verb = "answer" if answers else "solve"
    command = f"crm case {'reply' if answers else 'show'} {case['id']}"
    return Step(f"{verb} {case['id']}: {case['subject']}", f"{reason}, priority {case['priority']}", command)


def order_overdue(snapshot: Snapshot, clock: Clock) -> Step | None:
    """An order that was to be paid by now."""
    first = next(iter(snapshot["orders"]["overdue"]["orders"]), None)
    if first is None:
        return None
    _, record = party(snapshot)
    left = format_money(first["unpaid_minor"], first["currency"])
    name = first["number"] or first["id"]
    due = ago(clock.midnight(date.fromisoformat(first["due_on"])), clock, whole_day=True)
    reason = f"{first['id']} was to be paid {due}"
    more = snapshot["orders"]["overdue"]["count"] - 1
    reason += f"; {more} more {'is' if more == 1 else 'are'} overdue" if more > 0 else ""
    return Step(f"ask for the payment of {name} ({left})", reason, in_touch(record))


def deal_rotting(snapshot: Snapshot, _clock: Clock) -> Step | None:
    """A deal that is in its stage for too long."""
    found = [one for one in snapshot["deals"]["open"] if one["rotting"]]
    if not found:
        return None
    # Of several the one that stands still for longest.
    one = max(found, key=lambda deal: deal["stage_days"])
    reason = f"{one['id']} is in {one['stage']} for {one['stage_days']} days"
    return Step(f"move {one['name']} on, or drop it", reason, f"crm deal show {one['id']}")


def deal_late(snapshot: Snapshot, clock: Clock) -> Step | None:
    """A deal that was to be won by now."""
    one = next((deal for deal in snapshot["deals"]["open"] if deal["overdue"]), None)
    if one is None:
        return None
    reason = f"{one['id']} was to be closed {_day(one['close_date'], clock)}"
    return Step(f"close {one['name']}, or give it another date", reason, f"crm deal show {one['id']}")


def deal_step(snapshot: Snapshot, _clock: Clock) -> Step | None:
    """A deal for which nothing is planned."""
    missing = [one for one in snapshot["deals"]["open"] if not one["next_step"]]
    if not missing or snapshot["followups"]:
        return None
    one = missing[0]
    _, record = party(snapshot)
    command = f'crm followup add {record["id"]} "Next step for {one["id"]}" --due +1w'
    return Step(f"plan the next step for {one['name']}", f"nothing is planned for {one['id']}", command)


def order_missing(snapshot: Snapshot, clock: Clock) -> Step | None:
    """A customer who usually would have ordered again."""
    _, record = party(snapshot)
    orders = snapshot["orders"]
    if snapshot["retention"] != "at_risk" or given_up(record):
        return None
    reason = f"the last order was {_day(orders['last_on'], clock)}"
    gap = orders["usual_gap_days"]
    reason += f"; usually one comes every {round(gap) or 1} days" if gap is not None else ""
    return Step(f"ask {called(snapshot)} about the next order", reason, in_touch(record))


def _day(day: str, clock: Clock) -> str:
    return ago(clock.midnight(date.fromisoformat(day)), clock, whole_day=True)
