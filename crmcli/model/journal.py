"""The journal: every change to every row, with who, when and by which command."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid


class Operation(SQLModel, table=True):
    """One command that changed something: the unit of history and of undo.

    `digest` is of its changes; `seal` is of that, of this row and of the seal before, so that the seals are a chain.
    """

    __tablename__ = "operation"

    id: int | None = primary_key()
    uid: str = uid()
    at: datetime = column("time", required=True)
    user_id: int | None = column("ref", to="user_account")
    actor: str = column("text", required=True, length=200)
    command: str = column("text", required=True, length=200)
    digest: str | None = column("digest")
    seal: str | None = column("digest")

    __table_args__ = (index("ux_operation_uid", "uid", unique=True), index("ix_operation_at", "at"))


class Change(SQLModel, table=True):
    """A row before and after, as JSON objects of its columns; `before` is null for a new row, `after` for a lost one.

    `noun` and `record_id` name the record that the row belongs to: for an e-mail address, its contact. What was erased
    has no images and no `salt` any more, and instead the `digest` that both had together.
    """

    __tablename__ = "change"

    id: int | None = primary_key()
    operation_id: int = column("ref", required=True, to="operation")
    table_name: str = column("text", required=True, length=60)
    row_id: int = column("integer", required=True)
    noun: str | None = column("text", length=60)
    record_id: int | None = column("integer")
    before: str | None = column("json")
    after: str | None = column("json")
    salt: str | None = column("digest")
    digest: str | None = column("digest")

    __table_args__ = (
        index("ix_change_operation", "operation_id"),
        index("ix_change_record", "noun", "record_id"),
    )
