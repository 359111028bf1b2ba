"""Every suite of this folder in its short form, on each database that it is for, and the page that names them all."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers
from tests.trust import run
from tests.trust.suite import Bench

CASES = [
    pytest.param(name, dialect, marks=[pytest.mark.postgresql] if dialect == "postgresql" else [])
    for name in run.names()
    for dialect in run.load(name).databases
]


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_nothing_is_broken(name: str, dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    suite = run.load(name)
    with ExitStack() as stack:
        place = run.sqlite_places(tmp_path)
        if dialect == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            if isinstance(server, str):
                servers.give_up(server)
            place = lambda: stack.enter_context(server.database())  # noqa: E731
        outcome = suite.run(Bench(dialect, tmp_path, place, suite.short, 1))
    assert not outcome.faults, "\n".join([outcome.figure, *outcome.faults[: run.MOST_TOLD]])


def test_the_page_names_every_suite() -> None:
    page = run.PAGE.read_text("utf-8")
    missing = [name for name in run.names() if f"`python tests/trust/run.py {name}`" not in page]
    assert not missing
