"""What became of a record of a source."""

from typing import NamedTuple

CREATED, UPDATED, UNCHANGED, SKIPPED, REJECTED = KINDS = ("created", "updated", "unchanged", "skipped", "rejected")

ERASED = "of people who were erased; crm privacy readmit lets one in again"
"""Why a record is left out that must not come back."""


class Outcome(NamedTuple):
    """What became of a record: one of KINDS, the record here that it is (if any), and why not."""

    kind: str
    noun: str
    id: int | None = None
    reason: str = ""
