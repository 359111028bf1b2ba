"""What is planned, and what was foreseen."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import GOAL_METRIC


class Goal(SQLModel, table=True):
    """An amount to be won or ordered between two days, in minor units of `currency`; without an owner, the team's."""

    __tablename__ = "goal"

    id: int | None = primary_key()
    uid: str = uid()
    name: str | None = column("text", "What it is called")
    metric: str = column("enum", "What counts: won deals, or orders", required=True, values=GOAL_METRIC, default="won")
    amount: int = column("money", required=True)
    currency: str = column("currency", "Currency (ISO 4217), such as EUR", required=True)
    starts_on: str = column("day", "First day", required=True)
    ends_on: str = column("day", "Last day", required=True)
    owner_id: int | None = column("ref", "Whose goal it is: a user name, or me", to="user_account")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        index("ux_goal_uid", "uid", unique=True),
        index("ix_goal_end", "ends_on", "id", where="deleted_at is null"),
    )


class Forecast(SQLModel, table=True):
    """What was foreseen on a day for a month (`2026-11`) and an owner, nobody being the whole team.

    Amounts are in minor units of `currency`. It is kept, so that it can be held against what came.
    """

    __tablename__ = "forecast"

    id: int | None = primary_key()
    made_on: str = column("day", required=True)
    month: str = column("text", required=True, length=7)
    owner_id: int | None = column("ref", to="user_account")
    currency: str = column("currency", required=True)
    pipeline: int = column("money", required=True, default=0)
    best_case: int = column("money", required=True, default=0)
    # "commit" is a word of SQL.
    committed: int = column("money", required=True, default=0)
    closed: int = column("money", required=True, default=0)
    weighted: int = column("money", required=True, default=0)
    p10: int = column("money", required=True, default=0)
    p50: int = column("money", required=True, default=0)
    p90: int = column("money", required=True, default=0)

    __table_args__ = (index("ix_forecast_month", "month", "made_on", "id"),)
