"""What people were reminded of."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key
from crmcli.model.enums import REMINDER_STATUS


class Reminder(SQLModel, table=True):
    """One due occurrence that a user was, or is just being, told of on one channel.

    It is claimed as `sending` before anything is sent, so that no two runs tell the same, and settled afterwards. Told
    again, an occurrence has another `round`. What one message told has one `run`. It is a protocol of what the program
    did, not of customers: no journal, no undo.
    """

    __tablename__ = "reminder"

    id: int | None = primary_key()
    user_id: int = column("ref", required=True, to="user_account")
    channel: str = column("text", required=True, length=40)
    occurrence: str = column("text", required=True, length=200)
    round: int = column("integer", required=True, default=1)
    subject: str = column("text", required=True, length=1000)
    due_at: datetime = column("time", required=True)
    run: str = column("uid", required=True)
    status: str = column("enum", required=True, values=REMINDER_STATUS)
    claimed_at: datetime = column("time", required=True)
    settled_at: datetime | None = column("time")
    error: str | None = column("text", length=500)

    __table_args__ = (
        index("ux_reminder_occurrence", "occurrence", "channel", "user_id", "round", unique=True),
        index("ix_reminder_unsettled", "user_id", "channel", "claimed_at", where="status <> 'sent'"),
        index("ix_reminder_run", "run"),
        index("ix_reminder_time", "claimed_at", "id"),
    )


class ReminderState(SQLModel, table=True):
    """When reminders of a user last ran on a channel, when they last told something, and what went wrong since."""

    __tablename__ = "reminder_state"

    id: int | None = primary_key()
    user_id: int = column("ref", required=True, to="user_account")
    channel: str = column("text", required=True, length=40)
    ran_at: datetime = column("time", required=True)
    told_at: datetime | None = column("time")
    told: int = column("integer", required=True, default=0)
    failed_at: datetime | None = column("time")
    error: str | None = column("text", length=500)

    __table_args__ = (index("ux_reminder_state_channel", "user_id", "channel", unique=True),)
