"""`crm history`: who changed what, and when."""

import pytest

from tests.conftest import Crm
from tests.everything import AWKWARD


@pytest.fixture
def team(crm: Crm) -> Crm:
    """Eight operations over three days, by two people."""

    def at(moment: str, *args: str, user: str = "ada") -> None:
        crm.ok(*args, env={"CRM_NOW": f"{moment}:00Z", "CRM_USER": user})

    at("2026-11-17T14:02", "contact", "add", "Ada Lovelace", "--email", "ada@engines.example", "--tag", "vip")
    at("2026-11-17T14:03", "contact", "edit", "c1", "--lifecycle-stage", "customer")
    at("2026-11-18T09:00", "contact", "add", "A. Lovelace", user="bob")
    at("2026-11-18T09:05", "log", "in", "c2", "Asked about delivery", user="bob")
    at("2026-11-18T09:06", "contact", "merge", "c1", "c2", user="bob")
    at("2026-11-20T09:00", "contact", "tag", "c1", "late")
    at("2026-11-20T09:01", "undo")
    at("2026-11-20T09:02", "company", "add", "Works")
    return crm


def ids(crm: Crm, *args: str) -> list[str]:
    return [item["id"] for item in crm.json("history", *args)["items"]]


def test_a_terminal_gets_prose_day_by_day(team: Crm) -> None:
    assert team.ok("history", tty=True) == (
        "Fri 20 Nov ─────────────────────────────────────────────────────────────────────\n"
        "09:02  op8  you added Works (co1)\n"
        "09:01  op7  you took back op6 (contact tag)\n"
        "09:00  op6  you changed Ada Lovelace (c1): +tag late  taken back by op7\n"
        "\n"
        "Wed 18 Nov ─────────────────────────────────────────────────────────────────────\n"
        "09:06  op5  bob merged A. Lovelace (c2) into Ada Lovelace (c1)\n"
        "09:05  op4  bob logged i1 with A. Lovelace (c2): Asked about delivery\n"
        "09:00  op3  bob added A. Lovelace (c2)\n"
        "\n"
        "Tue 17 Nov ─────────────────────────────────────────────────────────────────────\n"
        "14:03  op2  you changed Ada Lovelace (c1): lifecycle stage none -> customer\n"
        "14:02  op1  you added Ada Lovelace (c1): +e-mail ada@engines.example, +tag vip\n"
    )


def test_it_fits_forty_cells(team: Crm) -> None:
    told = team.ok("history", tty=True, width=40)
    assert max(map(len, told.splitlines())) <= 40
    assert "14:03  op2\n  you changed Ada Lovelace (c1):\n  lifecycle stage none -> customer\n" in told


def test_a_pipe_gets_data(team: Crm) -> None:
    lines = team.ok("history", "--limit", "2").splitlines()
    assert lines[0].split("\t")[:6] == ["id", "at", "actor", "command", "file", "changes"]
    assert lines[1].split("\t")[:4] == ["op8", "2026-11-20T09:02:00Z", "ada", "company add"]


def test_json_is_the_contract(team: Crm) -> None:
    document = team.json("history", "--command", "contact tag")
    assert document["schema"] == "crm.operation.list/1"
    item = document["items"][0]
    assert len(item.pop("seal")) == 64
    assert len(item.pop("uid")) == 36
    assert item.pop("tables").keys() == {"contact", "tag", "tagging"}
    assert item == {
        "id": "op6",
        "at": "2026-11-20T09:00:00Z",
        "actor": "ada",
        "command": "contact tag",
        "file": None,
        "counts": {"added": 2, "changed": 1, "removed": 0, "erased": 0, "total": 3},
        "records": ["c1"],
        "undoes": [],
        "undone_by": "op7",
    }


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("c1",), ["op7", "op6", "op5", "op4", "op3", "op2", "op1"]),
        (("ada@engines.example",), ["op7", "op6", "op5", "op4", "op3", "op2", "op1"]),
        (("Ada", "Lovelace"), ["op7", "op6", "op5", "op4", "op3", "op2", "op1"]),
        (("c2",), ["op5", "op3"]),
        (("i1",), ["op5", "op4"]),
        (("co1",), ["op8"]),
        (("op6",), ["op7", "op6"]),
        (("u2",), ["op3"]),
        (("--by", "bob"), ["op5", "op4", "op3"]),
        (("--by", "bob", "--command", "LOG"), ["op4"]),
        (("--since", "2026-11-18 09:05", "--until", "2026-11-18"), ["op5", "op4"]),
        (("--until", "2026-11-17"), ["op2", "op1"]),
        (("--since", "-1d"), ["op8", "op7", "op6"]),
        (("c1", "--limit", "1"), ["op7"]),
        (("--command", "%"), []),
    ],
)
def test_it_can_be_narrowed(team: Crm, args: tuple[str, ...], found: list[str]) -> None:
    assert ids(team, *args) == found


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("nobody",), 3, "there is no contact or company 'nobody'"),
        (("i9",), 3, "there never was a interaction i9"),
        (("op99",), 3, "there is no operation op99"),
        (("--by", "zed"), 3, "there is no user 'zed'"),
        (("--since", "soonish"), 2, "soonish"),
        (("show", "c1"), 2, "'c1' is not the id of an operation"),
        (("show", "op99"), 3, "there is no operation op99"),
        (("show", "op1", "op2"), 2, "show takes the id of one operation"),
    ],
)
def test_what_is_not_there_is_refused(team: Crm, args: tuple[str, ...], code: int, words: str) -> None:
    result = team("history", *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err


def test_a_deleted_or_undone_record_has_a_history(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("contact", "rm", "c1")
    assert ids(crm, "c1") == ["op2", "op1"]
    crm.ok("undo")
    crm.ok("undo")
    assert ids(crm, "c1") == ["op4", "op3", "op2", "op1"]
    assert "added Ada (c1)" in crm.ok("history", "--limit", "9", tty=True)


def test_an_import_is_one_line_with_counts(crm: Crm, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\n" + "".join(f"P{n},p{n}@works.example\n" for n in range(30)))
    crm.ok("import", str(file))
    told = " ".join(crm.ok("history", tty=True, width=200).split())
    assert told.endswith(f"op1 you imported {file}: 30 contacts added")


def test_an_operation_is_shown_field_by_field(team: Crm) -> None:
    assert team.ok("history", "show", "op2").splitlines()[1] == "c1\tchanged\tcontact\tlifecycle_stage\t\tcustomer"
    told = team.ok("history", "show", "op2", tty=True)
    assert "lifecycle stage         none → customer" in told
    document = team.json("history", "show", "op2")
    assert document["schema"] == "crm.operation/1"
    assert document["item"]["changes"][0] == {
        "table": "contact",
        "row": 1,
        "record": "c1",
        "action": "changed",
        "before": {"lifecycle_stage": None, "updated_at": "2026-11-17T14:02:00Z"},
        "after": {"lifecycle_stage": "customer", "updated_at": "2026-11-17T14:03:00Z"},
    }
    assert document["item"]["changes_more"] == 0


def test_of_a_large_one_the_first_are_shown_and_the_rest_counted(team: Crm) -> None:
    result = team("history", "show", "op1", "--limit", "2", "--json")
    assert '"changes_more": 3' in result.out
    assert result.err == "3 more changes; --all shows them all\n"


@pytest.mark.parametrize("width", [40, 80])
def test_what_others_wrote_cannot_drive_the_terminal(crm: Crm, width: int) -> None:
    name = AWKWARD.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    crm.ok("contact", "add", "Ada", "--notes", AWKWARD, "--tag", name[:60], env={"CRM_USER": "ada\x1b[31m"})
    crm.ok("contact", "edit", "c1", "--name", name, "--set", "a=" + AWKWARD)
    for args in (("history",), ("history", "show", "op1"), ("history", "show", "op2"), ("history", "c1")):
        told = crm.ok(*args, tty=True, width=width)
        assert not set(told) & {"\x1b", "\u202e", "\x7f", "\r", "\t"}
        assert "\\x1b" in told
