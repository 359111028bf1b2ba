"""The journal, replayed, gives the rows of the tables."""

from crmcli.app import App
from crmcli.store.replay import replay
from tests.everything import fill
from tests.trust.laws import held


def test_the_journal_says_what_the_tables_hold(app: App) -> None:
    fill(app)
    app.history.undo()
    replayed = replay(app.store.rows("SELECT * FROM change ORDER BY id"))
    assert replayed.rows == held(app.store)
    assert replayed.erased == set()
