"""What the columns of a row hold that nobody gave a value."""

from functools import cache

from crmcli.store.connection import Row
from crmcli.store.schema import TABLES


@cache
def blank(table: str) -> Row:
    """The values of a row that says nothing, by column, without the key and the derived ones; not to be changed."""
    columns = TABLES[table].columns.items()
    return {name: column.default for name, column in columns if column.kind != "key" and not column.derived}
