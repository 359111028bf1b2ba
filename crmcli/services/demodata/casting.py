"""Who lives through which story: exactly so many logged contacts, in an order that makes sense for each customer."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from crmcli.services.demodata import sales, service, words
from crmcli.services.demodata.companies import COMPANIES
from crmcli.services.demodata.people import PEOPLE, Person
from crmcli.services.demodata.script import Story, read

INTERACTIONS = 600
LONGEST_YEAR = 300  # days that the stories of one person may take, so that there is air between them

# The kinds of story that people of a stage live through, in this order.
LIVES = {
    "subscriber": ("news", "news"),
    "lead": ("meet",),
    "marketing_qualified": ("news", "meet"),
    "sales_qualified": ("meet",),
    "opportunity": ("meet",),
    "customer": ("buy", "letter"),
    "evangelist": ("buy", "letter", "again"),
    "former": ("buy", "trouble", "leave"),
    "other": ("other",),
}
# How the last story of some ends: in the middle, with something promised.
UNFINISHED = {
    "sales_qualified": ("offer",),
    "opportunity": ("offer",),
    "customer": ("trouble", "care", "again", "offer"),
    "evangelist": ("again", "care"),
}
MORE = ("care", "trouble", "again", "moment", "moment")
CUSTOMERS = ("customer", "evangelist")


class Life(NamedTuple):
    """The stories of one person, and the one that has not ended yet, if there is one."""

    told: list[Story]
    unfinished: Story | None

    @property
    def steps(self) -> int:
        """How many contacts were logged."""
        return sum(len(story.steps) for story in self.told) + (len(self.unfinished.steps) if self.unfinished else 0)

    @property
    def days(self) -> int:
        """How many days all stories take."""
        return sum(story.days + 3 for story in self.told) + (self.unfinished.days if self.unfinished else 0)


class Casting:
    """Dealing out the stories, each as evenly as possible, and none twice to the same person."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.stories = [
            *read(sales.MEETING), *read(sales.OFFERS), *read(sales.BUYING), *read(service.TROUBLE), *read(service.CARE),
            *read(service.AGAIN), *read(words.NEWS), *read(words.PARTING), *read(words.STOP), *read(words.OTHER),
            *read(words.MOMENTS), *read(words.LETTERS),
        ]  # fmt: skip
        self.used: Counter[str] = Counter()
        self.kinds = {place.key: place.kind for place in COMPANIES}
        self.languages = {place.key: place.language for place in COMPANIES}
        self.zones = {place.key: place.timezone for place in COMPANIES}

    def lives(self) -> list[Life]:
        """The life of every person of PEOPLE, in that order, with INTERACTIONS steps together."""
        found = [self._first(number, person) for number, person in enumerate(PEOPLE)]
        customers = [number for number, person in enumerate(PEOPLE) if person.stage in CUSTOMERS]
        left = INTERACTIONS - sum(life.steps for life in found)
        turn = 0
        while left:
            number = customers[turn % len(customers)]
            kinds = (MORE[turn // len(customers) % len(MORE)],) if left > len(customers) else ("moment",)
            story = self._pick(PEOPLE[number], kinds, found[number].told)
            if story and len(story.steps) <= left and found[number].days + story.days < LONGEST_YEAR:
                found[number].told.append(story)
                left -= len(story.steps)
            turn += 1
        return found

    def _first(self, number: int, person: Person) -> Life:
        """What everybody of that stage goes through; every other customer also has a story that goes on."""
        kinds = LIVES[person.stage]
        if person.more.get("do_not_contact"):
            kinds = ("stop",)
        elif person.more.get("lead_status") == "new":
            kinds = ("knock",)
        told: list[Story] = []
        for kind in kinds:
            story = self._pick(person, (kind,), told)
            if story:
                told.append(story)
        going_on = UNFINISHED.get(person.stage)
        if going_on is None or (person.stage == "customer" and number % 2):
            return Life(told, None)
        story = self._pick(person, going_on, told, promising=True)
        return Life(told, None if story is None else self._cut(story))

    def _pick(
        self, person: Person, kinds: Iterable[str], told: list[Story], *, promising: bool = False
    ) -> Story | None:
        """The story told least so far that fits the person, or None."""
        near = self._is_near(person)
        audiences = {
            "any",
            "near" if near else "far",
            self.kinds.get(person.company, person.kind),
            self._language(person),
        }
        fitting = [story for story in self.stories if story.kind in kinds and story.audience in audiences]
        if not near:
            fitting = [story for story in fitting if all(step.channel != "in_person" for step in story.steps)]
        fresh = [story for story in fitting if story not in told and (not promising or _promises(story))]
        fresh = [story for story in fresh if story.kind != "letter" or not self.used[story.title]]
        if not fresh:
            return None
        least = min(self.used[story.title] for story in fresh)
        story = self.random.choice([story for story in fresh if self.used[story.title] == least])
        self.used[story.title] += 1
        return story

    def _language(self, person: Person) -> str:
        tag: str = self.languages.get(person.company) or person.more["preferred_language"]
        return tag.partition("-")[0]

    def _is_near(self, person: Person) -> bool:
        """Whether the workshop's van goes there."""
        zone: str = self.zones.get(person.company) or person.more["timezone"]
        return zone.startswith("Europe/")

    def _cut(self, story: Story) -> Story:
        """The story up to a step in which something was promised."""
        return story._replace(steps=story.steps[: self.random.choice(_promises(story)) + 1])


def _promises(story: Story) -> list[int]:
    return [number for number, step in enumerate(story.steps) if step.promise]
