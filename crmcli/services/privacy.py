"""What is known of a person: given out, erased, and kept from coming back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from crmcli.app import App


class Known(NamedTuple):
    """Who was erased, what must not come back: rows of `erasure` and `suppression`, and the secret of its digests."""

    erasures: Sequence[Mapping[str, Any]] = ()
    suppressions: Sequence[Mapping[str, Any]] = ()
    secret: str | None = None


class Privacy:
    """Erasing people, and keeping them erased."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def known(self) -> Known:
        """What this database, and the list beside its file, know of erasures; empty where neither can be read."""
        return Known()

    def carry_over(self, known: Known) -> int:
        """Erase here, in one operation, whom another copy of the database has erased; returns how many people."""
        return 0
