"""Which companies may be one: the blocks in which they meet."""

from sys import intern

from crmcli.kernel.legalforms import firm
from crmcli.kernel.mailboxes import is_public
from crmcli.kernel.similarity import distance
from crmcli.services.pairing.blocks import Blocks, by_value
from crmcli.services.pairing.contacts import TAIL, places
from crmcli.store import duplicates
from crmcli.store.store import Store

# Letters from which one slip leaves a name recognisable, and from which two do.
SHORTEST = 6
LONG = 12


class Organisations:
    """What is kept of every company while pairs are looked for.

    Args:
        store: the store.

    `emails` and `phones` say who holds each value that several have.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        rows = duplicates.living(store, "company")
        self.names = {row["id"]: tuple(intern(word) for word in firm(row["name"]).words) for row in rows}
        self.emails = by_value(duplicates.held_by_several(store, "email", "value_key"), "company")
        self.phones = by_value(duplicates.held_by_several(store, "phone", "digits"), "company")

    def pairs(self) -> Blocks:
        """The pairs to weigh."""
        blocks = Blocks(lambda key: self.names[key])
        for address, holders in self.emails.items():
            blocks.add(holders.members, f"the e-mail address {address}")
        for digits, holders in self.phones.items():
            blocks.add(holders.members, f"the phone number {digits}")
        for domain, holders in by_value(duplicates.domain_holders(self.store), "company").items():
            blocks.add(holders.members, f"the domain {domain}", None if not is_public(domain) else self._alike)
        named: dict[tuple[str, ...], list[int]] = {}
        for key, words in self.names.items():
            named.setdefault(words, []).append(key)
        for words, members in named.items():
            blocks.add(members, f"the name {' '.join(words)}")
        for context, members in self._contexts().items():
            if len(members) > 1:
                self._alike_in(blocks, context, members)
        return blocks

    def _contexts(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}

        def meet(context: str, key: int) -> None:
            if key in self.names:
                found.setdefault(context, []).append(key)

        for row in duplicates.domains(self.store):
            meet(f"the domain {row['domain']}", row["record"])
        for row in duplicates.children(self.store, "company", "email"):
            if not is_public(row["domain"]):
                meet(f"the domain {row['domain']}", row["record"])
        for row in duplicates.children(self.store, "company", "phone"):
            if len(row["digits"]) >= TAIL:
                meet(f"a phone number that ends in {row['digits'][-TAIL:]}", row["record"])
        for row in duplicates.children(self.store, "company", "address"):
            for place in places(row):
                meet(place, row["record"])
        return found

    def _alike_in(self, blocks: Blocks, context: str, members: list[int]) -> None:
        begun: dict[str, list[int]] = {}
        for member in dict.fromkeys(members):
            begun.setdefault("".join(self.names[member])[:4], []).append(member)
        for beginning, block in begun.items():
            blocks.add(block, f"{context} and a name like '{beginning}…'", self._alike)

    def _alike(self, a: int, b: int) -> bool:
        return likeness(self.names[a], self.names[b]) > 0


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike the names of two companies are, as `Firm.words`: 1 the same, 0 different.

    One may say more than the other (`Acme`, `Acme Europe`), or be mistyped.
    """
    a, b = "".join(one), "".join(other)
    if a == b or sorted(one) == sorted(other):
        return 1.0
    short, long = sorted((one, other), key=len)
    if short and long[: len(short)] == short:
        return 0.6
    slips, letters = distance(a, b, 2), min(len(a), len(b))
    if slips <= (2 if letters >= LONG else 1) and letters >= SHORTEST:
        return 0.85 - 0.1 * slips
    return 0.0
