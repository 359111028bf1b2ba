"""Which schema a database has; see test_migrate for what a newer one gets."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import DatabaseUnavailable
from crmcli.store.version import is_behind


@pytest.fixture
def said(app: App) -> Any:
    def change(sql: str) -> Any:
        app.store.connection.begin(writing=True)
        app.store.connection.execute(sql)
        return app.store.connection

    return change


def test_a_fresh_database_is_up_to_date(app: App) -> None:
    assert not is_behind(app.store.connection)


@pytest.mark.parametrize("change", ["UPDATE schema_version SET version_num = '0000'", "DELETE FROM schema_version"])
def test_an_older_one_is_behind(said: Any, change: str) -> None:
    assert is_behind(said(change))


def test_a_newer_one_is_refused(said: Any) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"newer crm \(schema 9999"):
        is_behind(said("UPDATE schema_version SET version_num = '9999'"))


def test_one_without_is_not_ours(said: Any) -> None:
    with pytest.raises(DatabaseUnavailable, match="is not a crm database"):
        is_behind(said("DROP TABLE schema_version"))
