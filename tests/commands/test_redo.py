"""`crm redo`: what the last undo took comes back, as often as one went back."""

from tests.conftest import Crm


def job(crm: Crm) -> str | None:
    return str(crm.json("contact", "show", "c1")["item"]["job_title"])


def steps(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "edit", "c1", "--job-title", "Engineer")
    crm.ok("contact", "edit", "c1", "--job-title", "Chief")


def test_undos_and_redos_lead_back_to_where_one_began(crm: Crm) -> None:
    steps(crm)
    for command, title in (
        ("undo", "Engineer"), ("undo", "None"), ("redo", "Engineer"), ("redo", "Chief"), ("undo", "Engineer"),
        ("redo", "Chief"), ("undo", "Engineer"), ("undo", "None"), ("redo", "Engineer"), ("redo", "Chief"),
    ):  # fmt: skip
        crm.ok(command)
        assert job(crm) == title
    result = crm("redo")
    assert (result.code, result.out) == (3, "")
    assert result.err == "crm: there is nothing to redo\na redo brings back what crm undo took\n"


def test_it_tells_what_came_back(crm: Crm) -> None:
    steps(crm)
    crm.ok("undo")
    assert crm("redo", "--dry-run").err == (
        "Would bring back op3 contact edit, taken back by op4: 1 change: c1\nNothing was changed\n"
    )
    assert crm.ok("redo", tty=True) == "Brought back op3 contact edit, taken back by op4: 1 change\n"


def test_once_something_new_was_changed_there_is_nothing_to_redo(crm: Crm) -> None:
    steps(crm)
    crm.ok("undo")
    crm.ok("contact", "add", "Bob")
    result = crm("redo")
    assert result.code == 3
    assert result.err == (
        "crm: there is nothing to redo: op5 (contact add) came after the last undo\n"
        "to bring back what that took: crm undo op4\n"
    )
    crm.ok("undo", "op4")
    assert job(crm) == "Chief"
    assert crm("redo").code == 3


def test_what_was_taken_back_out_of_the_middle_comes_back(crm: Crm) -> None:
    steps(crm)
    crm.ok("contact", "edit", "c1", "--department", "Mills")
    crm.ok("undo", "op3")
    crm.ok("redo")
    assert (job(crm), crm.json("contact", "show", "c1")["item"]["department"]) == ("Chief", "Mills")


def test_where_nothing_was_done_there_is_nothing_to_redo(crm: Crm) -> None:
    assert crm("redo").code == 3
    assert crm("redo", "--dry-run").code == 3


def test_somebody_new_brings_back_what_another_took(crm: Crm) -> None:
    steps(crm)
    crm.ok("undo")
    crm.ok("redo", env={"CRM_USER": "bob"})
    assert job(crm) == "Chief"
    assert crm.json("history", "--limit", "1")["items"][0]["command"] == "undo op4"


def test_who_may_only_read_brings_nothing_back(crm: Crm) -> None:
    crm.ok("user", "add", "bob", "--role", "readonly")
    steps(crm)
    crm.ok("undo")
    assert crm("redo", env={"CRM_USER": "bob"}).code == 6


def test_what_was_touched_out_of_its_turn_comes_back_exactly(crm: Crm) -> None:
    """When an undo out of the middle touched a record last is told by no change that made it."""
    for minute, line in enumerate(
        ("contact add Ada", "contact edit c1 --job-title Chief", "contact tag c1 vip", "undo op2", "undo op3")
    ):
        crm.ok(*line.split(), env={"CRM_NOW": f"2026-11-20T00:0{minute}:00Z"})
    was = crm.json("contact", "show", "c1")["item"]
    assert was["updated_at"] == "2026-11-20T00:04:00Z"
    for line in ("undo op1", "redo"):
        crm.ok(*line.split(), env={"CRM_NOW": "2026-11-20T01:00:00Z"})
    assert crm.json("contact", "show", "c1")["item"] == was
