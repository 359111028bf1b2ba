"""`--as-of`: records as they were, deleted, merged and undone ones included."""

import json
import random
from pathlib import Path

import pytest

from tests.conftest import Crm
from tests.trust.undo import BEGINNING, FILES, Try

SHOWS = [
    *[f"show {who}" for who in ("c1", "c2", "c3", "c4", "co1", "co2")],
    *[f"contact show c{key}" for key in (1, 2, 3, 4, 5)],
    *[f"company show co{key}" for key in (1, 2)],
    *[f"interaction show i{key}" for key in (1, 2)],
    *[f"followup show f{key}" for key in (1, 2)],
    "cadence show cad1",
]


def at(crm: Crm, moment: str, *args: str) -> None:
    crm.ok(*args, env={"CRM_NOW": f"2026-11-{moment}:00Z"})


@pytest.fixture
def ada(crm: Crm) -> Crm:
    at(crm, "16T10:00", "contact", "add", "Ada Lovelace", "--tag", "vip", "--email", "ada@engines.example")
    at(crm, "17T10:00", "contact", "edit", "c1", "--job-title", "Engineer")
    at(crm, "18T10:00", "contact", "add", "A. Lovelace", "--email", "a@engines.example")
    at(crm, "18T11:00", "contact", "merge", "c1", "c2")
    at(crm, "19T10:00", "contact", "rm", "c1")
    return crm


def test_what_was_deleted_is_shown_as_it_was(ada: Crm) -> None:
    result = ada("contact", "show", "c1", "--as-of", "2026-11-16", "--json")
    item = json.loads(result.out)["item"]
    assert (item["job_title"], item["deleted_at"], item["as_of"]) == (None, None, "2026-11-16T23:59:59Z")
    assert result.err == "As it was on Mon 16 Nov 23:59 UTC\n"
    assert ada.json("contact", "show", "c1", "--as-of", "2026-11-17 10:00")["item"]["job_title"] == "Engineer"
    assert len(ada.json("show", "c1", "--as-of", "2026-11-18")["item"]["contact"]["emails"]) == 2


def test_what_was_merged_is_itself_before(ada: Crm) -> None:
    assert ada.json("contact", "show", "c2", "--as-of", "2026-11-18 10:30")["item"]["display_name"] == "A. Lovelace"
    result = ada("contact", "show", "c2", "--as-of", "2026-11-18 11:30", "--json")
    assert json.loads(result.out)["item"]["id"] == "c1"
    assert "c2 had been merged into c1 by then" in result.err


def test_the_screen_names_the_date(ada: Crm) -> None:
    result = ada("show", "c1", "--as-of", "2026-11-17", tty=True)
    assert "Engineer" in result.out
    assert "As it was on Tue 17 Nov 23:59 UTC" in result.err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("c2", "--as-of", "2026-11-17"), 3, "it was made on Wed 18 Nov 10:00, by op3"),
        (("c1", "--as-of", "tomorrow"), 2, "is still to come"),
        (("c1", "--as-of", "once"), 2, "once"),
        (("c9", "--as-of", "today"), 3, "there is no contact c9, and never was"),
        (("c1", "--as-of", "today", "--origins"), 2, "both --origins and --as-of"),
    ],
)
def test_what_cannot_be_shown_is_refused(ada: Crm, args: tuple[str, ...], code: int, words: str) -> None:
    result = ada("contact", "show", *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err


def test_what_was_undone_was_there_before_and_not_after(crm: Crm) -> None:
    at(crm, "16T10:00", "contact", "add", "Ada")
    at(crm, "17T10:00", "undo")
    assert crm.json("show", "c1", "--as-of", "2026-11-16")["item"]["contact"]["display_name"] == "Ada"
    result = crm("show", "c1", "--as-of", "2026-11-17")
    assert result.code == 3
    assert "op2 (undo op1) had taken it away" in result.err


@pytest.mark.parametrize("seed", [0, 1, 120])
def test_any_moment_gives_what_was_said_then(crm: Crm, tmp_path: Path, seed: int) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    one = Try(crm, tmp_path, random.Random(seed))
    for line in BEGINNING:
        one.run(line)
    said: list[tuple[str, str, dict[str, object]]] = []
    for _ in range(10):
        one.run(one.any_change() if one.chance.random() < 0.75 else one.any_reversal())
        for line in one.chance.sample(SHOWS, 2):
            result = crm(*line.split(), "--json", env={"CRM_NOW": one.now})
            # An id may lead to whom it was merged into, and somebody deleted is found by as-of alone.
            if result.code == 0:
                said.append((line, one.now, json.loads(result.out)["item"]))
    assert said
    for line, now, item in said:
        shown = crm.json(*line.split(), "--as-of", now, env={"CRM_NOW": "2027-01-01T00:00:00Z"})["item"]
        assert shown.pop("as_of") == now
        assert shown == item, f"{line} at {now} after {one.done}"
