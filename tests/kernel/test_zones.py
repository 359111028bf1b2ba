"""Zones by name."""

from zoneinfo import available_timezones

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.zones import check, load


def test_every_zone_is_found_in_any_case() -> None:
    names = sorted(available_timezones())
    assert [check(name) for name in names] == names
    assert check(names[0].lower()) == names[0]
    assert check("etc/gmt+5") == "Etc/GMT+5"


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../UTC", "Europe/../UTC", "UTC\0", "Ünter/Den", "A" * 5000, "Etc"]
)
def test_only_names_are_looked_up(name: str) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        load(name)
