"""When a pager is started, and which."""

import os
import sys
from pathlib import Path

import pytest

from crmcli.render import pager


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A PATH with `less` and `most` in it."""
    for name in ("less", "most"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    return str(tmp_path)


@pytest.mark.parametrize(
    ("environ", "argv"),
    [
        ({}, ["less", "-FRX"]),
        ({"PAGER": "most -s 'a b'"}, ["most", "-s", "a b"]),
        ({"PAGER": "most", "CRM_PAGER": "less"}, ["less"]),
        ({"PAGER": "most", "CRM_PAGER": ""}, []),
        ({"PAGER": "cat"}, []),
        ({"PAGER": "  "}, []),
        ({"PAGER": "not-installed"}, []),
        ({"PAGER": "most '"}, []),
    ],
)
def test_which_pager(environ, argv, programs) -> None:
    assert pager.command({"PATH": programs, **environ}) == argv


@pytest.mark.parametrize(
    ("how", "paged"),
    [
        ({"terminal": True}, True),
        ({"terminal": False}, False),
        ({"terminal": True, "pager": False}, False),
        ({"terminal": True, "environ": {"TERM": "dumb"}}, False),
        ({"terminal": True, "environ": {"CRM_PAGER": "cat"}}, False),
    ],
)
def test_only_what_is_longer_than_the_screen_is_paged(how, paged, make_out, monkeypatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(pager, "run", lambda argv, text, environ: texts.append(text) or True)
    environ = {"LINES": "5", "PAGER": sys.executable, **how.pop("environ", {})}
    out = make_out(environ=environ, **how)
    out.emit("12345")
    assert texts == []
    out.emit("123456")
    assert texts == (["1\n2\n3\n4\n5\n6\n"] if paged else [])
    assert out.data == "1\n2\n3\n4\n5\n" + ("" if paged else "1\n2\n3\n4\n5\n6\n")


def test_the_pager_gets_the_text_and_is_secured(tmp_path: Path) -> None:
    script = "import os, sys; open(sys.argv[1], 'w').write(os.environ['LESSSECURE'] + sys.stdin.read())"
    got = tmp_path / "got"
    assert pager.run([sys.executable, "-c", script, str(got)], "日本\n", {**os.environ, "PYTHONUTF8": "1"})
    assert got.read_text(encoding="utf-8") == "1日本\n"


def test_leaving_the_pager_early_is_no_failure() -> None:
    assert pager.run([sys.executable, "-c", ""], "x\n" * 200_000, os.environ)


def test_a_pager_that_cannot_start_is_told() -> None:
    assert not pager.run(["/nonexistent/pager"], "x", os.environ)
