"""Which records are one, and which only look alike."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key


class MergedRecord(SQLModel, table=True):
    """A contact or company that was merged into another: its old id goes on naming the one that was kept."""

    __tablename__ = "merged_record"

    id: int | None = primary_key()
    noun: str = column("text", required=True, length=60)
    record_id: int = column("integer", required=True)
    kept_id: int = column("integer", required=True)

    __table_args__ = (
        index("ux_merged_record_record", "noun", "record_id", unique=True),
        index("ix_merged_record_kept", "noun", "kept_id"),
    )


class DistinctPair(SQLModel, table=True):
    """Two records that somebody said are not the same; `first_id` is the smaller. They are never proposed again."""

    __tablename__ = "distinct_pair"

    id: int | None = primary_key()
    noun: str = column("text", required=True, length=60)
    first_id: int = column("integer", required=True)
    second_id: int = column("integer", required=True)
    decided_at: datetime = column("time", required=True)

    __table_args__ = (
        index("ux_distinct_pair_pair", "noun", "first_id", "second_id", unique=True),
        index("ix_distinct_pair_second", "noun", "second_id"),
    )
