"""Long text from the command line: given, from standard input for `-`, or from the editor on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from crmcli.app import App
from crmcli.kernel.errors import UsageError

# Characters; what is longer belongs in a file beside the database.
LONGEST = 10_000_000


@contextmanager
def read_text(
    app: App, text: str | None, *, start: str = "", file: str | None = None, required: bool = False
) -> Iterator[str | None]:
    """The text that was meant, for a block to work with; None when there is none.

    What was typed in the editor is kept until the block is done.

    Args:
        app: the App.
        text: as on the command line; `-` is standard input, and none at all the editor where a person is there.
        start: what the editor begins with.
        file: the path of a file that holds it.
        required: refuse an editor that was left empty.

    Raises:
        UsageError: the text is required and was left empty, or it is too long or not UTF-8.
    """
    if text is not None or file is not None or not app.out.prompting_allowed():
        yield _given(app, text, file)
        return
    with app.edit_text(start, ".md") as typed:
        if typed is None and required:
            raise UsageError("the text was left empty, so nothing was changed", "write something, save and leave")
        yield None if typed is None else _whole(typed)


def _given(app: App, text: str | None, file: str | None) -> str | None:
    if file is None:
        return standard_input(app) if text == "-" else text
    if text is not None:
        raise UsageError("both a text and --file were given", "give one of them")
    return _from_file(file)


def _from_file(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            return _whole(stream.read(LONGEST + 1))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", "convert it first, for example with iconv") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name a text file") from error


def standard_input(app: App) -> str:
    """All of the standard input.

    Raises:
        UsageError: it is too long or not UTF-8.
    """
    try:
        text = app.stdin.read(LONGEST + 1)
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not UTF-8 text", "convert it first, for example with iconv") from error
    return _whole(text)


def _whole(text: str) -> str:
    if len(text) > LONGEST:
        raise UsageError("the text is too long", f"at most {LONGEST:,} characters are kept")
    return text
