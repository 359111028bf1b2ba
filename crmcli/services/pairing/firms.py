"""Whether two companies are one."""

from collections.abc import Iterator, Mapping

from crmcli.kernel.legalforms import firm
from crmcli.kernel.mailboxes import is_public
from crmcli.services.pairing.blocks import FEW, Holders
from crmcli.services.pairing.companies import likeness
from crmcli.services.pairing.verdicts import (
    Doubt,
    Evidence,
    Record,
    SamePlace,
    Verdict,
    judge,
    other_keys,
    shared_emails,
    shared_phones,
    shared_place,
)
from crmcli.store.derive import email_domain, email_key

SAME_NAME = 70
RELATED = Verdict(0, False, ())


class Judge:
    """Weighing pairs of companies.

    Args:
        emails: who holds each address that several have, by its key.
        phones: who holds each number that several have, by its digits.
    """

    def __init__(self, emails: Mapping[str, Holders], phones: Mapping[str, Holders]) -> None:
        self.emails = emails
        self.phones = phones

    def weigh(self, a: Record, b: Record) -> Verdict:
        """How surely two companies, given as records, are one; a company and its parent never are."""
        if any(one["parent"] and one["parent"]["id"] == other["id"] for one, other in ((a, b), (b, a))):
            return RELATED
        mine, theirs = firm(a["name"]), firm(b["name"])
        value = likeness(mine.words, theirs.words)
        place = shared_place(a, b)
        shared = [*self._reach(a, b, value)]
        evidence = [*shared, *(_near(place, value) if value else ())]
        if value == 1:
            evidence.append(Evidence(SAME_NAME, ""))
        doubts = [*_forms(mine.form, theirs.form), *_countries(a, b), *_domains_differ(a, b), *other_keys(a, b)]
        certain = value == 1 and not doubts and (bool(shared) or bool(place and place.street))
        verdict = judge(evidence, doubts, certain=certain)
        return verdict._replace(reasons=(*([_told(a, b, value)] if evidence else []), *verdict.reasons))

    def _reach(self, a: Record, b: Record, value: float) -> Iterator[Evidence]:
        domain = next((one for one in _domains(a) if one in _domains(b)), "")
        if domain:
            yield Evidence(60 + 35 * value, f"same domain {domain}")
        for key in shared_emails(a, b)[:1]:
            if value or _count(self.emails, key) <= FEW:
                yield Evidence(60 + 30 * value, f"same e-mail {key}")
        for phone in list(shared_phones(a, b))[:1]:
            if value or (phone.exact and _count(self.phones, phone.digits) <= FEW):
                yield Evidence(35 + 55 * value, f"same phone {phone.shown}")


def _count(held: Mapping[str, Holders], value: str) -> int:
    return len(set(held[value].members)) if value in held else 1


def _domains(record: Record) -> list[str]:
    own = [email_domain(email_key(email["value"])) for email in record["emails"]]
    return [domain for domain in (*record["domains"], *own) if not is_public(domain)]


def _near(place: SamePlace | None, value: float) -> Iterator[Evidence]:
    if place:
        yield Evidence((45 if place.near else 35) + 40 * value, f"same place {place.shown}")


def _told(a: Record, b: Record, value: float) -> str:
    one, other = a["name"], b["name"]
    if one == other:
        return f"same name {one}"
    if value == 1:
        return f"same name but for the legal form: {one} / {other}"
    return f"names {'alike' if value else 'differ'}: {one} / {other}"


def _forms(one: str, other: str) -> Iterator[Doubt]:
    if one and other and one != other:
        yield Doubt(10, f"legal forms differ: {one} / {other}")


def _countries(a: Record, b: Record) -> Iterator[Doubt]:
    one, other = ({row["country_code"] for row in r["addresses"] if row["country_code"]} for r in (a, b))
    if one and other and one.isdisjoint(other):
        yield Doubt(15, f"countries differ: {', '.join(sorted(one))} / {', '.join(sorted(other))}")


def _domains_differ(a: Record, b: Record) -> Iterator[Doubt]:
    one, other = a["domains"], b["domains"]
    if one and other and set(one).isdisjoint(other):
        yield Doubt(10, f"domains differ: {one[0]} / {other[0]}")
