"""The database as a whole: what it is, its backups, what was given back, made anew and removed."""

from collections.abc import Callable

from crmcli.render.view import Column, Record, View

OF_SALES = {"deals": "Deals", "orders": "Orders", "cases": "Cases", "products": "Products"}
NOUNS = {
    "contacts": "Contacts",
    "companies": "Companies",
    "interactions": "Logged",
    "followups": "Follow-ups",
    **OF_SALES,
}


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

VACUUM = View(
    schema="crm.vacuum",
    columns=(
        Column("id", "Database", "id", help="Where the database is"),
        Column("before", "Bytes before", "number", help="What it took"),
        Column("after", "Bytes after", "number", help="What it takes now"),
    ),
    json=("id", "before", "after"),
    title=_title,
)
REBUILD = View(
    schema="crm.rebuild",
    columns=(
        Column("id", "Database", "id", help="Where the database is"),
        Column("made", "Made", "list", help="Indexes and triggers that were missing or otherwise"),
        Column("columns", "Rows", "number", help="How many rows had wrong derived columns"),
        Column("contacts", "Last contacts", "number", help="How many customers had a wrong time of the last contact"),
        Column("words", "Search", "number", help="How many faults the search index had"),
        Column("keys", "Keys", "number", help="How many tables would have given a key again"),
    ),
    json=("id", "made", "columns", "contacts", "words", "keys"),
    title=_title,
)
PURGE = View(
    schema="crm.purge",
    columns=(
        Column("id", "Operation", "id", help="The operation; empty of a dry run, and where nothing was removed"),
        Column("before", "Deleted before", "time", help="What was deleted before that moment went"),
        *(Column(name, title, "number", help=f"How many {name} went") for name, title in NOUNS.items()),
        Column("cadences", "Cadences", "number", help="How many cadences went"),
        Column("rows", "Rows", "number", help="How many rows went in all"),
        Column("names", "Among them", "list", help="The first of them"),
    ),
    json=("id", "before", *NOUNS, "cadences", "rows", "names"),
    title=lambda record: str(record["id"] or "nothing yet"),
)


def _found(record: Record) -> list[str]:
    return [one["finding"] for one in record["findings"]]


RESTORE = View(
    schema="crm.restore",
    columns=(
        Column("id", "Database", "id", help="Where the database is"),
        Column("file", "From", help="The backup or archive"),
        Column("now", "Now", "list", help="How many records of each kind there are; empty where none can be read"),
        Column("then", "Then", "list", help="How many the backup has"),
        Column("lost", "Lost", "number", help="How many operations the backup does not have"),
        Column("newest", "Newest of those", "list", help="The newest of the operations that it does not have"),
        Column("related", "Related", "bool", help="Whether both have any operation in common"),
        Column("erased", "Erased again", "number", help="How many people were erased since, and are erased again"),
        Column("damage", "Damage", help="Why the database that is replaced cannot be read"),
        Column("findings", "Not right", "list", get=_found, help="What is not right in what comes back"),
        Column("kept", "Kept", help="Where the replaced database is now"),
    ),
    json=("id", "file", "now", "then", "lost", "newest", "related", "erased", "damage", "findings", "kept"),
    title=_title,
)


def _done(name: str) -> Callable[[Record], str | None]:
    return lambda record: record[name]["at"] if record[name] else None


INFO = View(
    schema="crm.database",
    columns=(
        Column("id", "Database", "id", help="Where the database is"),
        Column("exists", "Exists", "bool", help="Whether it was made yet"),
        Column("kind", "Kind", help="SQLite or PostgreSQL, with its version"),
        Column("size", "Bytes", "number", help="How much room it takes"),
        Column("schema", "Schema", help="The version of its schema"),
        Column("journal_mode", "Log", help="How SQLite logs changes"),
        *(Column(name, title, "number", help=f"How many {name} there are") for name, title in NOUNS.items()),
        Column("deleted", "Deleted", "number", help="How many records were deleted, and not purged"),
        Column("operations", "Operations", "number", help="How many operations the journal has"),
        Column("backup", "Last backup", "time", _done("backup"), help="When it was last backed up"),
        Column("verify", "Last verified", "time", _done("verify"), help="When it was last found sound"),
        Column("vacuum", "Last vacuum", "time", _done("vacuum"), help="When room was last given back"),
        Column("operation", "Last operation", help="The newest operation of the journal"),
        Column("seal", "Seal", help="Its seal"),
    ),
    json=(
        "id", "exists", "kind", "size", "schema", "journal_mode", *NOUNS, "deleted", "operations", "backup", "verify",
        "vacuum", "operation", "seal",
    ),
    title=_title,
)  # fmt: skip


def counts(record: Record) -> list[str]:
    """Of each kind how many there would be, and how many there are where that differs: `298 contacts (now 312)`."""
    now, then = record["now"] or {}, record["then"]
    return [
        amount(count, name) + (f" (now {now[name]:,})" if now.get(name, count) != count else "")
        for name, count in then.items()
        if count or now.get(name) or name not in OF_SALES
    ]


def amount(count: int, name: str) -> str:
    """So many of something that is named in the plural: `1 company`."""
    one = f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")
    return f"{count:,} {one if count == 1 else name}"


def megabytes(size: int) -> str:
    """A size for a person."""
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
