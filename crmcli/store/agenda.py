"""Whether there is anything yet to make an agenda of."""

from crmcli.store.store import Store


def is_empty(store: Store) -> bool:
    """Whether there is neither a contact nor a company, deleted ones included."""
    return all(store.row(f"SELECT 1 AS found FROM {noun} LIMIT 1") is None for noun in ("contact", "company"))
