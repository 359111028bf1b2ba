"""PostgreSQL: making the schema once, and saying in plain words what failed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from crmcli.kernel.errors import CrmError, DatabaseUnavailable, NotPermitted
from crmcli.store import postgresql
from crmcli.store.schema import VERSION
from tests import servers
from tests.conftest import Crm

pytestmark = pytest.mark.postgresql


@pytest.fixture
def opened(postgresql_place: str) -> Any:
    connection = postgresql.open_place(postgresql_place, writing=True)
    yield connection
    connection.close()


@pytest.fixture
def empty(postgresql_server: servers.Server | str) -> Any:
    if isinstance(postgresql_server, str):
        servers.give_up(postgresql_server)
        return
    with postgresql_server.database("template0") as place:
        yield place


def test_of_many_first_starters_one_makes_the_schema(empty: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: postgresql.open_place(empty, writing=True), range(4)))
    for connection in found:
        assert connection.execute("SELECT version_num FROM schema_version").fetchall() == [{"version_num": VERSION}]
        connection.close()


@pytest.mark.parametrize(
    ("sql", "parameters", "expected"),
    [
        ("SELECT '50%' AS a", (), "50%"),
        ("SELECT ? AS a WHERE '50%' LIKE '5%'", ("%s?",), "%s?"),
        ("SELECT cast(? AS text) AS a", (None,), None),
    ],
)
def test_question_marks_stand_for_values(opened: Any, sql: str, parameters: tuple[Any, ...], expected: Any) -> None:
    assert opened.execute(sql, parameters).fetchone()["a"] == expected


def test_folding_is_that_of_sqlite(opened: Any) -> None:
    row = opened.execute("SELECT crm_fold('MÜLLER') AS a, crm_fold(NULL) AS b").fetchone()
    assert row == {"a": "muller", "b": None}


def test_texts_are_sorted_by_their_code_points(opened: Any) -> None:
    opened.begin(writing=True)
    for name in ("b", "a", "B", "ä", "Z"):
        opened.insert("INSERT INTO tag (name, name_key) VALUES (?, ?)", [name, name])
    rows = opened.execute("SELECT name FROM tag ORDER BY name").fetchall()
    opened.rollback()
    assert [row["name"] for row in rows] == ["B", "Z", "a", "b", "ä"]


def test_a_reading_transaction_cannot_write(opened: Any) -> None:
    opened.begin(writing=False)
    with pytest.raises(DatabaseUnavailable, match="cannot take changes"):
        opened.insert("INSERT INTO tag (name, name_key) VALUES (?, ?)", ["a", "a"])
    opened.rollback()


def test_a_login_without_the_right_is_told_so(opened: Any, postgresql_place: str) -> None:
    opened.execute("SET ROLE pg_monitor")
    with pytest.raises(NotPermitted, match="may not do this"):
        opened.execute("SELECT * FROM contact")


def test_a_broken_rule_is_an_error_and_not_an_outage(opened: Any) -> None:
    with pytest.raises(CrmError, match="refused the change") as caught:
        opened.execute("INSERT INTO email (contact_id, value, value_key) VALUES (99, 'a', 'a')")
    assert not isinstance(caught.value, DatabaseUnavailable)


def test_a_server_that_goes_away_is_unavailable(opened: Any, postgresql_place: str) -> None:
    with psycopg.connect(postgresql_place, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [opened._db.info.backend_pid])
    with pytest.raises(DatabaseUnavailable):
        opened.execute("SELECT 1")
    opened.rollback()


@pytest.mark.parametrize("place", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://nobody@a..b/none"])
def test_an_unreachable_server_ends_with_7(crm_sqlite: Crm, place: str) -> None:
    result = crm_sqlite("contact", "list", env={"CRM_DB": place})
    assert result.code == 7
    assert "cannot reach the PostgreSQL database" in result.err
    assert len(result.err.splitlines()) <= 3


def test_messages_never_show_the_password(crm_sqlite: Crm) -> None:
    result = crm_sqlite("contact", "list", env={"CRM_DB": "postgresql://ada:s3cret@127.0.0.1:1/none"})
    assert "s3cret" not in result.err


def test_a_database_of_another_program_is_refused(empty: str, crm_sqlite: Crm) -> None:
    with psycopg.connect(empty) as other:
        other.execute("CREATE TABLE schema_version (something TEXT)")
    result = crm_sqlite("contact", "list", env={"CRM_DB": empty})
    assert result.code == 7
    assert "is not a crm database" in result.err
