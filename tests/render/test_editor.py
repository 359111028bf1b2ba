"""Writing in the user's editor; the editor here is a line of Python."""

import os
import shlex
import stat
import sys
from pathlib import Path

import pytest

from crmcli.kernel.errors import CrmError
from crmcli.render import editor


def environ_with(script: str, temporary: Path) -> dict[str, str]:
    """An environment whose editor runs `script`, with the path of the draft in `path`."""
    program = f"import os, sys; path = sys.argv[-1]; {script}"
    return {**os.environ, "CRM_EDITOR": shlex.join([sys.executable, "-X", "utf8", "-c", program])}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(editor.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_new_text_comes_back_and_the_draft_is_removed(temporary) -> None:
    environ = environ_with("text = open(path).read(); open(path, 'w').write(text + ' 山')", temporary)
    assert editor.edit("Zoë", ".md", environ) == "Zoë 山"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("script", ["pass", "open(path, 'w').write(' \\n')"])
def test_an_unchanged_or_emptied_text_is_none(script, temporary) -> None:
    assert editor.edit("text", ".md", environ_with(script, temporary)) is None


def test_the_draft_is_private(temporary) -> None:
    modes = "oct(os.stat(path).st_mode), oct(os.stat(os.path.dirname(path)).st_mode)"
    text = editor.edit("", ".md", environ_with(f"open(path, 'w').write(repr(({modes})))", temporary))
    assert text == repr((oct(stat.S_IFREG | 0o600), oct(stat.S_IFDIR | 0o700)))


@pytest.mark.parametrize(
    ("script", "message"),
    [("sys.exit(3)", "ended with status 3"), ("open(path, 'wb').write(b'\\xff')", "cannot be read")],
)
def test_a_failing_editor_keeps_the_draft(script, message, temporary) -> None:
    with pytest.raises(CrmError, match=message) as caught:
        editor.edit("precious", ".md", environ_with(script, temporary))
    assert Path(caught.value.hint.removeprefix("the draft is in ")).exists()


def test_an_editor_that_does_not_exist_keeps_the_draft() -> None:
    with pytest.raises(CrmError, match="cannot start the editor '/nonexistent/ed'") as caught:
        editor.edit("precious", ".md", {"EDITOR": "/nonexistent/ed"})
    assert Path(caught.value.hint.removeprefix("the draft is in ")).read_text() == "precious"


@pytest.mark.parametrize(
    ("environ", "argv"),
    [
        ({"CRM_EDITOR": "a", "VISUAL": "b", "EDITOR": "c"}, ["a"]),
        ({"VISUAL": "b -w", "EDITOR": "c"}, ["b", "-w"]),
        ({"CRM_EDITOR": " ", "EDITOR": "'my ed' -x"}, ["my ed", "-x"]),
    ],
)
def test_which_editor(environ, argv) -> None:
    assert editor.command(environ) == argv


def test_no_editor_at_all() -> None:
    with pytest.raises(CrmError, match="no editor was found"):
        editor.command({"PATH": "/nonexistent"})


def test_an_editor_that_cannot_be_parsed() -> None:
    with pytest.raises(CrmError, match="EDITOR is"):
        editor.command({"EDITOR": "vi '"})
