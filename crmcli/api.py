"""crm for Python: the services that the commands call, and SQLModel for whoever wants to query.

from crmcli import api

with api.connect("team.db") as crm:
    crm.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"]})
    crm.interactions.log("in", ["ada"], "Asked about delivery", {"channel": "call"})

with api.session("team.db") as session:
    session.exec(select(Contact).where(Contact.lifecycle_stage == "customer")).all()
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlmodel import Session

from crmcli.app import App
from crmcli.kernel.place import URLS
from crmcli.kernel.settings import Settings
from crmcli.model import tables as tables
from crmcli.store import sqlite


@contextmanager
def connect(place: str | None = None, *, user: str | None = None) -> Iterator[App]:
    """The App over a database, closed at the end; every service of the program is an attribute of it.

    Args:
        place: a path or a postgresql:// URL; by default the one that the commands use.
        user: who acts; by default who the commands say.

    Raises:
        CrmError: see `crmcli.kernel.errors`; nothing is ever asked.
    """
    environ = {**os.environ, **({"CRM_USER": user} if user else {})}
    app = App(Settings(db=place, no_input=True), environ=environ, command="api", live=True)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def session(place: str | None = None) -> Iterator[Session]:
    """An SQLModel session over a database, for reading with the models of `crmcli.model.tables`.

    It cannot write: what changes goes through the services, so that it is checked, journalled and found again.
    """
    with connect(place) as app:
        app.store.rows("SELECT 1 AS one")  # creates or migrates nothing by itself, but refuses what is not ours
        engine = _engine(app.place)
    try:
        with Session(engine) as found:
            yield found
    finally:
        engine.dispose()


def _engine(place: str) -> Engine:
    if place.startswith(URLS):
        url = place.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
        options = {"options": "-c default_transaction_read_only=on"}
        return create_engine(url, hide_parameters=True, connect_args=options)
    path = os.path.abspath(os.path.expanduser(place))
    engine = create_engine(f"sqlite:///{path}", module=sqlite.DRIVER, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def read_only(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine
