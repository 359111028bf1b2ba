"""Whether two contacts are one person."""

from collections.abc import Iterator, Mapping, Sequence

from crmcli.kernel.legalforms import firm
from crmcli.kernel.mailboxes import is_public, is_role
from crmcli.kernel.personnames import Likeness, compare, person_name
from crmcli.services.pairing.blocks import FEW, Holders
from crmcli.services.pairing.verdicts import (
    Doubt,
    Evidence,
    Record,
    SamePhone,
    Verdict,
    judge,
    other_keys,
    shared_emails,
    shared_phones,
    shared_place,
)
from crmcli.store.derive import email_domain, email_key

# What an e-mail address or a phone number says when the names are not alike.
EMAIL = {"part": 80, "unknown": 85, "shared": 60, "different": 45}
PHONE = {"part": 60, "unknown": 55, "shared": 35, "different": 30}
# Kinds of likeness that leave no doubt, with an address and with a number that both have.
SURE_BY_EMAIL = ("same", "variant", "middle", "unknown")
SURE_BY_PHONE = ("same",)
NOTHING_KNOWN = 50


class Judge:
    """Weighing pairs of contacts.

    Args:
        names: the words of every contact's name.
        emails: who holds each address that several have, by its key.
        phones: who holds each number that several have, by its digits.
        domains: the domains of companies, by their ids.
    """

    def __init__(
        self,
        names: Mapping[int, tuple[str, ...]],
        emails: Mapping[str, Holders],
        phones: Mapping[str, Holders],
        domains: Mapping[str, Sequence[str]],
    ) -> None:
        self.names = names
        self.emails = emails
        self.phones = phones
        self.domains = domains

    def weigh(self, a: Record, b: Record) -> Verdict:
        """How surely two contacts, given as records, are one."""
        likeness = compare(person_name(a["display_name"]).words, person_name(b["display_name"]).words)
        emails, phones = shared_emails(a, b), list(shared_phones(a, b))
        evidence = [*self._by_email(emails, likeness), *self._by_phone(phones, likeness)]
        if likeness.alike:
            evidence += self._around(a, b, likeness, mail=bool(emails))
        if not evidence and likeness.kind == "same" and (_bare(a) or _bare(b)):
            evidence.append(Evidence(NOTHING_KNOWN, f"nothing but the name is known of {(a if _bare(a) else b)['id']}"))
        doubts = [*_birthdays(a, b), *_generations(a, b), *other_keys(a, b)]
        verdict = judge(evidence, doubts, certain=self._is_certain(a, b, likeness, emails, phones))
        return verdict._replace(reasons=(*([_told(a, b, likeness)] if evidence else []), *verdict.reasons))

    def _by_email(self, keys: Sequence[str], likeness: Likeness) -> Iterator[Evidence]:
        for key in keys[:1]:
            shared = is_role(key) or len(self._holders(self.emails, key)) > FEW
            if not shared:
                score = 75 + 20 * likeness.value if likeness.alike else float(EMAIL[likeness.kind])
                yield Evidence(score, f"same e-mail {key}")
            elif likeness.alike:
                yield Evidence(45 + 40 * likeness.value, f"same e-mail {key}, which several share")

    def _by_phone(self, phones: Sequence[SamePhone], likeness: Likeness) -> Iterator[Evidence]:
        for phone in sorted(phones, key=lambda phone: not phone.exact)[:1]:
            shared = len(self._holders(self.phones, phone.digits)) > FEW
            if shared and likeness.alike:
                yield Evidence(45 + 35 * likeness.value, f"same phone {phone.shown}, which several share")
            elif not shared and phone.exact:
                score = 60 + 30 * likeness.value if likeness.alike else float(PHONE[likeness.kind])
                yield Evidence(score, f"same phone {phone.shown}")
            elif not shared and likeness.alike:
                yield Evidence(50 + 30 * likeness.value, f"phones end alike: {phone.shown}")

    def _around(self, a: Record, b: Record, likeness: Likeness, *, mail: bool) -> Iterator[Evidence]:
        """What is the same around two people whose names are alike: company, mail domain, place, birthday.

        Who shares an address (`mail`) shares its domain, too, and that says nothing more.
        """
        value = likeness.value
        company, domain = _same_company(a, b), self._same_domain(a, b)
        if company:
            yield Evidence(45 + 40 * value, f"same company {company}")
        elif domain and not mail:
            yield Evidence(40 + 40 * value, f"same domain {domain}")
        place = shared_place(a, b)
        if place:
            yield Evidence((40 if place.near else 25) + (40 if place.near else 35) * value, f"same place {place.shown}")
        if a["birth_date"] and a["birth_date"] == b["birth_date"] and not a["birth_date"].startswith("-"):
            yield Evidence(45 + 40 * value, f"same birthday {a['birth_date']}")

    def _same_domain(self, a: Record, b: Record) -> str:
        mine, theirs = self._domains(a), self._domains(b)
        return next((domain for domain in mine if domain in theirs), "")

    def _domains(self, record: Record) -> list[str]:
        own = [email_domain(email_key(email["value"])) for email in record["emails"]]
        work = [domain for company in record["companies"] for domain in self.domains.get(company["id"], ())]
        return [domain for domain in own if not is_public(domain)] + work

    def _is_certain(
        self, a: Record, b: Record, likeness: Likeness, emails: Sequence[str], phones: Sequence[SamePhone]
    ) -> bool:
        """Whether no person need look at it.

        An address must be somebody's own and nobody's besides whose name is alike; so must a phone number, and since a
        household shares one, the names must be just the same.
        """
        own_address = any(self._is_ones_own(self.emails, key) and not is_role(key) for key in emails)
        if own_address and likeness.kind in SURE_BY_EMAIL:
            return True
        if likeness.kind not in SURE_BY_PHONE or len(person_name(a["display_name"]).words) < 2:
            return False
        return any(phone.exact and phone.private and self._is_ones_own(self.phones, phone.digits) for phone in phones)

    def _is_ones_own(self, held: Mapping[str, Holders], value: str) -> bool:
        """Whether all who hold a value may well be one person."""
        holders = held.get(value)
        if holders is None:
            return True
        if holders.elsewhere or len(set(holders.members)) > FEW:
            return False
        names = [self.names[member] for member in dict.fromkeys(holders.members)]
        return all(_may_be_one(one, other) for one in names for other in names if one != other)

    def _holders(self, held: Mapping[str, Holders], value: str) -> set[int]:
        return set(held[value].members) if value in held else set()


def _may_be_one(one: Sequence[str], other: Sequence[str]) -> bool:
    likeness = compare(one, other)
    return likeness.alike or likeness.kind in ("unknown", "part")


def _told(a: Record, b: Record, likeness: Likeness) -> str:
    one, other = a["display_name"], b["display_name"]
    if one == other:
        return f"same name {one}"
    return f"names {'alike' if likeness.alike else 'differ'}: {one} / {other}"


def _same_company(a: Record, b: Record) -> str:
    """The name of a company that both work for, or of two of the same name."""
    mine = {firm(company["name"]).words: company["name"] for company in a["companies"]}
    return next((mine[words] for company in b["companies"] if (words := firm(company["name"]).words) in mine), "")


def _bare(record: Record) -> bool:
    return not any(record[part] for part in ("emails", "phones", "addresses", "companies"))


def _birthdays(a: Record, b: Record) -> Iterator[Doubt]:
    one, other = a["birth_date"], b["birth_date"]
    if not one or not other:
        return
    years = not one.startswith("-") and not other.startswith("-")
    if one[-5:] != other[-5:] or (years and one != other):
        yield Doubt(25, f"birthdays differ: {one} / {other}")


def _generations(a: Record, b: Record) -> Iterator[Doubt]:
    one, other = (person_name(f"{r['display_name']} {r['honorific_suffix'] or ''}").generation for r in (a, b))
    if one and other and one != other:
        yield Doubt(40, f"one is {one}, the other {other}")
    elif one != other:
        yield Doubt(15, f"one is {one or other}")
