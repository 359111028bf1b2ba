"""Exchange rates."""

from crmcli.render.view import Column, Record, View


def title(record: Record) -> str:
    """The rate in a sentence: 1 EUR = 1.0842 USD."""
    return f"1 {record['base']} = {record['rate']} {record['quote']}"


VIEW = View(
    schema="crm.rate",
    columns=(
        Column("id", "Id", "id", shown=False, help="The pair and the day"),
        Column("base", "One", "enum", help="One unit of this currency"),
        Column("rate", "Is", "number", help="is worth this much"),
        Column("quote", "Of", "enum", help="of this currency"),
        Column("from", "From", "day", help="The day from which on"),
        Column("source", "Source", drop=1, help="Who says so"),
    ),
    json=("id", "base", "quote", "rate", "from", "source"),
    title=title,
    empty="No rates here. Give one: crm rate set EUR USD 1.0842",
)
