"""Values as text."""

import pytest

from crmcli.render.values import flat


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ("a,b\t", "a,b\t"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (2.5, "2.5"),
        ([], ""),
        (["a", "b"], "a,b"),
        ({"id": "c1", "display_name": "Ada"}, "Ada"),
        ({"id": "co1"}, "id=co1"),
        ({"source": "fair", "name": "x"}, "source=fair,name=x"),
        ([{"value": "a@x.example", "label": "work"}, {"value": "b@x.example"}], "a@x.example,b@x.example"),
        ([{"e164": "+44", "raw": "0 44"}, {"e164": None, "raw": "12"}], "+44,12"),
    ],
)
def test_flat(value, text) -> None:
    assert flat(value) == text
