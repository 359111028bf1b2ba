"""The rules of colour, as a table."""

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.render.color import wants_color


@pytest.mark.parametrize(
    ("flag", "environ", "terminal", "wanted"),
    [
        (None, {}, True, True),
        (None, {}, False, False),
        ("auto", {}, True, True),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": ""}, True, True),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        (None, {"FORCE_COLOR": "1"}, False, True),
        (None, {"FORCE_COLOR": "0"}, False, False),
        (None, {"FORCE_COLOR": "0"}, True, True),
        (None, {"FORCE_COLOR": ""}, False, False),
        (None, {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        (None, {"CLICOLOR_FORCE": "1"}, False, True),
        (None, {"CLICOLOR_FORCE": "0"}, False, False),
        (None, {"CLICOLOR": "0"}, True, False),
        (None, {"CLICOLOR": "1"}, False, False),
        (None, {"TERM": "dumb"}, True, False),
    ],
)
def test_who_wins(flag, environ, terminal, wanted) -> None:
    assert wants_color(flag, environ, terminal) is wanted


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        wants_color("purple", {}, True)
    assert caught.value.hint == "the choices are auto, always, never"
