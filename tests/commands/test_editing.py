"""What is written in the editor: by `crm contact edit`, `crm log` and `crm interaction edit`."""

import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm, Result


class Desk:
    """A terminal whose editor is a line of Python: `text` is the draft, and what it is made into is saved."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm

    def __call__(self, script: str, *args: str, **env: str) -> Result:
        program = f"import pathlib, sys; path = pathlib.Path(sys.argv[-1]); text = path.read_text(); {script}"
        argv = [sys.executable, "-X", "utf8", "-c", f"{program}; path.write_text(text)"]
        return self.crm(*args, tty=True, asks=True, env={"CRM_EDITOR": shlex.join(argv), **env})


@pytest.fixture
def desk(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return Desk(crm)


@pytest.fixture
def ada(desk: Desk) -> Desk:
    flags = ["--email", "Ada@x.example", "--phone", "+44 20 7946 0958", "--company", "Engines"]
    desk.crm.ok("contact", "add", "Ada Lovelace", *flags)
    return desk


def draft(result: Result) -> str:
    """The text of the draft that a failed command names."""
    named = [line for line in result.err.splitlines() if line.startswith("your text is in ")]
    assert len(named) == 1, result.err
    return Path(named[0].removeprefix("your text is in ")).read_text("utf-8")


def drafts(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("crm-*"))


def contact(desk: Desk) -> dict[str, Any]:
    item: dict[str, Any] = desk.crm.json("contact", "show", "c1")["item"]
    return item


def test_spellings_are_changed_and_nothing_is_lost(ada: Desk, tmp_path: Path) -> None:
    script = "text = text.replace('Ada@x', 'ada@x').replace('7946 0958', '79460958')"
    result = ada(script, "contact", "edit", "c1")
    assert (result.code, result.out) == (0, "Changed Ada Lovelace (c1)\n"), result.err
    item = contact(ada)
    assert [row["value"] for row in item["emails"]] == ["ada@x.example"]
    assert [row["raw"] for row in item["phones"]] == ["+44 20 79460958"]
    assert drafts(tmp_path) == []


def test_a_comment_that_is_uncommented_is_a_field(ada: Desk) -> None:
    result = ada("text = text.replace('# nickname = \"\"', 'nickname = \"Countess\"')", "contact", "edit", "c1")
    assert result.code == 0, result.err
    assert contact(ada)["nickname"] == "Countess"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("text = 'oops = = 1' + text", "not valid TOML"),
        ("text = 'timezone = \"Mars\"' + chr(10) + text", "there is no time zone 'Mars'"),
        ("text = text.replace('Ada@x.example', 'nonsense')", "'nonsense' is not an e-mail address"),
    ],
)
def test_a_refused_document_is_kept(ada: Desk, script: str, said: str) -> None:
    before = contact(ada)
    result = ada(script, "contact", "edit", "c1")
    assert result.code == 2
    assert said in result.err
    assert "Ada Lovelace" in draft(result)
    assert contact(ada) == before


def test_whom_to_edit_is_asked_before_the_editor_opens(ada: Desk, tmp_path: Path) -> None:
    result = ada("text = 'typed'", "contact", "edit", "nobody")
    assert result.code == 3
    assert drafts(tmp_path) == []


@pytest.mark.parametrize(
    "flags",
    [
        ("--at", "2026-02-30"),
        ("--channel", "cal"),
        ("--duration", "long"),
        ("--at", "tomorrow"),
        ("--followup", "soon"),
    ],
)
def test_flags_of_log_are_checked_before_the_editor_opens(ada: Desk, tmp_path: Path, flags: tuple[str, ...]) -> None:
    result = ada(f"pathlib.Path({str(tmp_path / 'opened')!r}).touch()", "log", "in", "c1", *flags)
    assert result.code == 2
    assert not (tmp_path / "opened").exists()


def test_a_text_that_cannot_be_logged_is_kept(ada: Desk) -> None:
    ada.crm.ok("user", "add", "eve", "--role", "readonly")
    result = ada("text = 'What she said'", "log", "in", "c1", CRM_USER="eve")
    assert result.code == 6
    assert draft(result) == "What she said"


@pytest.mark.parametrize("direction", ["in", "out", "note"])
@pytest.mark.parametrize("script", ["pass", "text = ' '"])
def test_an_editor_left_empty_logs_nothing(ada: Desk, tmp_path: Path, direction: str, script: str) -> None:
    result = ada(script, "log", direction, "c1")
    assert (result.code, result.out) == (2, "")
    assert result.err == "crm: the text was left empty, so nothing was changed\nwrite something, save and leave\n"
    assert ada.crm.json("interaction", "list")["items"] == []
    assert drafts(tmp_path) == []


def test_an_editor_left_empty_is_enough_when_there_is_an_outcome(ada: Desk) -> None:
    result = ada("pass", "log", "out", "c1", "--outcome", "no_answer")
    assert (result.code, result.out) == (0, "Logged outbound call with Ada Lovelace (i1)\n"), result.err


def test_the_text_of_an_interaction_is_edited(ada: Desk, tmp_path: Path) -> None:
    ada.crm.ok("log", "in", "c1", "Asked")
    result = ada("text += ' twice'", "interaction", "edit", "i1")
    assert (result.code, result.out) == (0, "Changed i1\n"), result.err
    assert ada.crm.json("interaction", "show", "i1")["item"]["body"] == "Asked twice"
    ada.crm.ok("user", "add", "eve", "--role", "readonly")
    assert draft(ada("text += ', no'", "interaction", "edit", "i1", CRM_USER="eve")) == "Asked twice, no"
    assert ada.crm("interaction", "edit", "i1", "--text", "", "--subject", "x").code == 2
