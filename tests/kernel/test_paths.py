"""Paths as people write them."""

from pathlib import Path

import pytest

from crmcli.kernel import paths
from crmcli.kernel.errors import UsageError


def test_a_tilde_is_a_home_and_that_of_nobody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert paths.expanded("~/crm.db") == Path("/home/ada/crm.db")
    assert paths.expanded("./~~x~~") == Path("~~x~~")
    for name in ("~~x~~", Path("~nobody-here/crm.db")):
        with pytest.raises(UsageError, match="there is no home folder for '~"):
            paths.expanded(name)
