"""The journal, replayed, gives the rows of the tables."""

from crmcli.app import App
from tests.everything import fill
from tests.trust.laws import held, journal


def test_the_journal_says_what_the_tables_hold(app: App) -> None:
    fill(app)
    app.history.undo()
    said = journal(app.store)
    assert said.rows == held(app.store)
    assert said.erased == set()
