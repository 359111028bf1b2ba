"""The rules by which leads are scored: the usual ones and a person's own, from the settings.

A fact is a filter of contacts, a behaviour a filter of logged contacts; the points are whole numbers. `-10 from 3` of a
behaviour means 10 points less, once, as soon as it happened three times.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from crmcli.kernel import config
from crmcli.kernel.errors import UsageError
from crmcli.kernel.spans import parse_span

FACTS, BEHAVIOURS = config.RULES
MOST_POINTS = 1000
MOST_RULES = 60
"""Of each table: what matched is a number of that many bits."""
LEAST, MOST = 0, 100
"""A score is never beyond these."""
USUAL_HALF_LIFE = "30d"
NEWEST = 5
"""So many times a behaviour counts, the newest: a long thread of mails is not worth more than a meeting."""

USUAL_FACTS = {
    "email!:none": ("5", "has an e-mail address"),
    "phone!:none": ("5", "has a phone number"),
    "company!:none": ("5", "works for a company"),
    "job_title~ceo,cfo,chief,director,founder,geschäftsführ,head,inhaber,owner,president": (
        "15",
        "may decide, by the job title",
    ),
    "lead_source~referral,recommendation": ("10", "was recommended"),
    "employees>=50": ("10", "company of 50 or more"),
    "consent~granted": ("5", "agreed to be contacted"),
    "consent~denied,withdrawn": ("-20", "does not want to be contacted"),
    "opted_out:yes": ("-20", "unsubscribed"),
    "do_not_contact:yes": ("-50", "must not be contacted"),
}
USUAL_BEHAVIOURS = {
    "direction:inbound channel:web_form": ("20", "filled in a web form"),
    "direction:inbound channel:call": ("15", "called us"),
    "direction:inbound channel:email,chat,sms,social": ("10", "wrote to us"),
    "direction:inbound channel:in_person,post,self_service": ("10", "came to us"),
    "channel:meeting outcome:held": ("20", "met us"),
    "direction:outbound outcome:replied": ("10", "replied"),
    "direction:outbound outcome:connected": ("5", "took our call"),
    "outcome:bounced": ("-15", "mail bounced"),
    "outcome:wrong_number": ("-10", "wrong number"),
    "outcome:not_held": ("-10", "did not come to a meeting"),
    "outcome:no_answer": ("-10 from 3", "did not answer three times"),
}
_POINTS = re.compile(r"([+-]?)(\d{1,4})(?: from (\d{1,2}))?")


class Rule(NamedTuple):
    """A rule: `points` for what matches `filter`, with `reason` in words.

    A behaviour with a `start` above 1 counts once, when it happened so often; else each time. `own` ones were set.
    """

    table: str
    filter: str
    points: int
    start: int
    reason: str
    own: bool

    @property
    def name(self) -> str:
        """Its setting."""
        return f"{self.table}.{self.filter}"


def rules(settings: Mapping[str, str]) -> list[Rule]:
    """All rules that count: the usual ones unless the settings change or refuse them, then a person's own.

    Raises:
        UsageError: the points of one are none, or there are too many; the rule is named.
    """
    found: dict[str, Rule] = {}
    if settings.get("lead.score.usual", "yes").strip().lower() != "no":
        for table, usual in ((FACTS, USUAL_FACTS), (BEHAVIOURS, USUAL_BEHAVIOURS)):
            for text, (points, reason) in usual.items():
                found[f"{table}.{text}"] = Rule(table, text, *read_points(table, text, points), reason, False)
    for name, value in settings.items():
        named = config.rule(name)
        if named:
            table, text = named
            reason = found[name].reason if name in found else text
            found[name] = Rule(table, text, *read_points(table, text, value), reason, True)
    kept = [rule for rule in found.values() if rule.points]
    for table in (FACTS, BEHAVIOURS):
        if sum(rule.table == table for rule in kept) > MOST_RULES:
            raise UsageError(f"{table} has more than {MOST_RULES} rules", "take some out: crm config unset RULE")
    return kept


def read_points(table: str, text: str, value: str) -> tuple[int, int]:
    """The points of a rule and how often a behaviour must happen. Raises UsageError, which names the rule."""
    plain = " ".join(value.lower().split())
    found = _POINTS.fullmatch(plain) if plain.isascii() else None
    points = int(found[1] + found[2]) if found else MOST_POINTS + 1
    start = int(found[3]) if found and found[3] else 1
    if not found or abs(points) > MOST_POINTS or start < 1 or (found[3] and table == FACTS):
        more = "" if table == FACTS else ", or '-10 from 3'"
        hint = f"a whole number from -{MOST_POINTS} to {MOST_POINTS}{more}; 0 for no such rule"
        raise UsageError(f"the rule {table}.{text} has no points: '{value[:40]}'", hint)
    return points, start


def written(rule: Rule) -> str:
    """The points as the settings have them."""
    return str(rule.points) + (f" from {rule.start}" if rule.start > 1 else "")


def half_life(settings: Mapping[str, str]) -> float:
    """In how many days a behaviour comes to count half. Raises UsageError, which names the setting."""
    text = settings.get("lead.score.half_life", USUAL_HALF_LIFE)
    try:
        return parse_span(text).days
    except UsageError as error:
        raise UsageError(f"lead.score.half_life: {error.message}", error.hint) from None


def decayed(points: int, days: int, half: float) -> int:
    """What is left of points after whole days, rounded to whole points, half a point away from zero."""
    left = int(abs(points) * 2.0 ** (-days / half) + 0.5)
    return left if points > 0 else -left
