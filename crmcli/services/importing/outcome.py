"""What became of a record of a source."""

from typing import NamedTuple

CREATED, UPDATED, UNCHANGED, SKIPPED, REJECTED = KINDS = ("created", "updated", "unchanged", "skipped", "rejected")


class Outcome(NamedTuple):
    """What became of a record: one of KINDS, the record here that it is (if any), and why not."""

    kind: str
    noun: str
    id: int | None = None
    reason: str = ""
