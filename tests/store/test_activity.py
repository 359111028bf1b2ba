"""When a customer was last in contact, as the gate keeps it."""

import pytest

from crmcli.app import App

EARLY, LATE = "2026-01-01T10:00:00Z", "2026-02-01T10:00:00Z"


@pytest.fixture
def contact(app: App) -> int:
    with app.writing() as gate:
        return gate.insert("contact", {"display_name": "Ada"})


def log(app: App, contact: int, at: str, direction: str) -> int:
    with app.writing() as gate:
        key = gate.insert("interaction", {"direction": direction, "channel": "call", "occurred_at": at})
        gate.insert(
            "participant",
            {"interaction_id": key, "contact_id": contact, "occurred_at": at, "direction": direction},
        )
        return key


def last(app: App) -> tuple[str | None, str | None]:
    row = app.store.row("SELECT last_inbound_at, last_outbound_at FROM contact")
    assert row is not None
    return row["last_inbound_at"], row["last_outbound_at"]


def test_nothing_happened(app: App, contact: int) -> None:
    assert last(app) == (None, None)


def test_the_latest_of_each_direction_counts(app: App, contact: int) -> None:
    log(app, contact, LATE, "inbound")
    log(app, contact, EARLY, "inbound")
    log(app, contact, EARLY, "outbound")
    assert last(app) == (LATE, EARLY)


def test_a_note_of_our_own_is_no_contact(app: App, contact: int) -> None:
    log(app, contact, LATE, "internal")
    assert last(app) == (None, None)


def test_a_removed_interaction_no_longer_counts_and_a_restored_one_does(app: App, contact: int) -> None:
    log(app, contact, EARLY, "inbound")
    key = log(app, contact, LATE, "inbound")
    app.interactions.remove([f"i{key}"])
    assert last(app) == (EARLY, None)
    app.interactions.restore([f"i{key}"])
    assert last(app) == (LATE, None)


def test_a_participant_who_leaves_was_not_there(app: App, contact: int) -> None:
    log(app, contact, EARLY, "inbound")
    with app.writing() as gate:
        gate.delete("participant", 1)
    assert last(app) == (None, None)


def test_a_moved_interaction_moves_the_time(app: App, contact: int) -> None:
    log(app, contact, EARLY, "inbound")
    with app.writing() as gate:
        gate.update("participant", 1, {"occurred_at": LATE, "direction": "outbound"})
    assert last(app) == (None, LATE)
