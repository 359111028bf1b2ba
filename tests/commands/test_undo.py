"""`crm undo`: taking a command back, and what it says."""

import pytest

from tests.conftest import Crm


@pytest.fixture
def ada(crm: Crm) -> Crm:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--tag", "vip")
    return crm


def test_the_newest_change_is_taken_back(ada: Crm) -> None:
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer", "--email", "new@engines.example")
    told = ada.ok("undo", tty=True)
    assert told == "Took back op2 contact edit, Fri 20 Nov 10:00 by ada: 2 changes\n"
    item = ada.json("contact", "show", "c1")["item"]
    assert (item["job_title"], [entry["value"] for entry in item["emails"]]) == (None, ["ada@engines.example"])
    assert ada.json("find", "new@engines.example")["items"] == []


def test_a_pipe_gets_the_id_of_the_new_operation(ada: Crm) -> None:
    assert ada.ok("undo") == "op2\n"
    assert ada.ok("undo", "op2") == "op3\n"
    assert ada.ok("contact", "list", "-o", "ids") == "c1\n"


def test_json_tells_what_was_done(ada: Crm) -> None:
    document = ada.json("undo")
    assert document == {
        "schema": "crm.undo/1",
        "item": {
            "id": "op2",
            "undone": ["op1"],
            "command": "contact add",
            "file": None,
            "at": "2026-11-20T10:00:00Z",
            "actor": "ada",
            "changes": 4,
            "records": ["c1", "u1"],
            "brings_back": None,
            "brings_back_command": None,
            "steps": [
                {
                    "id": "op2",
                    "undone": ["op1"],
                    "command": "contact add",
                    "file": None,
                    "at": "2026-11-20T10:00:00Z",
                    "actor": "ada",
                    "brings_back": None,
                    "brings_back_command": None,
                }
            ],
        },
    }


def test_undos_go_back_one_by_one_and_an_undo_can_be_undone(ada: Crm) -> None:
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer")
    ada.ok("contact", "edit", "c1", "--job-title", "Chief")

    def job() -> str | None:
        return str(ada.json("contact", "show", "c1")["item"]["job_title"])

    ada.ok("undo")
    assert job() == "Engineer"
    ada.ok("undo")
    assert job() == "None"
    assert ada.ok("undo", "op5") == "op6\n"  # the second undo
    assert job() == "Engineer"
    ada.ok("undo")  # what it brought back
    assert job() == "None"
    ada.ok("undo")
    assert ada("contact", "show", "c1").code == 3
    result = ada("undo")
    assert (result.code, result.out) == (3, "")
    assert "nothing to take back" in result.err


def test_a_certain_operation_is_taken_back_and_later_ones_stay(ada: Crm) -> None:
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer")
    ada.ok("contact", "edit", "c1", "--department", "Mills")
    ada.ok("undo", "op2")
    item = ada.json("contact", "show", "c1")["item"]
    assert (item["job_title"], item["department"]) == (None, "Mills")


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        (("contact", "edit", "c1", "--job-title", "Chief"), "op3 (contact edit) changed contact c1"),
        (("contact", "edit", "c1", "--job-title", ""), "op3 (contact edit) changed contact c1"),
    ],
)
def test_what_was_changed_again_is_refused(ada: Crm, later: tuple[str, ...], reason: str) -> None:
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer")
    ada.ok(*later)
    result = ada("undo", "op2")
    assert result.code == 1
    hint = "take that back first: crm undo op3; with all that builds on it: crm undo op2 --with-dependents"
    assert result.err == f"crm: op2 cannot be taken back: {reason}\n{hint}\n"
    assert ada.ok("undo", "op3") == "op4\n"
    assert ada.ok("undo", "op2") == "op5\n"


def test_what_was_brought_back_is_refused_by_the_name_it_was_asked_by(ada: Crm) -> None:
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer")
    ada.ok("undo")
    ada.ok("redo")
    ada.ok("contact", "edit", "c1", "--job-title", "Chief")
    refused = ada("undo", "op2")
    assert refused.err.startswith("crm: op4, which brought back op2, cannot be taken back: op5 (contact edit) changed")


def test_what_others_hang_on_is_refused(ada: Crm) -> None:
    ada.ok("log", "in", "c1", "Asked", "--channel", "call")
    result = ada("undo", "op1")
    assert result.code == 1
    assert "op2 (log in) made use of contact c1: participant of i1" in result.err
    assert "crm undo op2" in result.err
    assert ada.ok("contact", "list", "-o", "ids") == "c1\n"


def test_a_refused_undo_leaves_no_trace(ada: Crm, app) -> None:
    ada.ok("followup", "add", "c1", "Call", "--due", "tomorrow")
    assert ada("undo", "op1").code == 1
    assert app.store.value("SELECT count(*) AS n FROM operation") == 2


def test_a_dry_run_says_what_would_be_done(ada: Crm, app) -> None:
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer")
    result = ada("undo", "--dry-run")
    assert (result.code, result.out) == (0, "")
    assert result.err == (
        "Would take back op2 contact edit, Fri 20 Nov 10:00 by ada: 1 change: c1\nNothing was changed\n"
    )
    assert ada.json("undo", "--dry-run")["item"]["id"] is None
    assert ada.json("contact", "show", "c1")["item"]["job_title"] == "Engineer"
    assert app.store.value("SELECT count(*) AS n FROM operation") == 2


@pytest.mark.parametrize(
    ("which", "code", "words"),
    [("op9", 3, "there is no operation op9"), ("c1", 2, "'c1' is not the id of an operation"), ("nine", 2, "op12")],
)
def test_what_is_no_operation_is_refused(ada: Crm, which: str, code: int, words: str) -> None:
    result = ada("undo", which)
    assert result.code == code
    assert words in result.err


def test_what_was_taken_back_is_not_taken_back_again(ada: Crm) -> None:
    ada.ok("undo", "op1")
    result = ada("undo", "op1")
    assert result.code == 2
    assert result.err == "crm: op1 was taken back already, by op2\nto bring it back: crm undo op2\n"


def test_what_was_brought_back_can_be_taken_back_by_its_first_name(ada: Crm) -> None:
    ada.ok("undo", "op1")
    ada.ok("undo", "op2")
    assert ada.json("undo", "op1")["item"]["undone"] == ["op3"]
    assert ada.ok("contact", "list", "-o", "ids") == ""


def test_nothing_is_made_where_there_is_nothing(crm: Crm, app) -> None:
    assert crm("undo").code == 3
    assert app.store.value("SELECT count(*) AS n FROM user_account") == 0


def test_who_may_only_read_takes_nothing_back(ada: Crm) -> None:
    ada.ok("user", "add", "bob", "--role", "readonly")
    assert ada("undo", env={"CRM_USER": "bob"}).code == 6
    assert ada("undo", "--dry-run", env={"CRM_USER": "bob"}).code == 6


def test_what_others_wrote_cannot_drive_the_terminal(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada", env={"CRM_USER": "ada\x1b[31m"})
    told = crm.ok("undo", tty=True)
    assert "\x1b" not in told
    assert "by ada" in told


PEOPLE = """Name,Email,Phone,Company,Size
Ada Lovelace,ada@engines.example,+442079460958,Engines,3
Grace Hopper,grace@navy.example,,Navy,4
Bob,bob@engines.example,,Engines,
"""


@pytest.mark.parametrize("parts", [(), ("--batch", "1")], ids=["at once", "in parts"])
def test_a_whole_import_is_taken_back_and_can_be_made_again(crm: Crm, tmp_path, parts: tuple[str, ...]) -> None:
    crm.ok("contact", "add", "Grace Hopper", "--email", "grace@navy.example", "--job-title", "Admiral")
    before = crm.json("contact", "show", "c1")["item"]
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    crm.ok("import", str(file), *parts)
    assert len(crm.json("contact", "list")["items"]) == 3
    done = crm.json("undo")["item"]
    assert done["file"] == str(file)
    assert len(done["undone"]) == (3 if parts else 1)
    assert crm.ok("contact", "list", "-o", "ids") == "c1\n"
    assert crm.json("contact", "show", "c1")["item"] == before
    assert crm.json("company", "list")["items"] == []
    summary = crm.json("import", str(file))["item"]
    assert (summary["created"], summary["updated"], summary["unchanged"]) == (2, 1, 0)
    crm.ok("undo")
    crm.ok("undo", done["id"])
    assert {item["display_name"] for item in crm.json("contact", "list")["items"]} == {
        "Ada Lovelace",
        "Grace Hopper",
        "Bob",
    }
    assert crm.json("contact", "show", "grace@navy.example")["item"]["companies"][0]["name"] == "Navy"
