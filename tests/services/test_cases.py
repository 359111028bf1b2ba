"""Cases: their life, their clock by a table of pauses, holidays and changes of clocks, and who is told when."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.spans import parse_span

# Friday 20 November 2026, 10:00 UTC; by the usual settings business goes on until 17:00, and from Monday 9:00.
Record = dict[str, Any]


@pytest.fixture
def office(app: App) -> App:
    """Two people, one with a company, and somebody else in the team."""
    app.users.add("bob", {})
    app.contacts.add("Ada Lovelace", {"company": ["Engines"]})
    app.contacts.add("Grace Hopper", {})
    return app


def at(app: App, moment: str) -> App:
    """The same database at another moment."""
    app._clock = Clock(instant(moment), app.clock.zone_name)
    return app


def setting(app: App, **values: str) -> None:
    app.config = {**app.config, **{name.replace("__", "."): value for name, value in values.items()}}
    app.__dict__.pop("sla", None)


def opened(app: App, **given: Any) -> Record:
    return app.cases.open("c1", "Wheel stuck", {"priority": "high", **given})


def due(record: Record) -> tuple[str | None, str | None]:
    return record["response_due_at"], record["resolution_due_at"]


# --- opening


def test_a_case_has_whose_it_is_and_its_targets(office: App) -> None:
    record = opened(office, type="complaint", description="It **squeaks**", set=["Serial No=47"], external="Zendesk:9")
    assert (record["id"], record["status"], record["owner"]) == ("cs1", "new", "ada")
    assert (record["contact"]["id"], record["company"]["id"]) == ("c1", "co1")
    assert due(record) == ("2026-11-20T14:00:00Z", "2026-11-24T10:00:00Z")  # 4 and 16 hours of business
    assert record["custom"] == {"serial_no": "47"}
    assert record["external"] == "zendesk:9"
    assert record["due_at"] == record["response_due_at"]
    assert not record["breached"]


def test_a_case_of_a_company_and_one_that_came_earlier(office: App) -> None:
    record = office.cases.open("co1", "Invoice", {"at": "2026-11-20 09:00", "owner": "bob"})
    assert (record["contact"], record["company"]["id"], record["owner"]) == (None, "co1", "bob")
    assert (record["opened_at"], record["response_due_at"]) == ("2026-11-20T09:00:00Z", "2026-11-20T17:00:00Z")
    with pytest.raises(UsageError, match="still to come"):
        opened(office, at="+1d")


def test_products_and_orders_are_found_by_what_people_call_them(office: App) -> None:
    with office.writing() as gate:
        gate.insert("product", {"name": "Wheel", "sku": "W-1"})
        gate.insert("product", {"name": "Wheel"})
        gate.insert(
            "sales_order",
            {"contact_id": 1, "number": "2026-7", "ordered_on": "2026-11-01", "status": "delivered", "currency": "EUR"},
        )
    record = opened(office, product="W-1", order="2026-7")
    assert (record["product"], record["order"]) == ({"id": "p1", "name": "Wheel"}, {"id": "o1", "number": "2026-7"})
    assert opened(office, product="p2")["product"]["id"] == "p2"
    with pytest.raises(Ambiguous):
        opened(office, product="wheel")
    with pytest.raises(NotFound):
        opened(office, order="o9")
    assert [one["id"] for one in office.cases.page("product:p1 order:o1 product_name~whee").items] == ["cs1"]


def test_a_case_is_named_by_whom_the_only_open_one_is_about(office: App) -> None:
    opened(office)
    assert office.cases.find("Ada")["id"] == "cs1"
    opened(office)
    with pytest.raises(Ambiguous):
        office.cases.find("c1")
    with pytest.raises(NotFound):
        office.cases.find("c2")


# --- the clock

OFFICE: dict[str, str] = {}
VIENNA = {"sla__timezone": "Europe/Vienna"}
GERMANY = {"sla__holidays": "DE, 2026-12-23, --12-31", "sla__timezone": "Europe/Berlin"}
ROUND = {"sla__hours": "always", "sla__timezone": "Europe/Vienna"}
# settings; when it was opened; steps of (moment, step); the targets at the end
CLOCK = [
    (OFFICE, "2026-11-20T10:00:00Z", [], ("2026-11-20T14:00:00Z", "2026-11-24T10:00:00Z")),
    # Waiting for two business hours moves both on, as it was not answered yet.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [("2026-11-20T11:00:00Z", "pending"), ("2026-11-20T13:00:00Z", "reopen")],
        ("2026-11-20T16:00:00Z", "2026-11-24T12:00:00Z"),
    ),
    # Over a weekend it waited for 5 hours on Friday and 1 on Monday.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [("2026-11-20T12:00:00Z", "pending"), ("2026-11-23T10:00:00Z", "reopen")],
        ("2026-11-23T12:00:00Z", "2026-11-24T16:00:00Z"),
    ),
    # What had passed before the pause stays.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [("2026-11-20T15:00:00Z", "pending"), ("2026-11-23T09:00:00Z", "reopen")],
        ("2026-11-20T14:00:00Z", "2026-11-24T12:00:00Z"),
    ),
    # Answered: the first target stays, the other one waits.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [("2026-11-20T11:00:00Z", "reply"), ("2026-11-20T12:00:00Z", "pending"), ("2026-11-20T13:00:00Z", "reopen")],
        ("2026-11-20T14:00:00Z", "2026-11-24T11:00:00Z"),
    ),
    # Resolved for a business day, then opened again.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [("2026-11-20T12:00:00Z", "resolve"), ("2026-11-23T12:00:00Z", "reopen")],
        ("2026-11-20T14:00:00Z", "2026-11-25T10:00:00Z"),
    ),
    # Pending, then resolved, then opened again: all of it is a pause.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [
            ("2026-11-20T12:00:00Z", "pending"),
            ("2026-11-20T13:00:00Z", "resolve"),
            ("2026-11-20T14:00:00Z", "close"),
            ("2026-11-20T15:00:00Z", "reopen"),
        ],
        ("2026-11-20T15:00:00Z", "2026-11-24T13:00:00Z"),
    ),
    # Two pauses.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [
            ("2026-11-20T11:00:00Z", "pending"),
            ("2026-11-20T12:00:00Z", "reopen"),
            ("2026-11-20T14:00:00Z", "pending"),
            ("2026-11-20T14:30:00Z", "reopen"),
        ],
        ("2026-11-20T15:30:00Z", "2026-11-24T11:30:00Z"),
    ),
    # An urgent one later: from when it was opened, with its pause.
    (
        OFFICE,
        "2026-11-20T10:00:00Z",
        [("2026-11-20T10:30:00Z", "pending"), ("2026-11-20T11:30:00Z", "reopen"), ("2026-11-20T11:40:00Z", "urgent")],
        ("2026-11-20T12:00:00Z", "2026-11-23T11:00:00Z"),
    ),
    # Nine to five in Vienna is eight to four here.
    (VIENNA, "2026-11-20T14:00:00Z", [], ("2026-11-23T10:00:00Z", "2026-11-24T14:00:00Z")),
    # Clocks go forward in the night to Sunday, 29 March.
    (VIENNA, "2026-03-27T14:00:00Z", [], ("2026-03-30T09:00:00Z", "2026-03-31T13:00:00Z")),
    # And back in the night to Sunday, 25 October, while it waits.
    (
        VIENNA,
        "2026-10-23T13:00:00Z",
        [("2026-10-23T14:00:00Z", "pending"), ("2026-10-26T09:00:00Z", "reopen")],
        ("2026-10-26T12:00:00Z", "2026-10-27T16:00:00Z"),
    ),
    # Round the clock, a day of 25 hours.
    (ROUND, "2026-10-24T22:00:00Z", [], ("2026-10-25T02:00:00Z", "2026-10-25T14:00:00Z")),
    # Christmas: a day of our own, two holidays of which one is a Saturday, a weekend.
    (GERMANY, "2026-12-22T15:00:00Z", [], ("2026-12-24T11:00:00Z", "2026-12-28T15:00:00Z")),
    # A pause over it has only the hours that count.
    (
        GERMANY,
        "2026-12-22T14:00:00Z",
        [("2026-12-22T15:00:00Z", "pending"), ("2026-12-28T09:00:00Z", "reopen")],
        ("2026-12-28T12:00:00Z", "2026-12-29T16:00:00Z"),
    ),
    (
        {"sla__response__high": "none", "sla__resolution__high": "30m"},
        "2026-11-20T10:00:00Z",
        [],
        (None, "2026-11-20T10:30:00Z"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "start", "steps", "targets"), CLOCK)
def test_the_targets_move_on(
    office: App, settings: dict[str, str], start: str, steps: list[tuple[str, str]], targets: tuple[str | None, str]
) -> None:
    setting(office, **settings)
    opened(at(office, start))
    for moment, step in steps:
        at(office, moment)
        if step == "reply":
            office.casesteps.reply("cs1", "Try oil", {})
        elif step == "urgent":
            office.cases.edit("cs1", {"priority": step})
        elif step in ("resolve", "close"):
            getattr(office.casesteps, step)(["cs1"], {"no_aftercare": True})
        else:
            getattr(office.casesteps, step)(["cs1"])
    assert due(office.cases.find("cs1")) == targets


def test_what_is_late(office: App) -> None:
    opened(office)
    assert not at(office, "2026-11-20T14:00:00Z").cases.find("cs1")["breached"]
    late = at(office, "2026-11-20T14:00:01Z").cases.find("cs1")
    assert (late["response_breached"], late["resolution_breached"], late["breached"]) == (True, False, True)
    assert [one["id"] for one in office.cases.page("breached:yes").items] == ["cs1"]
    assert office.cases.page("breached:no").items == []
    office.casesteps.reply("cs1", "Sorry", {})
    assert office.cases.find("cs1")["response_breached"]


def test_over_is_what_is_late_and_still_to_be_done(office: App) -> None:
    opened(office)
    app = at(office, "2026-11-20T14:00:01Z")
    assert [(one["over"], one["breached"]) for one in app.cases.page("over:yes").items] == [(True, True)]
    assert len(app.casewatch.due().items) == 1 and app.casewatch.due().items[0]["over"]
    app.casesteps.reply("cs1", "Oil it", {})  # too late, and nothing is over any more
    assert app.cases.page("over:yes").items == []
    assert [(one["over"], one["breached"]) for one in app.cases.page("over:no breached:yes").items] == [(False, True)]
    app = at(office, "2026-11-24T10:00:02Z")
    assert app.cases.find("cs1")["over"]
    app.casesteps.resolve(["cs1"], {})
    assert app.cases.page("over:yes", all_states=True).items == [] and not app.cases.find("cs1")["over"]


def test_a_case_that_is_closed_and_was_never_resolved_is_not_over(office: App) -> None:
    opened(office)
    with office.writing() as gate:  # as a file may have it
        gate.update("support_case", 1, {"status": "closed"})
    app = at(office, "2026-12-01T10:00:00Z")
    assert not app.cases.find("cs1")["over"] and app.cases.page("over:yes", all_states=True).items == []


def test_the_clock_of_a_pending_case_stands_still(office: App) -> None:
    opened(office)
    at(office, "2026-11-20T13:00:00Z").casesteps.pending(["cs1"])
    record = at(office, "2026-12-20T13:00:00Z").cases.detail("cs1")
    assert (record["breached"], record["due_at"]) == (False, None)
    told = record["clock"]["response"]
    assert (told["taken"], told["left"], told["paused"]) == (3 * 3600, 3600, True)
    assert office.cases.page("breached:yes").items == []
    office.casesteps.reply("cs1", "Any news?", {"pending": True})  # in time, as it stood still
    assert not office.cases.find("cs1")["response_breached"]


def test_the_history_has_what_each_status_took(office: App) -> None:
    opened(office)
    at(office, "2026-11-20T12:00:00Z").casesteps.pending(["cs1"])
    at(office, "2026-11-23T10:00:00Z").casesteps.resolve(["cs1"], {"resolution": "Oil"})
    record = at(office, "2026-11-23T12:00:00Z").cases.detail("cs1")
    steps = [
        (step["status"], step["duration"] // 3600, step["business_duration"] // 3600) for step in record["history"]
    ]
    assert steps == [("new", 2, 2), ("pending", 70, 6), ("resolved", 2, 2)]
    assert record["clock"]["resolution"]["taken"] == 2 * 3600
    assert record["first_response_at"] == record["resolved_at"] == "2026-11-23T10:00:00Z"


def test_a_case_as_it_was(office: App) -> None:
    opened(office)
    at(office, "2026-11-20T12:00:00Z").casesteps.resolve(["cs1"], {"no_aftercare": True})
    then = at(office, "2026-11-20T13:00:00Z").past.then("2026-11-20 11:00", "cs1", ("case",))
    record = then.app.cases.detail(then.ref)
    assert (record["status"], len(record["history"]), record["contact"]["display_name"]) == ("new", 1, "Ada Lovelace")


# --- what was logged


def test_a_contact_opens_a_case(office: App) -> None:
    given = {"case": "new", "priority": "urgent", "type": "incident", "channel": "email", "at": "2026-11-20 09:30"}
    contact = office.interactions.log("in", ["c2"], "# Printer jams\nEvery day.", given)
    assert contact["case_id"] == "cs1"
    record = office.cases.detail("cs1")
    assert (record["subject"], record["priority"], record["channel"]) == ("Printer jams", "urgent", "email")
    assert (record["opened_at"], record["first_response_at"]) == ("2026-11-20T09:30:00Z", None)
    assert record["description"] == "# Printer jams\nEvery day."
    assert [one["id"] for one in record["interactions"]] == ["i1"]
    assert [one["id"] for one in office.interactions.page("case:cs1").items] == ["i1"]


def test_a_case_is_opened_for_a_contact_that_was_logged(office: App) -> None:
    office.interactions.log("in", ["c1"], "It squeaks", {"channel": "chat", "at": "2026-11-20 09:00"})
    record = opened(office, interaction="i1")
    assert (record["channel"], record["opened_at"]) == ("chat", "2026-11-20T09:00:00Z")
    assert office.interactions.find("i1")["case_id"] == "cs1"


def test_the_first_answer_counts_once(office: App) -> None:
    opened(office)
    at(office, "2026-11-20T11:00:00Z").interactions.log("out", ["c1"], "Looking into it", {"case": "cs1"})
    record = at(office, "2026-11-20T12:00:00Z").casesteps.reply("cs1", "Try oil", {"pending": True})
    assert (record["status"], record["first_response_at"]) == ("pending", "2026-11-20T11:00:00Z")
    said = office.interactions.find("i2")
    assert (said["direction"], said["case_id"], said["contact"]["id"]) == ("outbound", "cs1", "c1")


def test_what_was_said_before_it_was_opened_is_no_answer(office: App) -> None:
    opened(office)
    office.interactions.log("out", ["c1"], "Hello", {"case": "cs1", "at": "-1d"})
    assert office.cases.find("cs1")["first_response_at"] is None


def test_the_customers_answer_opens_a_pending_case(office: App) -> None:
    opened(office)
    office.casesteps.pending(["cs1"])
    at(office, "2026-11-20T12:00:00Z").interactions.log("in", ["c1"], "Still stuck", {"case": "cs1"})
    assert office.cases.find("cs1")["status"] == "open"
    assert office.notes[-1] == "cs1 is open again: the customer answered"


@pytest.mark.parametrize("step", ["pending", "resolve", "close"])
def test_what_was_said_before_and_is_logged_late_opens_nothing_again(office: App, step: str) -> None:
    opened(office)
    steps = at(office, "2026-11-20T12:00:00Z").casesteps
    steps.pending(["cs1"]) if step == "pending" else getattr(steps, step)(["cs1"], {})
    before = office.cases.find("cs1")
    at(office, "2026-11-23T10:00:00Z")
    office.interactions.log("in", ["c1"], "Stuck", {"case": "cs1", "at": "2026-11-20 11:59"})
    after = office.cases.detail("cs1")
    assert {name: after[name] for name in before} == before and after["reopen_count"] == 0
    assert [one["id"] for one in after["interactions"]] == ["i1"]
    assert [one["status"] for one in after["followups"]] == (["open"] if step == "resolve" else [])
    office.interactions.log("in", ["c1"], "Stuck again", {"case": "cs1", "at": "2026-11-20 12:00"})
    assert office.cases.find("cs1")["status"] == "open"


@pytest.mark.parametrize(("when", "status"), [("2026-12-04T23:59:59Z", "open"), ("2026-12-05T00:00:00Z", "closed")])
def test_one_that_was_closed_opens_again_within_some_days(office: App, when: str, status: str) -> None:
    opened(office)
    office.casesteps.close(["cs1"], {})
    at(office, when).interactions.log("in", ["c1"], "Stuck again", {"case": "cs1"})
    record = office.cases.find("cs1")
    assert (record["status"], record["reopen_count"]) == (status, int(status == "open"))
    assert (record["resolved_at"] is None) == (status == "open")
    assert office.notes[-1].startswith("cs1 was closed and is open again" if status == "open" else "cs1 stays closed")


@pytest.mark.parametrize("given", [{"satisfaction": 4}, {"outcome": "resolved"}])
def test_praise_opens_nothing(office: App, given: Record) -> None:
    opened(office)
    office.casesteps.resolve(["cs1"], {"no_aftercare": True})
    office.interactions.log("in", ["c1"], "Thank you", {"case": "cs1", **given})
    record = office.cases.find("cs1")
    assert (record["status"], record["satisfaction"]) == ("resolved", given.get("satisfaction"))


# --- after-care


def test_some_days_after_it_is_asked_whether_that_solved_it(office: App) -> None:
    opened(office, channel="call")
    office.casesteps.resolve(["cs1"], {"resolution": "Oil"})
    followup = office.followups.find("f1")
    assert (followup["subject"], followup["case_id"], followup["due_at"]) == (
        "Did that solve it?",
        "cs1",
        "2026-11-23T00:00:00Z",
    )
    assert followup["channel"] == "call"
    at(office, "2026-11-23T10:00:00Z")
    office.followups.done(["f1"], {"log": "in", "note": "It turns again", "satisfaction": 5})
    record = office.cases.detail("cs1")
    assert (record["status"], record["satisfaction"]) == ("resolved", 5)
    assert [one["id"] for one in record["interactions"]] == ["i1"]
    assert len(office.followups.page("", all_states=True).items) == 1


def test_the_answer_to_that_question_opens_nothing(office: App) -> None:
    opened(office)
    office.casesteps.resolve(["cs1"], {})
    at(office, "2026-11-23T10:00:00Z").followups.done(["f1"], {"log": "in", "note": "Not quite"})
    assert office.cases.find("cs1")["status"] == "resolved"
    assert "crm case reopen cs1" in office.notes[-1]


def test_opened_again_it_is_not_asked(office: App) -> None:
    opened(office)
    office.casesteps.resolve(["cs1"], {})
    office.casesteps.reopen(["cs1"])
    assert office.followups.find("f1")["status"] == "cancelled"
    office.casesteps.resolve(["cs1"], {"no_aftercare": True})
    office.casesteps.close(["cs1"], {"satisfaction": 2})
    assert len(office.followups.page("", all_states=True).items) == 1
    assert office.cases.find("cs1")["satisfaction"] == 2


def test_a_followup_of_a_case(office: App) -> None:
    opened(office)
    office.followups.add("c1", "Send the part", {"due": "+1d", "case": "cs1"})
    assert [one["id"] for one in office.cases.detail("cs1")["followups"]] == ["f1"]
    assert [one["id"] for one in office.followups.page("case:cs1").items] == ["f1"]
    following = office.followups.done(["f1"], {"next": "+2d", "log": "out", "note": "Sent"})
    assert [one["case_id"] for one in following] == ["cs1", "cs1"]
    assert office.cases.find("cs1")["first_response_at"] == "2026-11-20T10:00:00Z"


# --- what is refused, and taken back


@pytest.mark.parametrize("step", ["pending", "resolve", "reply"])
def test_a_resolved_case_is_opened_again_first(office: App, step: str) -> None:
    opened(office)
    office.casesteps.resolve(["cs1"], {})
    steps = office.casesteps
    run = {
        "reply": lambda: steps.reply("cs1", "x", {}),
        "resolve": lambda: steps.resolve(["cs1"], {}),
        "pending": lambda: steps.pending(["cs1"]),
    }
    with pytest.raises(UsageError, match="resolved already") as error:
        run[step]()
    assert "crm case reopen cs1" in str(error.value.hint)


def test_several_or_none(office: App) -> None:
    opened(office)
    opened(office)
    office.casesteps.close(["cs2"], {})
    with pytest.raises(UsageError):
        office.casesteps.resolve(["cs1", "cs2"], {})
    assert office.cases.find("cs1")["status"] == "new"


def test_undo_takes_a_step_back_whole(office: App) -> None:
    before = opened(office)
    at(office, "2026-11-20T11:00:00Z").casesteps.resolve(["cs1"], {})
    office.history.undo()
    record = office.cases.detail("cs1")
    changed = {name for name in before if record[name] != before[name]}
    assert changed <= {"updated_at"}
    assert [step["status"] for step in record["history"]] == ["new"]
    assert record["followups"] == []


def test_deleted_cases_come_back(office: App) -> None:
    opened(office)
    office.cases.remove(["cs1"])
    with pytest.raises(NotFound) as error:
        office.cases.find("cs1")
    assert "crm case restore cs1" in str(error.value.hint)
    assert [one["id"] for one in office.cases.page(deleted=True).items] == ["cs1"]
    assert office.casewatch.due(everyone=True, until="2027-01-01T00:00:00Z").items == []
    opened(office)
    with pytest.raises(NotFound, match="there is no deleted case cs2"):
        office.cases.restore(["cs1", "cs2"])
    assert office.cases.page(deleted=True).items[0]["id"] == "cs1"
    assert [one["deleted_at"] for one in office.cases.restore(["cs1", "cs1"])] == [None]


# --- lists


def test_lists_and_filters(office: App) -> None:
    opened(office)
    office.cases.open("c2", "Door", {"priority": "low", "owner": "bob", "at": "-12d", "type": "question"})
    office.cases.open("c2", "Window", {"priority": "urgent"})
    office.casesteps.resolve(["cs3"], {"satisfaction": 4})

    def ids(text: str = "", **options: Any) -> list[str]:
        return [one["id"] for one in office.cases.page(text, **options).items]

    assert ids() == ["cs2", "cs1"]  # by what is to be resolved first
    assert ids(sort="-opened") == ["cs1", "cs2"] and ids(sort="opened", limit=1) == ["cs2"]
    assert ids(sort="opened", all_states=True) == ["cs2", "cs1", "cs3"]
    assert ids(sort="priority") == ["cs1", "cs2"]
    assert ids(all_states=True, sort="priority") == ["cs3", "cs1", "cs2"]
    assert ids("status:resolved") == ["cs3"]
    assert ids("satisfaction>=4") == ["cs3"]
    assert ids("age>=12") == ["cs2"]
    assert ids("age<12 priority:high,low") == ["cs1"]
    assert ids("owner:bob type:question") == ["cs2"]
    assert ids("response_due<now") == ["cs2"]
    assert ids("due>=-1y opened<-9d") == ["cs2"]
    assert ids("who:'Ada Lovelace'") == ids("company:co1") == ids("contact.name~ada") == ids("wheel") == ["cs1"]
    assert office.cases.matching("breached:yes") == ["cs2"]
    office.contacts.remove(["c2"])
    assert ids(all_states=True) == ["cs1"]


# --- who is told


def late(app: App) -> list[tuple[str, str, str, int]]:
    return [(one["id"], one["target"], one["state"], one["left"] // 60) for one in app.casewatch.due().items]


def test_the_queue_has_what_is_late_and_what_will_be_soon(office: App) -> None:
    opened(office)
    office.cases.open("c2", "Door", {"priority": "normal"})
    office.cases.open("c2", "Not mine", {"priority": "urgent", "owner": "bob"})
    office.cases.open("c2", "Nobody's", {"priority": "urgent", "owner": ""})
    at(office, "2026-11-20T12:00:00Z")
    assert late(office) == [("cs4", "response", "breached", -60), ("cs1", "response", "soon", 120)]
    assert len(office.casewatch.due(everyone=True).items) == 3
    assert [one["id"] for one in office.casewatch.due("owner:bob").items] == ["cs3"]
    office.casesteps.reply("cs4", "On my way", {})
    assert late(office) == [("cs1", "response", "soon", 120)]
    assert at(office, "2026-11-23T12:00:00Z").casewatch.due(limit=1).total == 3


def test_the_agenda_has_them(office: App) -> None:
    opened(office)
    found = at(office, "2026-11-20T15:00:00Z").agenda.week()
    assert [one["id"] for one in found["cases"]] == ["cs1"]
    assert found["counts"]["cases"] == 1
    office.casesteps.reply("cs1", "Try oil", {})
    found = office.agenda.week()
    assert found["cases"] == office.agenda.today()["cases"] == []
    days = {day["date"]: [one["id"] for one in day["cases"]] for day in found["days"] if day["cases"]}
    assert days == {"2026-11-24": ["cs1"]}


def told(app: App, again: str = "") -> list[tuple[str, str]]:
    """What a run of reminders tells: ids, and which target."""
    run = app.reminders.tell("stdout", parse_span(again) if again else None, lambda notice: None)
    return [(item["id"], item["target"]) for notice in run.told for item in notice.items]


def test_each_missed_target_is_told_once(office: App) -> None:
    opened(office)
    assert told(at(office, "2026-11-20T14:00:00Z")) == []
    assert told(at(office, "2026-11-20T14:00:01Z")) == [("cs1", "response")]
    assert told(at(office, "2026-11-23T14:00:01Z")) == []
    assert told(at(office, "2026-11-24T14:00:01Z")) == [("cs1", "resolution")]
    assert told(office) == []
    assert told(at(office, "2026-11-25T15:00:00Z"), "1d") == [("cs1", "response"), ("cs1", "resolution")]
    office.casesteps.reply("cs1", "Sorry", {})
    assert told(at(office, "2026-11-27T15:00:00Z"), "1d") == [("cs1", "resolution")]
    office.casesteps.resolve(["cs1"], {"no_aftercare": True})
    assert told(at(office, "2026-11-29T15:00:00Z"), "1d") == []


def test_one_that_was_answered_in_between_is_not_told(office: App) -> None:
    opened(office)
    at(office, "2026-11-20T15:00:00Z")
    with office.store.recording() as connection:
        rows = office.reminders._occasions.untold("stdout", None, 10)
        run = office.reminders._claim(connection, office.users.key("me"), "stdout", rows)
    office.casesteps.reply("cs1", "Here", {})
    assert office.reminders._send("stdout", run, lambda notice: None).told == ()


def test_a_digest_has_them(office: App) -> None:
    opened(office)
    found = at(office, "2026-11-20T15:00:00Z").digest.sections("daily")
    assert [one["id"] for one in found.records["cases"]] == ["cs1"]
    assert found.counts["cases"] == 1


# --- the report


def test_the_report_counts_by_hand(office: App) -> None:
    for number, (priority, answered, solved) in enumerate(
        [("high", "11:00", "12:00"), ("high", "15:00", "16:00"), ("low", "10:30", "")], 1
    ):
        at(office, "2026-11-20T10:00:00Z").cases.open("c1", f"Number {number}", {"priority": priority})
        at(office, f"2026-11-20T{answered}:00Z").casesteps.reply(f"cs{number}", "Hello", {})
        if solved:
            done = {"no_aftercare": True, "satisfaction": 6 - number * 2}
            at(office, f"2026-11-20T{solved}:00Z").casesteps.resolve([f"cs{number}"], done)
    at(office, "2026-11-21T10:00:00Z")
    whole = office.casereport.page().items[0]
    assert (whole["opened"], whole["resolved"], whole["open"], whole["reopened"]) == (3, 2, 1, 0)
    assert (whole["response_median"], whole["response_p90"]) == (3600, 5 * 3600)
    assert (whole["resolution_median"], whole["resolution_p90"]) == (4 * 3600, 6 * 3600)
    assert (whole["response_breached"], whole["response_counted"], whole["response_breach_share"]) == (1, 3, 33.3)
    assert (whole["resolution_breached"], whole["resolution_counted"]) == (0, 2)
    assert (whole["satisfaction"], whole["satisfaction_counted"]) == (3.0, 2)
    groups = [(one["group"], one["opened"], one["open"]) for one in office.casereport.page(by="priority").items]
    assert groups == [("high", 2, 0), ("low", 1, 1), ("all", 3, 1)]
    assert [one["group"] for one in office.casereport.page(by="month").items] == ["2026-11", "all"]
    assert [one["group"] for one in office.casereport.page(by="owner").items] == ["ada", "all"]
    assert office.casereport.page(since="2026-11-21").items[0]["opened"] == 0
    assert office.casereport.page(until="2026-11-20").items[0]["opened"] == 3
    assert office.casereport.page(until="9999-12-31").items[0]["opened"] == 3


def test_pauses_do_not_count_in_the_report(office: App) -> None:
    opened(office)
    at(office, "2026-11-20T11:00:00Z").casesteps.pending(["cs1"])
    at(office, "2026-11-23T10:00:00Z").casesteps.resolve(["cs1"], {"no_aftercare": True})
    at(office, "2026-11-23T12:00:00Z").casesteps.reopen(["cs1"])
    at(office, "2026-11-23T13:00:00Z").casesteps.resolve(["cs1"], {"no_aftercare": True})
    found = office.casereport.page().items[0]
    assert (found["resolution_median"], found["reopened"]) == (2 * 3600, 1)
