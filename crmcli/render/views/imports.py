"""What an import did, what it takes columns for, and what can be imported."""

from typing import Any

from crmcli.render.view import Column, Record, View


def _first(record: Record, name: str) -> Any:
    files = record["files"]
    return files[0][name] if len(files) == 1 else None


VIEW = View(
    schema="crm.import",
    columns=(
        Column("name", "File", get=lambda record: _first(record, "name"), help="The file, when it was one"),
        Column("format", "Format", get=lambda record: _first(record, "format"), help="What it was read as"),
        Column("total", "Records", "number", help="Records that were read"),
        Column("created", "Created", "number", help="New here"),
        Column("updated", "Updated", "number", help="Known, and changed"),
        Column("unchanged", "Unchanged", "number", help="Known, with nothing new"),
        Column("skipped", "Skipped", "number", help="Left out on purpose"),
        Column("rejected", "Rejected", "number", help="Could not be taken in"),
        Column("dry_run", "Dry run", "bool", help="Whether nothing was changed"),
        Column("operations", "Operations", "list", shown=False, help="What crm undo takes back"),
        Column("rejects_file", "Rejects", shown=False, help="Where the rejected records were written"),
        Column("files", "Files", "list", shown=False, help="Each file by itself"),
    ),
    json=(
        "total",
        "created",
        "updated",
        "unchanged",
        "skipped",
        "rejected",
        "dry_run",
        "operations",
        "rejects_file",
        "files",
    ),
    title=lambda record: "Import",
)

COLUMNS = View(
    schema="crm.import.column",
    columns=(
        Column("column", "Column", help="As the file calls it"),
        Column("field", "Becomes", help="The field it is taken for"),
        Column("samples", "For example", "list", drop=1, help="Values of the first rows"),
    ),
    json=("column", "field", "samples"),
    title=lambda record: str(record["column"]),
)

FORMATS = View(
    schema="crm.import.format",
    columns=(
        Column("name", "Name", help="What --as takes"),
        Column("title", "What it is", help="What people call it"),
        Column("noun", "Holds", help="What it mostly holds"),
    ),
    json=("name", "title", "noun"),
    title=lambda record: str(record["title"]),
)
