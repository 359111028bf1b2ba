"""Who was erased stays away: what they were known by is refused."""

from collections.abc import Iterable
from shlex import quote
from typing import TYPE_CHECKING

from crmcli.kernel.errors import NotPermitted
from crmcli.store import suppression

if TYPE_CHECKING:
    from crmcli.app import App


class Suppressions:
    """Refusing what an erased person was known by.

    Loaded only where something is written: the digests need more of Python than all of a list.
    """

    def __init__(self, app: "App") -> None:
        self.app = app

    def refuse(self, keys: Iterable[str], shown: str) -> None:
        """Refuse keys (see `crmcli.store.suppression`). Raises NotPermitted that tells how to let them in again."""
        found = suppression.suppressed(self.app.store)
        if found is not None and found.among(keys):
            message = f"'{shown}' belonged to somebody who was erased, and must not be kept again"
            raise NotPermitted(message, f"if that is wanted: crm privacy readmit {quote(shown)}")

    def refuse_number(self, raw: str, e164: str | None) -> None:
        """Refuse a phone number, in whatever notation; raises as `refuse` does."""
        self.refuse(suppression.asked_number(raw, e164), raw)
