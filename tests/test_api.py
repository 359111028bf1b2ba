"""`crmcli.api`: the services and the models for Python scripts."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from crmcli import api
from crmcli.kernel.errors import NotFound
from crmcli.model.tables import Contact, Interaction


def test_services_and_models(crm, monkeypatch):
    monkeypatch.setenv("CRM_NOW", "2026-11-20T10:00:00Z")
    with api.connect(crm.place, user="ada") as app:
        record = app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"]})
        app.interactions.log("in", ["ada"], "Asked about delivery", {"channel": "call"})
        with pytest.raises(NotFound):
            app.contacts.find("nobody")
    assert record["id"] == "c1"
    with api.session(crm.place) as session:
        contact = session.exec(select(Contact)).one()
        assert (contact.display_name, contact.created_at.isoformat()) == ("Ada Lovelace", "2026-11-20T10:00:00+00:00")
        assert session.exec(select(Interaction.body)).all() == ["Asked about delivery"]
    assert crm.json("interaction", "list")["items"][0]["user"] == "ada"


def test_a_session_cannot_write(crm):
    crm.ok("contact", "add", "Ada")
    with api.session(crm.place) as session:
        contact = session.exec(select(Contact)).one()
        contact.display_name = "Eve"
        session.add(contact)
        with pytest.raises(DBAPIError):
            session.flush()
        session.rollback()
    assert crm.json("contact", "show", "c1")["item"]["display_name"] == "Ada"
