"""When the stories happened: a year that ended yesterday, with what was promised in every state."""

import re
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from crmcli.kernel.clock import Clock, stamp
from crmcli.services.demodata import goods
from crmcli.services.demodata.casting import Casting, Life
from crmcli.services.demodata.companies import COMPANIES
from crmcli.services.demodata.people import PEOPLE, Person
from crmcli.services.demodata.script import Promise, Step, Story, read_promises
from crmcli.services.demodata.words import IDEAS

DAYS = 364
RECENT = ("lead", "sales_qualified", "opportunity", "marketing_qualified")
NOT_REACHED = ("no_answer", "busy", "bounced", "wrong_number", "not_held")
LIVE = ("call", "meeting", "chat", "in_person")
# Days from today on which what is still open falls due.
DUE = (-6, 0, 2, -2, 1, 9, -13, 0, 4, -1, 16, 3, -4, 6, 30, -3, 0, 12, 5, -8, 2, 21, 1, 45)
CLOSED_WITHOUT_CONTACT = ("Settled by itself", "Met by chance, all is well", "No answer; next season again")


class Said(NamedTuple):
    """One logged contact: who of PEOPLE took part, which of the three users logged it, and its values."""

    people: tuple[int, ...]
    user: int
    at: datetime
    values: dict[str, str | int | None]


class Promised(NamedTuple):
    """One follow-up: about whom, whose it is, in which contact it was promised and by which it was closed."""

    person: int
    user: int
    made: datetime
    said: Said | None
    closed_by: Said | None
    values: dict[str, str | int | None]


class Year:
    """Everything that was said and promised.

    Args:
        random: where chance comes from; the same seed tells the same year.
        clock: the day on which the year ends, and the zone of the workshop.
        colleagues: the first names of the two colleagues.
    """

    def __init__(self, random: Random, clock: Clock, colleagues: tuple[str, str]) -> None:
        self.random = random
        self.clock = clock
        self.today = clock.today()
        self.colleagues = colleagues
        self.said: list[Said] = []
        self.promised: list[Promised] = []
        self.places = {place.key: place for place in COMPANIES}
        self.dues = list(DUE)
        self.baskets: dict[str, dict[str, str]] = {}
        for number, life in enumerate(Casting(random).lives()):
            self._live(number, life)
        self._have_ideas()
        self.said.sort(key=lambda entry: (entry.at, entry.people))
        self.promised.sort(key=lambda entry: (entry.made, entry.person))

    @staticmethod
    def owner(person: int) -> int:
        """Who looks after a person: 0 is me, 1 and 2 the colleagues."""
        return (0, 1, 0, 2, 0)[person % 5]

    # --- dates

    def _live(self, number: int, life: Life) -> None:
        """Lay the stories of a person into the year, with air between them."""
        last = self.today - timedelta(days=self._quiet_days(number, life))
        due = None
        if life.unfinished:
            promise = life.unfinished.steps[-1].promise
            assert promise is not None
            due = self._pick_due(promise.days)
            last = self.today - timedelta(days=max(1, promise.days - due))
        end = last - timedelta(days=life.unfinished.days + 4) if life.unfinished else last
        air = DAYS - (self.today - end).days - sum(story.days + 3 for story in life.told)
        if PEOPLE[number].stage in RECENT:
            air = min(air, 12 * len(life.told))
        cuts = sorted(self.random.randint(0, max(0, air)) for _ in life.told)
        start = end - timedelta(days=air + sum(story.days + 3 for story in life.told))
        if PEOPLE[number].stage in RECENT:
            start = end - timedelta(days=sum(story.days + 3 for story in life.told) + (cuts or [0])[-1])
        words = self._words(number)
        passed = 0
        for cut, story in zip(cuts, life.told, strict=True):
            self._tell(number, story, start + timedelta(days=cut + passed), words, None)
            passed += story.days + 3
        if life.unfinished:
            self._tell(number, life.unfinished, last - timedelta(days=life.unfinished.days), words, due)

    def _pick_due(self, days: int) -> int:
        """One of DUE that a promise of so many days can have come to, said yesterday or before."""
        self.dues = self.dues or list(DUE)
        fitting = sorted(due for due in self.dues if due < days)[-3:]
        if not fitting:
            return self.random.randint(-9, min(1, days - 1))
        due = self.random.choice(fitting)
        self.dues.remove(due)
        return due

    def _quiet_days(self, number: int, life: Life) -> int:
        """How long ago the last story ended: longest for those who left, and for every seventh customer."""
        person = PEOPLE[number]
        if person.stage == "former" or person.more.get("do_not_contact"):
            return 60 + self.random.randint(0, 60)
        return 95 + self.random.randint(0, 30) if number % 7 == 3 else self.random.randint(2, 20)

    def _tell(self, number: int, story: Story, start: date, words: dict[str, str], due: int | None) -> None:
        """Let a story happen from `start` on."""
        numbers = {"offer": f"A-{self.random.randint(1000, 9999)}", "order": f"P-{self.random.randint(10000, 99999)}"}
        words = {**words, **numbers, "colleague": self.random.choice(self.colleagues)}
        day = start
        previous = None
        happened = []
        for step in story.steps:
            day += timedelta(days=step.after)
            at = self._moment(number, step, day, previous)
            previous = at
            happened.append((step, self._say(number, step, at, words)))
        self.said += [entry for _, entry in happened]
        for place, (step, entry) in enumerate(happened):
            if step.promise:
                self._promise(number, step.promise, entry, happened[place + 1 :], words, due)

    def _moment(self, number: int, step: Step, day: date, previous: datetime | None) -> datetime:
        """A time of day that suits the channel, both zones, and comes after the step before."""
        ours = step.direction != "inbound" or step.channel in LIVE
        if ours and day.weekday() >= 5:
            monday = day + timedelta(days=7 - day.weekday())
            day = monday if monday < self.today else day
        hours = self._hours(number) if step.channel in LIVE else range(8, 17) if ours else range(7, 21)
        wall = time(self.random.choice(list(hours)), self.random.randint(0, 59), self.random.randint(0, 59))
        at = self.clock.combine(day, wall)[0]
        if previous is not None and at <= previous:
            at = previous + timedelta(minutes=self.random.randint(12, 55))
        return at

    def _hours(self, number: int) -> list[int]:
        """The hours of our day that are hours of work at the customer's as well, else the nearest."""
        noon = self.clock.combine(self.today, time(12))[0]
        shift = Clock(noon, self._zone(number)).local(noon).hour - 12
        return [hour for hour in range(8, 17) if 8 <= (hour + shift) % 24 < 18] or ([8] if shift > 0 else [16])

    # --- words

    def _zone(self, number: int) -> str:
        person = PEOPLE[number]
        return self.places[person.company].timezone if person.company else str(person.more["timezone"])

    def _words(self, number: int) -> dict[str, str]:
        person = PEOPLE[number]
        place = self.places.get(person.company)
        address = (person.more.get("address") or [{}])[0]
        currency = place.currency if place else person.more.get("currency", "EUR")
        city = place.city if place else address.get("city", "town")
        return {
            **self._basket(number, place.kind if place else person.kind, currency),
            "first": called(person),
            "company": place.name if place else "the family",
            "city": goods.CITIES.get(city, city),
        }

    def _basket(self, number: int, kind: str, currency: str) -> dict[str, str]:
        """What the stories are about: the same for all people of a company."""
        key = PEOPLE[number].company or str(number)
        if key not in self.baskets:
            self.baskets[key] = goods.basket(self.random, kind, currency)
        return self.baskets[key]

    def _say(self, number: int, step: Step, at: datetime, words: dict[str, str]) -> Said:
        known = {**words, "soon": _spoken(self._workday(self.clock.local(at).date() + timedelta(days=9)))}
        values: dict[str, str | int | None] = {
            "direction": step.direction,
            "channel": step.channel,
            "outcome": step.outcome,
            "duration": step.duration,
            "satisfaction": step.satisfaction,
            "subject": self._filled(step.subject, known),
            "body": self._filled(step.body, known),
        }
        mates = [
            other
            for other, person in enumerate(PEOPLE)
            if person.company and person.company == PEOPLE[number].company and other != number
        ]
        guests = self.random.sample(mates, min(step.guests, len(mates)))
        helping = step.direction == "internal" or self.random.random() < 0.12
        user = self.random.randint(0, 2) if helping else self.owner(number)
        return Said((number, *guests), user, at, values)

    def _filled(self, text: str | None, words: dict[str, str]) -> str | None:
        if text is None:
            return None
        return re.sub(r"<([^<>]*\|[^<>]*)>", lambda found: self.random.choice(found[1].split("|")), text).format_map(
            words
        )

    # --- promises

    def _promise(
        self,
        number: int,
        promise: Promise,
        said: Said,
        later: list[tuple[Step, Said]],
        words: dict[str, str],
        due: int | None,
    ) -> None:
        """A follow-up promised in a step: closed by the next time that we turned to the customer, or still open."""
        values = self._values(promise, words)
        day = self._workday(self.clock.local(said.at).date() + timedelta(days=promise.days))
        ended = next((at for at in later if at[0].cancelled), None)
        closed_by = None if ended else _answer(later)
        if due is not None and not later:
            day = self._day_due(due)
        elif ended:
            reason = self._filled(ended[0].cancelled, words)
            values |= {"status": "cancelled", "closed_at": stamp(ended[1].at), "outcome_note": reason}
        elif closed_by:
            values |= {"status": "done", "closed_at": stamp(closed_by.at)}
        elif later or day < self.today - timedelta(days=14):
            closed = later[0][1].at if later else self.clock.combine(day, time(15, 20))[0]
            note = None if later else self.random.choice(CLOSED_WITHOUT_CONTACT)
            values |= {"status": "done", "closed_at": stamp(closed), "outcome_note": note}
        values |= self._due(day, said.at)
        self.promised.append(Promised(number, said.user, said.at, said, closed_by, values))

    def _have_ideas(self) -> None:
        """Follow-ups that nobody promised: somebody thought of them."""
        for turn, idea in enumerate(read_promises(IDEAS)):
            number = turn * 5 % len(PEOPLE)
            while PEOPLE[number].more.get("do_not_contact") or PEOPLE[number].stage in ("former", "other"):
                number += 1
            made = self.clock.combine(self._workday(self.today - timedelta(days=14 + turn)), time(9, 10 + turn))[0]
            words = self._words(number)
            values = self._values(idea, words) | self._due(self._day_due(idea.days), made)
            self.promised.append(Promised(number, self.owner(number), made, None, None, values))

    def _values(self, promise: Promise, words: dict[str, str]) -> dict[str, str | int | None]:
        subject = self._filled(promise.subject, {**words, "soon": "then"})
        return {"subject": subject, "priority": promise.priority, "channel": promise.channel, "status": "open"}

    def _due(self, day: date, made: datetime) -> dict[str, str | int | None]:
        """The columns that say when it is due; some were put off once or twice."""
        all_day = self.random.random() < 0.3
        wall = time() if all_day else time(self.random.randint(9, 16), self.random.choice((0, 0, 30, 15)))
        due_at = self.clock.combine(day, wall)[0]
        snoozed = self.random.choice((0, 0, 0, 0, 1, 2))
        first = max(due_at - timedelta(days=3 * snoozed), made)
        if first >= due_at:
            first, snoozed = due_at, 0
        columns: dict[str, str | int | None] = {"due_at": stamp(due_at), "first_due_at": stamp(first)}
        return {**columns, "all_day": int(all_day), "timezone": self.clock.zone_name, "snooze_count": snoozed}

    def _day_due(self, due: int) -> date:
        day = self.today + timedelta(days=due)
        if due in (0, 1) or day.weekday() < 5:
            return day
        return day - timedelta(days=day.weekday() - 4) if due < 0 else self._workday(day)

    @staticmethod
    def _workday(day: date) -> date:
        return day + timedelta(days=7 - day.weekday()) if day.weekday() >= 5 else day


def _answer(later: list[tuple[Step, Said]]) -> Said | None:
    """The next time that we turned to the customer and reached them, else the next time that we tried."""
    tries = [(step, entry) for step, entry in later if step.direction == "outbound"]
    return next((entry for step, entry in tries if step.outcome not in NOT_REACHED), tries[0][1] if tries else None)


def called(person: Person) -> str:
    """What the stories call a person, in Latin letters."""
    return person.reads.split()[0] if person.reads else person.more.get("nickname") or person.given.split()[-1]


def _spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
