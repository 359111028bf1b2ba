"""The people who use the program, and facts about the database itself."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import ROLE


class Meta(SQLModel, table=True):
    """Facts about this database: its uid, when it was made, whether it is a demo."""

    __tablename__ = "meta"

    key: str = column("text", required=True, length=100)
    value: str = column("text", required=True, length=1000)
    id: int | None = primary_key()

    __table_args__ = (index("ux_meta_key", "key", unique=True),)


class User(SQLModel, table=True):
    """A member of the team: owns contacts, logs what happened, is reminded."""

    __tablename__ = "user_account"

    id: int | None = primary_key()
    uid: str = uid()
    name: str = column("text", "Short name, as typed after --owner", required=True, length=100)
    name_key: str = column("text", required=True, length=200, derived=True)
    display_name: str | None = column("text", "Full name", length=200)
    email: str | None = column("email", "E-mail address")
    timezone: str | None = column("timezone", "IANA time zone")
    role: str = column("enum", "What the user may do", required=True, values=ROLE, default="admin")
    created_at: datetime = column("time", required=True)
    updated_at: datetime = column("time", required=True)
    deleted_at: datetime | None = column("time")

    __table_args__ = (
        index("ux_user_account_name_key", "name_key", unique=True),
        index("ux_user_account_uid", "uid", unique=True),
    )
