"""Which schema a database has, told by one plain query; migrating is imported only when it is behind."""

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.store.connection import Connection
from crmcli.store.schema import VERSION


def is_behind(connection: Connection) -> bool:
    """Whether the database has an older schema than this program.

    Raises:
        DatabaseUnavailable: its schema is newer, or it has none; it stays untouched.
    """
    try:
        row = connection.execute("SELECT version_num FROM schema_version").fetchone()
    except DatabaseUnavailable:
        raise
    except CrmError as error:
        raise DatabaseUnavailable(
            f"{connection.name} is not a crm database", "name another with --db or CRM_DB"
        ) from error
    found = "" if row is None else str(row["version_num"])
    if found > VERSION:
        message = f"{connection.name} was made by a newer crm (schema {found}, this program knows {VERSION})"
        raise DatabaseUnavailable(message, "update this program; the database was left as it is")
    return found < VERSION
