"""Questions to the person at the terminal, asked on the standard error.

To be called only where `Out.prompting_allowed` says so. Ctrl-C and Ctrl-D raise KeyboardInterrupt. Where output is
plain or the terminal is dumb, questions are simple lines: a menu that redraws itself cannot be read aloud.
"""

from collections.abc import Callable, Sequence

import questionary
from prompt_toolkit.output import ColorDepth, Output, create_output

from crmcli.kernel.text import safe
from crmcli.render import streams
from crmcli.render.color import wants_color
from crmcli.render.out import Out


def choose(title: str, options: Sequence[tuple[str, str]], out: Out) -> str:
    """Let the user pick one of `options`, (value, label) pairs. Returns the value."""
    if _simple(out):
        return _choose_by_number(title, options, out)
    choices = [questionary.Choice(title=safe(label), value=value) for value, label in options]
    return str(_answer(questionary.select(safe(title), choices, output=_output(out), color_depth=_depth(out))))


def confirm(question: str, out: Out, *, default: bool = False) -> bool:
    """Ask a question that is answered with yes or no; `default` is what Enter alone means."""
    if _simple(out):
        answer = _line(f"{question} ({'Y/n' if default else 'y/N'})", out).lower()
        return answer.startswith("y") if answer else default
    return bool(_answer(questionary.confirm(safe(question), default, output=_output(out), color_depth=_depth(out))))


def ask(question: str, out: Out, *, default: str = "", validate: Callable[[str], bool | str] | None = None) -> str:
    """Ask for a line of text until it is valid. `validate` returns True, or what is wrong with the text."""
    if not _simple(out):
        asked = questionary.text(safe(question), default, validate, output=_output(out), color_depth=_depth(out))
        return str(_answer(asked))
    while True:
        text = _line(f"{question} [{default}]" if default else question, out) or default
        verdict = validate(text) if validate else True
        if verdict is True:
            return text
        out.warn(verdict or "that is not valid")


def _choose_by_number(title: str, options: Sequence[tuple[str, str]], out: Out) -> str:
    out.warn(title, *(f"{number}. {label}" for number, (_, label) in enumerate(options, 1)))
    while True:
        answer = _line(f"Number, 1 to {len(options)}", out)
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options):
            return options[int(answer) - 1][0]


def _line(question: str, out: Out) -> str:
    streams.tell(out.stderr, safe(question) + " ")
    line = out.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()


def _answer(question: questionary.Question) -> object:
    try:
        return question.unsafe_ask()
    except EOFError:
        raise KeyboardInterrupt from None


def _simple(out: Out) -> bool:
    return out.plain or out.environ.get("TERM") == "dumb"


def _output(out: Out) -> Output:
    return create_output(stdout=out.stderr)


def _depth(out: Out) -> ColorDepth:
    coloured = wants_color(out.settings.color, out.environ, out.stderr.isatty())
    return ColorDepth.DEPTH_4_BIT if coloured else ColorDepth.DEPTH_1_BIT
