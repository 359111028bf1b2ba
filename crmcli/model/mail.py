"""What a message or a calendar entry holds beyond a logged contact: its thread, what it quotes, what is attached."""

from sqlmodel import SQLModel

from crmcli.model.base import column, index, primary_key, uid


class Message(SQLModel, table=True):
    """The mail side of an interaction.

    `thread` is the Message-ID of the first message of its conversation; `quoted` what was folded away from the body:
    quoted text and the signature.
    """

    __tablename__ = "message"

    id: int | None = primary_key()
    interaction_id: int = column("ref", required=True, to="interaction")
    thread: str | None = column("text", length=1000)
    in_reply_to: str | None = column("text", length=1000)
    quoted: str | None = column("long")

    __table_args__ = (
        index("ux_message_interaction", "interaction_id", unique=True),
        index("ix_message_thread", "thread", where="thread is not null"),
    )


class Attachment(SQLModel, table=True):
    """A file that came with an interaction; its content is kept when the import was told to."""

    __tablename__ = "attachment"

    id: int | None = primary_key()
    uid: str = uid()
    interaction_id: int = column("ref", required=True, to="interaction")
    name: str = column("text", required=True)
    media_type: str = column("text", required=True, length=200)
    size: int = column("integer", required=True)
    digest: str = column("text", required=True, length=64)

    __table_args__ = (
        index("ux_attachment_uid", "uid", unique=True),
        index("ix_attachment_interaction", "interaction_id"),
        index("ix_attachment_digest", "digest"),
    )


class AttachmentContent(SQLModel, table=True):
    """The bytes of an attachment as base64, once however often they were sent; named by their SHA-256."""

    __tablename__ = "attachment_content"

    id: int | None = primary_key()
    digest: str = column("text", required=True, length=64)
    content: str = column("json", required=True)

    __table_args__ = (index("ux_attachment_content_digest", "digest", unique=True),)
