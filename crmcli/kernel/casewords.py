"""Words about cases that are said in several places."""

from collections.abc import Mapping
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import moment_label


def until(record: Mapping[str, Any], clock: Clock) -> str:
    """By when something is to be done next about a case, given by its record: ", answer by …"; "" where by no time."""
    due = record["due_at"]
    if due is None:
        return ""
    what = "answer" if due == record["response_due_at"] and not record["first_response_at"] else "resolve"
    return f", {what} by {moment_label(instant(due), clock)}"
