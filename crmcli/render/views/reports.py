"""Reports: a view each."""

from crmcli.render.view import Column, Record, View


def interval(record: Record) -> str | None:
    """The interval of a win rate: "25.5–36.6"; None where nothing was closed."""
    return None if record["win_rate"] is None else f"{record['low']}–{record['high']}"


_RATE = (
    Column("win_rate", "Win rate %", "number", help="Won deals of 100 that were closed"),
    Column("interval", "95 %", "enum", get=interval, drop=1, help="Where the true win rate lies (Wilson, 95 %)"),
    Column("low", "Low", "number", shown=False, help="The lower end of that interval"),
    Column("high", "High", "number", shown=False, help="The upper end of that interval"),
)
_CURRENCY = Column("currency", "Currency", "enum", drop=8, help="Currency of all amounts (ISO 4217)")


def by(view: View, grouped: bool) -> View:
    """A view with the column of the group where there are groups, and without it where there are none."""
    columns = [one._replace(shown=grouped) if one.name == "group" else one for one in view.columns]
    return view._replace(columns=tuple(columns))


def _money(name: str, title: str, help: str, drop: int = 0) -> tuple[Column, Column]:
    return (
        Column(name, title, "money", drop=drop, help=help),
        Column(f"{name}_minor", f"{title} (minor)", "number", shown=False, help=f"{help}, in minor units"),
    )


WIN_RATE = View(
    schema="crm.report.win_rate",
    columns=(
        Column("id", "Id", "id", shown=False, help="The stage, owner, source, pipeline or month"),
        Column("name", "Of", help="The stage, owner, source, pipeline or month"),
        Column("closed", "Closed", "number", help="Deals that were closed; of a stage, of those that entered it"),
        Column("won", "Won", "number", drop=3, help="Those that were won"),
        Column("lost", "Lost", "number", drop=4, help="Those that were lost"),
        *_RATE,
        Column("configured", "Set %", "number", drop=2, help="The probability that the stage is configured with"),
        *_money("amount", "Won amount", "What was won", 2),
        _CURRENCY,
    ),
    json=(
        *("id", "name", "closed", "won", "lost", "win_rate", "low", "high"),
        *("configured", "currency", "amount", "amount_minor"),
    ),
    title=lambda record: str(record["name"]),
    empty="No deal was closed then. Look further back: --since -3y",
)
VELOCITY = View(
    schema="crm.report.velocity",
    columns=(
        Column("id", "Id", "id", shown=False, help="The stage, owner, source, pipeline or month"),
        Column("name", "Of", help="The stage, owner, source, pipeline or month; all deals last"),
        Column("count", "Count", "number", drop=3, help="Stays in the stage, or won deals"),
        Column("q1", "25 %", "number", drop=2, help="Days that a quarter of them took at most"),
        Column("median", "Median days", "number", help="Days that half of them took at most"),
        Column("q3", "75 %", "number", drop=2, help="Days that three quarters of them took at most"),
        Column("cycle", "Cycle", "number", drop=5, help="Average days from making to winning"),
        Column("open", "Open", "number", drop=6, help="Deals that are open now"),
        Column("won", "Won", "number", drop=7, shown=False, help="Deals that were won"),
        Column("closed", "Closed", "number", shown=False, help="Deals that were closed"),
        Column("win_rate", "Win rate %", "number", drop=6, help="Won deals of 100 that were closed"),
        *_money("average", "Average", "Average amount of a won deal", 4),
        *_money("velocity", "A day", "Open deals x win rate x average / cycle: amount per day", 1),
        _CURRENCY,
    ),
    json=(
        *("id", "name", "count", "q1", "median", "q3", "open", "won", "closed", "win_rate", "cycle", "currency"),
        *("average", "average_minor", "velocity", "velocity_minor"),
    ),
    title=lambda record: str(record["name"]),
    empty="No deal was closed then. Look further back: --since -3y",
)
LOST_REASONS = View(
    schema="crm.report.lost_reasons",
    columns=(
        Column("id", "Id", "id", shown=False, help="The group and the reason"),
        Column("group", "Of", help="The stage, owner, source, pipeline or month"),
        Column("reason", "Reason", help="Why deals were lost"),
        Column("deals", "Deals", "number", help="How many were lost for it"),
        Column("share", "%", "number", drop=1, help="Share of all that were lost, in percent"),
        *_money("amount", "Amount", "What was lost with them"),
        _CURRENCY,
    ),
    json=("id", "group", "reason", "deals", "share", "currency", "amount", "amount_minor"),
    title=lambda record: str(record["reason"]),
    empty="No deal was lost then.",
)
SOURCE = View(
    schema="crm.report.source",
    columns=(
        Column("id", "Id", "id", shown=False, help="The group and the source"),
        Column("group", "Of", help="The owner, pipeline or month"),
        Column("source", "Source", help="Where they came from"),
        Column("leads", "Leads", "number", drop=3, help="Contacts that came from there"),
        Column("deals", "Deals", "number", help="Deals that were made"),
        Column("open", "Open", "number", drop=5, help="Those that are open"),
        Column("won", "Won", "number", help="Those that were won"),
        Column("lost", "Lost", "number", drop=4, help="Those that were lost"),
        *_RATE,
        *_money("amount", "Won amount", "What was won"),
        _CURRENCY,
    ),
    json=(
        *("id", "group", "source", "leads", "deals", "open", "won", "lost", "win_rate", "low", "high"),
        *("currency", "amount", "amount_minor"),
    ),
    title=lambda record: str(record["source"]),
    empty="Nobody came and no deal was made then.",
)
