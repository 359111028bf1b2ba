"""Which contacts may be one person: the blocks in which they meet."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from sys import intern

from crmcli.kernel.legalforms import firm
from crmcli.kernel.mailboxes import is_public, is_role
from crmcli.kernel.personnames import compare, keys, person_name
from crmcli.kernel.text import fold
from crmcli.services.pairing.blocks import FEW, Blocks, Holders, by_value
from crmcli.store import duplicates
from crmcli.store.store import Store

# Fewer digits are an extension, which many have.
FEWEST_DIGITS = 6
# As many digits at the end tell a number, however its country is written.
TAIL = 8
# A name that more people have says little beside a town.
COMMON = 5

Members = dict[str, list[int]]
Shared = Callable[[str], bool]


class People:
    """What is kept of every contact while pairs are looked for.

    Args:
        store: the store.

    `emails` and `phones` say who holds each value that several have.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.names: dict[int, tuple[str, ...]] = {}
        self.contexts: Members = {}
        self.anything: set[int] = set()
        for row in duplicates.living(store, "contact"):
            self.names[row["id"]] = tuple(intern(word) for word in person_name(row["name"]).words)
            if row["birth_date"] and not row["birth_date"].startswith("-"):
                self._meet(f"the birthday {row['birth_date']}", row["id"])
        self.frequency = Counter(tuple(sorted(words)) for words in self.names.values())
        self.emails = by_value(duplicates.held_by_several(store, "email", "value_key"), "contact")
        self.phones = by_value(duplicates.held_by_several(store, "phone", "digits"), "contact")
        self.companies = {row["id"]: firm(row["name"]).words for row in duplicates.living(store, "company")}
        self.domains: dict[int, list[str]] = {}
        for row in duplicates.domains(store):
            self.domains.setdefault(row["record"], []).append(row["domain"])

    def pairs(self) -> Blocks:
        """The pairs to weigh."""
        blocks = Blocks(lambda key: tuple(sorted(self.names[key])))
        self._holders(blocks, self.emails, "the e-mail address", is_role)
        self._holders(blocks, self.phones, "the phone number", lambda digits: len(digits) < FEWEST_DIGITS)
        self._work()
        self._reach()
        for context, members in self.contexts.items():
            self._alike_in(blocks, context, members)
        self.contexts.clear()
        self._of_one_name(blocks)
        return blocks

    def _meet(self, context: str, key: int) -> None:
        self.contexts.setdefault(context, []).append(key)

    def _alike(self, a: int, b: int) -> bool:
        return compare(self.names[a], self.names[b]).alike

    def _holders(self, blocks: Blocks, held: Mapping[str, Holders], what: str, is_shared: Shared) -> None:
        """Whoever holds the same value, whatever the names; of a crowd only those whose names are alike."""
        for value, holders in held.items():
            few = len(set(holders.members)) <= FEW and not is_shared(value)
            blocks.add(holders.members, f"{what} {value}", None if few else self._alike)

    def _work(self) -> None:
        for row in duplicates.employments(self.store):
            words = self.companies.get(row["company"])
            if words is None or row["record"] not in self.names:
                continue
            self.anything.add(row["record"])
            self._meet(f"the company {' '.join(words)}", row["record"])
            for domain in self.domains.get(row["company"], ()):
                self._meet(f"the domain {domain}", row["record"])

    def _reach(self) -> None:
        for table in duplicates.SHARED:
            for row in duplicates.children(self.store, "contact", table):
                if row["record"] in self.names:
                    self.anything.add(row["record"])
                    for context in _contexts(table, row):
                        self._meet(context, row["record"])

    def _alike_in(self, blocks: Blocks, context: str, members: list[int]) -> None:
        """Those of a company, domain or place whose names are alike."""
        if len(members) < 2:
            return
        town = context.startswith("the town")
        named: dict[tuple[str, str], list[int]] = {}
        for member in dict.fromkeys(members):
            words = self.names[member]
            if not town or self.frequency[tuple(sorted(words))] <= COMMON:
                for key in keys(words):
                    named.setdefault(key, []).append(member)
        for (word, letter), block in named.items():
            if len(block) > 1:
                blocks.add(block, f"{context} and a name like '{word}… {letter}…'", self._alike)

    def _of_one_name(self, blocks: Blocks) -> None:
        """Those of just the same name, which few have, where of one of them nothing else is known."""
        rare: dict[tuple[str, ...], list[int]] = {}
        for key, words in self.names.items():
            name = tuple(sorted(words))
            if len(words) > 1 and 1 < self.frequency[name] <= COMMON:
                rare.setdefault(name, []).append(key)
        for name, members in rare.items():
            blocks.add(members, f"the name {' '.join(name)}", lambda a, b: not {a, b} <= self.anything)


def _contexts(table: str, row: Mapping[str, str | None]) -> Iterator[str]:
    """What the owner of an e-mail address, a phone number or a postal address shares with neighbours."""
    if table == "email":
        domain = row["domain"] or ""
        if not is_public(domain):
            yield f"the domain {domain}"
    elif table == "phone":
        digits = row["digits"] or ""
        if len(digits) >= TAIL:
            yield f"a phone number that ends in {digits[-TAIL:]}"
    else:
        yield from places(row)


def places(row: Mapping[str, str | None]) -> Iterator[str]:
    """The places of a postal address, from the nearest to the widest: postal code, town."""
    if row["postal_code"]:
        yield f"the postal code {''.join(fold(row['postal_code']).split())} {row['country_code'] or ''}".strip()
    if row["locality"]:
        yield f"the town {fold(row['locality'])}"
