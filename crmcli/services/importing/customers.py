"""Whose orders and deals are: customers found as contact imports find them, else added; those that are here stay as
they are."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.ids import ref
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import REJECTED, Outcome
from crmcli.services.importing.parties import PartyLanding
from crmcli.services.importing.prepare import Ready
from crmcli.store import matching
from crmcli.store.bulk import Bulk
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

MOST = 200_000
"""Customers whose keys are remembered; of more, some are looked up again."""


class Customer(NamedTuple):
    """The contact and the company that an order or a deal is of."""

    contact: int | None = None
    company: int | None = None


NOBODY = Customer()
Found = Customer | Outcome
"""A customer, or what becomes of all that is of one who cannot be taken in."""


class Customers:
    """Finding customers, and adding those who are not here.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes many new rows.
        options: how the import is meant.
    """

    def __init__(self, app: "App", gate: "Gate", bulk: Bulk, options: Options) -> None:
        self.app = app
        self.gate = gate
        self.bulk = bulk
        self.options = options._replace(on_match="skip", key="")
        self._known: dict[str, Found] = {"": NOBODY}
        self._landings: dict[str, PartyLanding] = {}

    def look(self, given: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """Find or add these, each with what it is called in this import, its noun and what was made ready of it."""
        if len(self._known) > MOST:
            self._known = {"": NOBODY}
        by_noun: dict[str, dict[str, Ready]] = {}
        for who, (noun, *packed) in given:
            if who not in self._known:
                by_noun.setdefault(noun, {})[who] = Ready._make(packed)
        for noun, wanted in by_noun.items():
            left = self._named(noun, wanted)
            for who, outcome in zip(left, self._landing(noun).land(list(left.values())), strict=True):
                assert outcome is not None
                self._known[who] = _found(noun, outcome)

    def known_by(self, noun: str, external: str, who: str) -> bool:
        """Whether there is a living record that another system knows by SOURCE:KEY; it is then called `who`."""
        source, _, key = external.partition(":")
        hits = matching.by_external(self.app.store, noun, [(source, key)]).get((source, key), [])
        living = [hit for hit in hits if not hit.deleted]
        if living:
            self._known[who] = _customer(noun, living[0].id)
        return bool(living)

    def of(self, who: str) -> Found:
        """The customer that was looked up under this name."""
        return self._known[who]

    def forget(self) -> None:
        """Forget all: a part of the transaction was rolled back."""
        self._known = {"": NOBODY}
        self._landings.clear()

    def _landing(self, noun: str) -> PartyLanding:
        if noun not in self._landings:
            self._landings[noun] = PartyLanding(self.app, self.gate, self.bulk, noun, self.options)
        return self._landings[noun]

    def _named(self, noun: str, wanted: Mapping[str, Ready]) -> dict[str, Ready]:
        """Find those of whom nothing but a name is told; returns the others."""
        alone = {who: one.prepared() for who, one in wanted.items() if _is_name(one)}
        keys = {name_key(one.name) for one in alone.values()}
        nouns = (noun, "company" if noun == "contact" else "contact")
        known = {other: matching.by_name(self.app.store, other, keys) for other in nouns} if keys else {}
        left = dict(wanted)
        for who, one in alone.items():
            key = name_key(one.name)
            hits = [(other, hit.id) for other in nouns for hit in known[other].get(key, ())]
            same = [hit for hit in hits if hit[0] == noun] or hits
            if len(same) == 1:
                self._known[who] = _customer(*same[0])
                del left[who]
            elif same:
                which = ", ".join(ref(*hit) for hit in same[:5])
                reason = f"it may be of any of {which} (same name); give the customer an e-mail, or merge them"
                self._known[who] = Outcome(REJECTED, noun, None, reason)
                del left[who]
        return left


def _is_name(one: Ready) -> bool:
    """Whether only a name is told of somebody."""
    return not any(name in one.children for name in ("email", "phone", "external_id")) and _companies(one) == 0


def _companies(one: Ready) -> int:
    return len(one.pointing.get("company", ()))


def _customer(noun: str, key: int) -> Customer:
    return Customer(contact=key) if noun == "contact" else Customer(company=key)


def _found(noun: str, outcome: Outcome) -> Found:
    return outcome if outcome.id is None else _customer(noun, outcome.id)
