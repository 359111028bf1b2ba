"""Reads of forecasts that were kept."""

from crmcli.store.connection import Row
from crmcli.store.store import Store


def made_on(store: Store, day: str) -> list[Row]:
    """What was kept on a day, of the months from that of the day on."""
    return store.rows(
        "SELECT * FROM forecast WHERE month >= ? AND made_on = ? ORDER BY month, made_on, id", [day[:7], day]
    )


def before(store: Store, month: str, owner: int | None) -> list[Row]:
    """All that was foreseen of months before one, of an owner or of the team; the oldest first within each month."""
    whose = "owner_id IS NULL" if owner is None else "owner_id = ?"
    return store.rows(
        f"SELECT * FROM forecast WHERE month < ? AND {whose} ORDER BY month, made_on, id",
        [month, *([] if owner is None else [owner])],
    )
