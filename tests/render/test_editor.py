"""Writing in the user's editor; the editor here is a line of Python."""

import os
import shlex
import stat
import sys
from pathlib import Path

import pytest

from crmcli.kernel.errors import CrmError, UsageError
from crmcli.render import editor


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(editor.tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def out_with(make_out):
    """An output in whose environment the editor runs a script, with the path of the draft in `path`."""

    def make(script: str):
        program = f"import os, sys; path = sys.argv[-1]; {script}"
        argv = [sys.executable, "-X", "utf8", "-c", program]
        return make_out(environ={**os.environ, "CRM_EDITOR": shlex.join(argv)})

    return make


def kept(error: CrmError) -> Path:
    """The draft that an error names."""
    return Path(error.details[-1].removeprefix("your text is in "))


TYPES = "open(path, 'w').write('typed')"


def test_the_new_text_comes_back_and_the_draft_is_removed(out_with, temporary) -> None:
    with editor.edited("Zoë", ".md", out_with("text = open(path).read(); open(path, 'w').write(text + ' 山')")) as text:
        assert text == "Zoë 山"
        assert len(list(temporary.iterdir())) == 1
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("start", ["text", "a\r\nb\rc\n", "山"])
def test_an_unchanged_text_is_none(out_with, start) -> None:
    with editor.edited(start, ".md", out_with("pass")) as text:
        assert text is None


def test_an_emptied_text_is_none(out_with) -> None:
    with editor.edited("text", ".md", out_with("open(path, 'w').write(' \\n')")) as text:
        assert text is None


def test_the_draft_is_private(out_with) -> None:
    modes = "oct(os.stat(path).st_mode), oct(os.stat(os.path.dirname(path)).st_mode)"
    with editor.edited("", ".md", out_with(f"open(path, 'w').write(repr(({modes})))")) as text:
        assert text == repr((oct(stat.S_IFREG | 0o600), oct(stat.S_IFDIR | 0o700)))


def test_what_was_typed_outlives_the_failure_of_what_follows(out_with) -> None:
    with pytest.raises(UsageError) as caught, editor.edited("", ".md", out_with(TYPES)):
        raise UsageError("refused", "a hint")
    assert (caught.value.message, caught.value.hint) == ("refused", "a hint")
    assert kept(caught.value).read_text() == "typed"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_what_was_typed_outlives_an_interruption_and_a_defect(out_with, temporary, error) -> None:
    out = out_with(TYPES)
    with pytest.raises(error), editor.edited("", ".md", out):
        raise error
    assert Path(out.said.strip().removeprefix("your text is in ")).read_text() == "typed"


def test_nothing_is_kept_when_nothing_was_typed(out_with, temporary) -> None:
    out = out_with("pass")
    with pytest.raises(UsageError) as caught, editor.edited("text", ".md", out):
        raise UsageError("refused")
    assert (caught.value.details, out.said, list(temporary.iterdir())) == ((), "", [])


@pytest.mark.parametrize(
    ("script", "message"),
    [("sys.exit(3)", "ended with status 3"), ("open(path, 'wb').write(b'\\xff')", "cannot be read")],
)
def test_a_failing_editor_keeps_the_draft(out_with, script, message) -> None:
    with pytest.raises(CrmError, match=message) as caught, editor.edited("precious", ".md", out_with(script)):
        pass
    assert kept(caught.value).exists()


def test_an_editor_that_does_not_exist_keeps_the_draft(make_out) -> None:
    out = make_out(environ={"EDITOR": "/nonexistent/ed"})
    with (
        pytest.raises(CrmError, match="cannot start the editor '/nonexistent/ed'") as caught,
        editor.edited("precious", ".md", out),
    ):
        pass
    assert kept(caught.value).read_text() == "precious"


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
