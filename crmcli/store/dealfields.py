"""What a filter may ask about a deal."""

from collections.abc import Sequence

from crmcli.model.enums import FORECAST_CATEGORY, STAGE_TYPE
from crmcli.store import about
from crmcli.store.filter_sql import Field

_OF_STAGE = "(select s.{} from stage s where s.id = deal.stage_id)"
PROBABILITY = (
    "(CASE deal.status WHEN 'won' THEN 100 WHEN 'lost' THEN 0"
    f" ELSE coalesce(deal.probability, {_OF_STAGE.format('probability')}) END)"
)


def weighted(probability: str) -> str:
    """A deal's amount x probability in percent, in minor units, halves away from zero, as `divided` gives it."""
    return f"(CASE WHEN deal.amount < 0 THEN -1 ELSE 1 END * ((abs(deal.amount) * {probability} + 50) / 100))"


_NEXT = (
    "(select min(f.due_at) from followup f where f.deal_id = deal.id and f.status = 'open' and f.deleted_at is null)"
)


def fields(now: str, dialect: str) -> dict[str, Field]:
    """What a filter may ask about a deal, by every name it goes by.

    Args:
        now: the moment from which ages are counted, as stored text.
        dialect: sqlite or postgresql.
    """
    found = {entry.name: entry for entry in (*_own(), *_ages(now, dialect), *about.customer_fields("deal"))}
    for name in ("created", "updated", "closed"):
        found[f"{name}_at"] = found[name]
    found["close_date"] = found["close"]
    found["age_days"] = found["age"]
    found["stage_days"] = found["days"]
    found["reason"] = found["lost_reason"]
    return found


def elapsed_days(dialect: str, start: str, end: str) -> str:
    """The expression of the whole days between two expressions of stored moments."""
    if dialect == "postgresql":
        seconds = f"extract(epoch from (cast({end} as timestamptz) - cast({start} as timestamptz)))"
        return f"cast(floor({seconds} / 86400) as bigint)"
    return f"(cast(round((julianday({end}) - julianday({start})) * 86400) as integer) / 86400)"


def rots(now: str, dialect: str) -> str:
    """The expression that is 1 for an open deal that is in its stage for longer than that allows, else 0."""
    stayed = elapsed_days(dialect, "deal.stage_since", f"'{now}'")
    return f"(CASE WHEN deal.status = 'open' AND {stayed} >= {_OF_STAGE.format('rotting_days')} THEN 1 ELSE 0 END)"


def _own() -> tuple[Field, ...]:
    def own(name: str, kind: str, help: str, *, column: str = "", values: Sequence[str] = ()) -> Field:
        return Field(name, kind, f"deal.{column or name}", values=tuple(values), help=help)

    amount = about.money("deal", "amount")
    return (
        own("name", "text", "What it is about"),
        Field("stage", "folded", _OF_STAGE.format("name_key"), help="The stage that it is in"),
        Field(
            "pipeline",
            "folded",
            "(select p.name_key from pipeline p where p.id = deal.pipeline_id)",
            help="The pipeline that it is in",
        ),
        own("status", "enum", "open, won or lost", values=STAGE_TYPE),
        Field("amount", "real", amount, help="Amount in whole units of its currency"),
        own("currency", "exact", "Currency (ISO 4217)"),
        Field("probability", "number", PROBABILITY, help="How likely it is won, in percent"),
        Field("weighted", "real", f"({amount} * {PROBABILITY} / 100)", help="Amount x probability"),
        Field(
            "forecast_category",
            "enum",
            f"coalesce(deal.forecast_category, {_OF_STAGE.format('forecast_category')})",
            values=FORECAST_CATEGORY,
            help="How it counts in a forecast",
        ),
        own("close", "day", "When it is expected to be won", column="close_date"),
        own("owner", "user", "Who works on it", column="owner_id"),
        Field(
            "source",
            "text",
            "coalesce(deal.source, (select c.lead_source from contact c where c.id = deal.contact_id))",
            help="Where it came from",
        ),
        own("lost_reason", "text", "Why it was lost"),
        Field("next", "time", _NEXT, help="When its next follow-up is due"),
        own("note", "text", "Details"),
        own("created", "time", "When it was added", column="created_at"),
        own("updated", "time", "When it was last changed", column="updated_at"),
        own("closed", "time", "When it was won or lost", column="closed_at"),
        own("stage_since", "time", "Since when it is in its stage"),
        own("external", "exact", "Key in another system, SOURCE:KEY"),
        own("id", "ref:deal", "Short id"),
        own("uid", "exact", "Id that travels in exports"),
    )


def _ages(now: str, dialect: str) -> tuple[Field, ...]:
    # Literal stamps: a field's SQL binds nothing.
    here = f"'{now}'"
    stayed = elapsed_days(dialect, "deal.stage_since", here)
    return (
        Field(
            "age",
            "number",
            elapsed_days(dialect, "deal.created_at", f"coalesce(deal.closed_at, {here})"),
            help="Days since it was added, or that it took",
        ),
        Field("days", "number", stayed, help="Days that it is in its stage"),
        Field("rotting", "bool", rots(now, dialect), help="In its stage for longer than the stage allows"),
    )
