"""Long text from the command line: given, from standard input for `-`, or from the editor on a terminal."""

from crmcli.app import App
from crmcli.kernel.errors import UsageError

# Characters; what is longer belongs in a file beside the database.
LONGEST = 10_000_000


def read_text(
    app: App, text: str | None, *, start: str = "", file: str | None = None, required: bool = False
) -> str | None:
    """The text that was meant.

    Args:
        app: the App.
        text: as on the command line; `-` is standard input, and none at all the editor where a person is there.
        start: what the editor begins with.
        file: the path of a file that holds it.
        required: refuse to go on without any.

    Raises:
        UsageError: it is required and there is none, or it is too long or not UTF-8.
    """
    if file is not None:
        if text is not None:
            raise UsageError("both a text and --file were given", "give one of them")
        return _from_file(file)
    if text == "-":
        return _from_stream(app)
    if text is None and app.out.prompting_allowed():
        text = app.edit_text(start, ".md")
    if text is None and required:
        raise UsageError("there is no text", "give it as an argument, or - to read standard input")
    return text


def _from_file(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            return _whole(stream.read(LONGEST + 1))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", "convert it first, for example with iconv") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", "name a text file") from error


def _from_stream(app: App) -> str:
    try:
        text = app.stdin.read(LONGEST + 1)
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not UTF-8 text", "convert it first, for example with iconv") from error
    return _whole(text)


def _whole(text: str) -> str:
    if len(text) > LONGEST:
        raise UsageError("the text is too long", f"at most {LONGEST:,} characters are kept")
    return text
