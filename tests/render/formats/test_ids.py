"""Ids alone."""

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from tests.conftest import Crm


def test_one_id_a_line(shown) -> None:
    assert shown(format="ids") == "c1\nc2\nc3\nc4\n"


def test_a_path_is_an_id_and_cannot_drive_a_terminal(crm_sqlite: Crm) -> None:
    place = str(crm_sqlite.home / "a\x1b[31m.db")
    assert crm_sqlite.ok("demo", "--path", place, "-o", "ids") == place.replace("\x1b", "\\x1b") + "\n"


def test_records_without_an_id_are_refused(make_out, view) -> None:
    with pytest.raises(UsageError, match="crm.person has none"):
        make_out(format="ids").show_list(view, Page([{"display_name": "Ada"}]))
