"""What was done to keep the database well."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key
from crmcli.model.enums import UPKEEP_KIND


class Upkeep(SQLModel, table=True):
    """When something was last done for this database, and what came of it: not of customers, so without a journal."""

    __tablename__ = "upkeep"

    id: int | None = primary_key()
    kind: str = column("enum", required=True, values=UPKEEP_KIND)
    at: datetime = column("time", required=True)
    detail: str | None = column("text", length=1000)

    __table_args__ = (index("ux_upkeep_kind", "kind", unique=True),)
