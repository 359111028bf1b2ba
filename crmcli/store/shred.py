"""After an erasure: what the database keeps of removed rows goes, too, from indexes, free pages and the log."""

from crmcli.store.connection import Connection

INDEXES = ("search_name_fts", "search_text_fts")
# Tables of PostgreSQL whose rows may have held words of a person: all with texts that an erasure changes.
REWRITTEN = (
    "contact", "email", "phone", "address", "url", "custom_value", "preference", "external_id", "extra_property",
    "consent", "employment", "tag", "tagging", "interaction", "participant", "message", "attachment",
    "attachment_content", "followup", "cadence", "deal", "deal_contact", "deal_line", "sales_order",
    "order_line", "payment", "support_case", "reminder", "reminder_state", "merged_record", "distinct_pair",
    "source_record", "import_run", "change", "search_name", "search_text", "search_word",
)  # fmt: skip


def prepare(connection: Connection) -> None:
    """Before the erasure: let SQLite overwrite what it removes."""
    if connection.dialect == "sqlite":
        connection.execute("PRAGMA secure_delete=ON")


def shred(connection: Connection) -> str:
    """Rewrite the database without what was removed; no transaction may be open.

    Returns:
        What could not be done, in words; empty when all was.

    Raises:
        DatabaseUnavailable: there is no room for it, or another program is in the database.
    """
    if connection.dialect == "postgresql":
        for table in REWRITTEN:
            connection.execute(f"VACUUM (FULL) {table}")
        return ""
    for index in INDEXES:
        # 'optimize' is quicker, and was seen to leave words of removed rows in the index.
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    connection.execute("VACUUM")
    row = connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]
    return "another program reads the database, so that its log still holds earlier pages" if row["busy"] else ""
