"""Who was erased, and what must not come back: neither says who it was."""

from datetime import datetime

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid
from crmcli.model.enums import SUPPRESSION_KIND


class Erasure(SQLModel, table=True):
    """A person whose data was erased. `uid` is the person's own: an older copy of the database has the person by it."""

    __tablename__ = "erasure"

    id: int | None = primary_key()
    uid: str = uid()
    record_id: int = column("integer", required=True)
    erased_at: datetime = column("time", required=True)
    actor: str = column("text", required=True, length=200)
    reason: str | None = column("text", length=200)

    __table_args__ = (index("ux_erasure_uid", "uid", unique=True), index("ix_erasure_record", "record_id"))


class Suppression(SQLModel, table=True):
    """What somebody was reached or known by and must not be again, as a digest keyed by a secret of the database."""

    __tablename__ = "suppression"

    id: int | None = primary_key()
    kind: str = column("enum", required=True, values=SUPPRESSION_KIND)
    digest: str = column("digest", required=True)
    erasure_id: int | None = column("ref", to="erasure")
    created_at: datetime = column("time", required=True)

    __table_args__ = (
        index("ux_suppression_digest", "digest", unique=True),
        index("ix_suppression_erasure", "erasure_id"),
    )
