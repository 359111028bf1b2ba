"""Cash flow: as a record for programs, its periods and its single amounts as rows."""

from crmcli.render.view import Column, Record, View

BANDS = {"orders": "owed", "recurring": "recurring", "deals": "hoped for"}
"""The words for the bands, from what is certain to what is hoped for."""
STYLES = {"orders": "good", "recurring": "outbound", "deals": "warning"}
_AMOUNTS = (
    ("orders", "Owed", "What comes in from orders that are not paid", 4),
    ("recurring", "Recurring", "What comes in from orders that come again", 5),
    ("deals", "Hoped for", "What comes in from open deals: probability x amount", 6),
    ("in", "In", "All that comes in", 1),
    ("balance_orders", "Sure", "The balance of what is owed alone", 3),
    ("balance_recurring", "And recurring", "The balance with what comes again", 3),
    ("balance", "Balance", "The balance with all", 0),
)


def _columns() -> tuple[Column, ...]:
    plain = tuple(Column(name, title, "money", drop=drop, help=help) for name, title, help, drop in _AMOUNTS)
    minor = tuple(
        Column(f"{name}_minor", f"{title} (minor)", "number", shown=False, help=f"{help}, in minor units")
        for name, title, help, _ in _AMOUNTS
    )
    return (*plain, *minor)


PERIODS = View(
    schema="crm.cashflow.period",
    columns=(
        Column("id", "Period", "id", help="The week (2026-W49) or month (2026-12)"),
        Column("from", "From", "day", drop=7, help="First day"),
        Column("until", "Until", "day", drop=8, shown=False, help="Last day"),
        *_columns(),
        Column("currency", "Currency", "enum", drop=9, help="Currency of all amounts (ISO 4217)"),
    ),
    json=("id", "from", "until", "currency", *(f"{n}{end}" for n, *_ in _AMOUNTS for end in ("", "_minor"))),
    title=lambda record: str(record["id"]),
)


def _style(record: Record) -> str:
    return STYLES[record["band"]]


PARTS = View(
    schema="crm.cashflow.part",
    columns=(
        Column("id", "Id", "id", help="The order or deal"),
        Column("day", "Day", "day", help="When it may come"),
        Column("name", "What", help="The customer, or the deal"),
        Column("amount", "Amount", "money", help="How much, as it is expected"),
        Column("band", "Band", "enum", drop=2, style=_style, help="orders, recurring or deals"),
        Column("reason", "Why", drop=1, wide=True, help="Why then and so much"),
        Column("period", "Period", shown=False, help="The week or month"),
        Column("currency", "Currency", "enum", shown=False, help="Currency (ISO 4217)"),
        Column("amount_minor", "Amount (minor)", "number", shown=False, help="How much, in minor units"),
    ),
    json=("id", "day", "period", "band", "name", "reason", "currency", "amount", "amount_minor"),
    title=lambda record: str(record["name"]),
    empty="Nothing is expected to come in then.",
)

VIEW = View(
    schema="crm.cashflow",
    columns=(
        Column("id", "Id", "id", shown=False, help="First day"),
        Column("from", "From", "day", help="First day"),
        Column("until", "Until", "day", help="Last day"),
        Column("opening", "Opening", "money", help="What it begins with"),
        Column("currency", "Currency", "enum", help="Currency of all amounts (ISO 4217)"),
    ),
    json=(
        "id",
        "by",
        "from",
        "until",
        "currency",
        "opening",
        "opening_minor",
        "periods",
        "parts",
        "later",
        "without_rate",
        "undated",
    ),
    title=lambda record: f"Cash flow until {record['until']}",
)
