"""What became of a published calendar."""

from crmcli.render.view import Column, Record, View


def sentence(record: Record) -> str:
    """What was done, in a line."""
    counts = [f"{record[name]} {name}" for name in ("new", "changed", "removed") if record[name]]
    total = record["total"]
    what = f"{total} {'entry' if total == 1 else 'entries'}" if total else "an empty calendar"
    # Of one that is empty "nothing changed" would be read as that it was not written.
    became = ", ".join(counts) or ("nothing changed" if total else "nothing matches")
    return f"Published {what} to {record['place']}: {became}"


VIEW = View(
    schema="crm.calendar",
    columns=(
        Column("place", "Place", "id", help="The file or folder"),
        Column("total", "Entries", "number", help="How many entries it has"),
        Column("new", "New", "number", help="How many were not in it before"),
        Column("changed", "Changed", "number", help="How many are other than before"),
        Column("removed", "Removed", "number", help="How many are in it no more"),
    ),
    json=("place", "total", "new", "changed", "removed"),
    title=sentence,
)
