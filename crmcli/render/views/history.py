"""Operations of the journal."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["command"])


def _count(name: str) -> Column:
    return Column(
        name, name.capitalize(), "number", lambda record: record["counts"][name], help=f"How many rows it {name}"
    )


VIEW = View(
    schema="crm.operation",
    columns=(
        Column("id", "Id", "id", help="Short id, for crm undo and crm history show"),
        Column("at", "When", "time", help="When it was done"),
        Column("actor", "By", drop=1, help="Who did it"),
        Column("command", "Command", help="The words of the command"),
        Column("file", "File", drop=5, help="What was imported"),
        Column(
            "changes", "Changes", "number", lambda record: record["counts"]["total"], help="How many rows it touched"
        ),
        _count("added")._replace(drop=7),
        _count("changed")._replace(drop=7),
        _count("removed")._replace(drop=7),
        _count("erased")._replace(drop=7, help="Of how many rows the words were erased"),
        Column("records", "Records", "list", drop=4, help="The first records of which it changed something"),
        Column("undone_by", "Undone by", "id", drop=3, help="The operation that took it back"),
        Column("undoes", "Undoes", "list", shown=False, help="The operations that it took back"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("seal", "Seal", "id", shown=False, help="Seal of the chain up to here"),
    ),
    json=(
        "id",
        "at",
        "actor",
        "command",
        "file",
        "counts",
        "tables",
        "records",
        "undoes",
        "undone_by",
        "seal",
        "uid",
    ),
    title=_title,
    empty="Nothing was changed yet.",
)
"""The list."""

ONE = VIEW._replace(json=(*VIEW.json, "digest", "changes", "changes_more"))
"""One operation with its changes."""

FIELDS = View(
    schema="crm.operation.field",
    columns=(
        Column("id", "Record", "id", help="The record that it belongs to"),
        Column("action", "Action", "enum", drop=2, help="added, changed, removed or erased"),
        Column("what", "What", help="The table"),
        Column("row", "Row", "number", shown=False, help="The key in the table"),
        Column("field", "Field", help="The column"),
        Column("before", "Before", wide=True, help="The value before"),
        Column("after", "After", wide=True, help="The value after"),
    ),
    json=(),
    title=lambda record: str(record["field"]),
    empty="It changed nothing.",
)
"""The changes of one operation as a list."""
