"""Paths as people write them."""

from pathlib import Path

import pytest

from crmcli.kernel import paths


def test_a_tilde_of_nobody_is_part_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert paths.expanded("~/crm.db") == Path("/home/ada/crm.db")
    assert paths.expanded("~~x~~") == Path("~~x~~")
    assert paths.expanded(Path("~nobody-here/crm.db")) == Path("~nobody-here/crm.db")
