"""The database as a whole: what it is, its backups, what was given back and what was removed."""

from crmcli.render.view import Column, Record, View


def _title(record: Record) -> str:
    return str(record["id"])


BACKUP = View(
    schema="crm.backup",
    columns=(
        Column("id", "File", "id", help="Where the backup is"),
        Column("size", "Bytes", "number", help="How large it is"),
        Column("operation", "Last operation", help="The newest operation that it has"),
        Column("deleted", "Deleted", "list", help="Older backups that --keep did not keep"),
    ),
    json=("id", "size", "operation", "deleted"),
    title=_title,
)


def megabytes(size: int) -> str:
    """A size for a person."""
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
