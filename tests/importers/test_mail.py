"""Messages: recognised, read, refused one by one."""

import base64
from pathlib import Path
from typing import Any

import pytest

from crmcli.importers import mail
from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft, Refused
from crmcli.kernel.errors import UsageError
from tests.importers.letters import FORMATS, NOW, items, letter, mutations, read, reason, samples, source, values

MULTIPART = {"MIME_Version": "1.0", "Content_Type": 'multipart/{}; boundary="b"'}


def parts(kind: str, *inner: str, **fields: str) -> str:
    """A message of several parts, each given with its header."""
    body = "".join(f"--b\n{one}\n" for one in inner) + "--b--\n"
    return letter(body=body, MIME_Version="1.0", Content_Type=f'multipart/{kind}; boundary="b"', **fields)


# --- recognising


@pytest.mark.parametrize(
    ("data", "kind", "mark"),
    [
        (letter(), "eml", CERTAIN),
        ("From: ada@engines.example\nSubject: x\n\ny", "eml", LIKELY),
        ("Received: by x\n\tid 1; Thu, 19 Nov 2026\nFrom: ada@engines.example\n\ny", "eml", CERTAIN),
        ("From ada Thu Nov 19 09:00:00 2026\n" + letter(), "mbox", CERTAIN),
        ("Name,E-mail\nAda,ada@engines.example\n", "", NO),
        ("BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", "", NO),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "", NO),
        ('{"from": "ada@engines.example", "subject": "x"}', "", NO),
        ("", "", NO),
        ("From here on: it is text\nTo: nobody\n", "", NO),
    ],
)
def test_files_are_known_by_what_they_hold(tmp_path: Path, data: str, kind: str, mark: int) -> None:
    path = tmp_path / "file"
    path.write_text(data, "utf-8")
    marks = {found.name: found.match(source(path)) for found in mail.FORMATS}
    assert marks == {"mbox": NO, "eml": NO, "maildir": NO} | ({kind: mark} if kind else {})


def test_folders_are_known_by_what_they_hold(tmp_path: Path) -> None:
    def mark(name: str) -> int:
        return FORMATS["maildir"].match(source(tmp_path / name))

    for inner in ("box/cur", "tree/.Sent/cur", "letters/2026", "photos"):
        (tmp_path / inner).mkdir(parents=True)
    (tmp_path / "letters/2026/a.eml").write_text(letter(), "utf-8")
    (tmp_path / "photos/a.jpg").write_text("x", "utf-8")
    assert [mark(name) for name in ("box", "tree", "letters", "photos")] == [CERTAIN, CERTAIN, LIKELY, NO]


def test_without_addresses_of_the_team_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(letter(), "utf-8")
    made = source(tmp_path / "a.eml", team=frozenset())
    with pytest.raises(UsageError) as caught:
        next(iter(FORMATS["eml"].read(made)))
    assert "crm config set team.addresses" in caught.value.hint


# --- who and which way


def people(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["email"], one["role"]) for one in found.get("people", ())]


def test_what_others_write_is_inbound(tmp_path: Path) -> None:
    found = values(tmp_path, letter(Cc="Bob <bob@b.example>, you@works.example"))
    assert (found["direction"], found["channel"]) == ("inbound", "email")
    assert people(found) == [("ada@engines.example", "from"), ("bob@b.example", "cc")]
    assert found["people"][0]["name"] == "Ada Lovelace"
    assert found["team"] == ["me@shop.example", "you@works.example"]
    assert found["occurred_at"] == "2026-11-19T08:00:00Z"


def test_what_we_write_is_outbound(tmp_path: Path) -> None:
    text = letter(From="Me <ME@Shop.example>", To="ada@engines.example, you@works.example", Bcc="Eve <eve@e.example>")
    found = values(tmp_path, text)
    assert found["direction"] == "outbound"
    assert people(found) == [("ada@engines.example", "to"), ("eve@e.example", "cc")]
    assert found["team"] == ["ME@Shop.example", "you@works.example"]


def test_what_only_the_team_reads_is_internal(tmp_path: Path) -> None:
    found = values(tmp_path, letter(From="you@works.example", To="me@shop.example"))
    assert (found["direction"], people(found)) == ("internal", [])


def test_a_form_on_a_web_site_answers_for_the_person_who_filled_it_in(tmp_path: Path) -> None:
    found = values(tmp_path, letter(From="form@web.example", Reply_To="Ada <ada@engines.example>"))
    assert people(found) == [("form@web.example", "from"), ("ada@engines.example", "from")]
    of_a_list = letter(Reply_To="list@lists.example", List_Id="<list.lists.example>")
    assert people(values(tmp_path, of_a_list)) == [("ada@engines.example", "from")]


@pytest.mark.parametrize(
    "fields",
    [
        {"List_Id": "<news.shop.example>"},
        {"List_Unsubscribe": "<mailto:x@y.example>"},
        {"Precedence": "Bulk"},
        {"Auto_Submitted": "auto-replied"},
        {"From": "no-reply@engines.example"},
        {"From": "Robot <donotreply@engines.example>"},
    ],
)
def test_what_no_person_wrote_is_marked(tmp_path: Path, fields: dict[str, str]) -> None:
    assert values(tmp_path, letter(**fields))["automatic"]
    assert "automatic" not in values(tmp_path, letter(Auto_Submitted="no"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"X_Mozilla_Status": "0009"}, "it was deleted"),
        ({"X_Status": "D"}, "it was deleted"),
        ({"X_Gmail_Labels": "Inbox,Spam"}, "it is spam"),
        ({"X_Gmail_Labels": "Drafts"}, "it is a draft"),
    ],
)
def test_what_mail_programs_mark_is_left_out(tmp_path: Path, fields: dict[str, str], why: str) -> None:
    assert values(tmp_path, letter(**fields))["left_out"] == why


# --- failures of delivery

REPORT = """Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ada@engines.example
Action: {}
Status: 5.1.1
"""
RETURNED = """Content-Type: message/rfc822

From: me@shop.example
To: ada@engines.example
Message-ID: <sent@shop.example>
Subject: Your offer
"""


def test_a_failure_is_about_whom_it_did_not_reach_and_no_contact_with_them(tmp_path: Path) -> None:
    text = parts("report", "\nSorry.\n", REPORT.format("failed"), RETURNED, From="MAILER-DAEMON@mx.example")
    found = values(tmp_path, text)
    assert (found["direction"], found["outcome"], found["automatic"]) == ("internal", "bounced", True)
    assert people(found) == [("ada@engines.example", "to")]
    assert (found["in_reply_to"], found["thread"]) == ("sent@shop.example", "sent@shop.example")


def test_a_delay_is_no_failure(tmp_path: Path) -> None:
    text = parts("report", "\nWait.\n", REPORT.format("delayed"), From="MAILER-DAEMON@mx.example")
    assert "outcome" not in values(tmp_path, text)


def test_failures_of_older_programs(tmp_path: Path) -> None:
    by_field = letter(From="Mailer-Daemon <mailer-daemon@mx.example>", X_Failed_Recipients="ada@engines.example")
    assert people(values(tmp_path, by_field)) == [("ada@engines.example", "to")]
    by_text = letter(
        From="MAILER-DAEMON@mx.example", Return_Path="<>", body="Sorry\n<ada@engines.example>:\nno such user\n"
    )
    found = values(tmp_path, by_text)
    assert (found["outcome"], people(found)) == ("bounced", [("ada@engines.example", "to")])


# --- conversations and times


def test_a_conversation_is_named_by_its_first_message(tmp_path: Path) -> None:
    first = values(tmp_path, letter())
    assert (first["message_id"], first["thread"]) == ("1@engines.example", "1@engines.example")
    answer = values(tmp_path, letter(In_Reply_To="<b@x> (of Monday)", References="<a@x>\n <b@x>"))
    assert (answer["in_reply_to"], answer["thread"]) == ("b@x", "a@x")
    short = values(tmp_path, letter(In_Reply_To="<b@x>"))
    assert (short["in_reply_to"], short["thread"]) == ("b@x", "b@x")


def test_a_message_without_an_identifier_gets_the_same_every_time(tmp_path: Path) -> None:
    text = letter(Message_ID="")
    first = values(tmp_path, text)["message_id"]
    assert first.endswith("@message-id.invalid")
    assert values(tmp_path, f"X-Status: RO\n{text}".replace("\n", "\r\n"))["message_id"] == first
    assert values(tmp_path, letter(Message_ID="", body="Other\n"))["message_id"] != first


def test_an_identifier_that_is_too_long_for_any_database_becomes_a_short_one(tmp_path: Path) -> None:
    assert len(values(tmp_path, letter(Message_ID=f"<{'x' * 5000}@y>"))["message_id"]) < 100


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Date": "", "Received": "by mx.example; Thu, 19 Nov 2026 10:00:00 +0000"}, "2026-11-19T10:00:00Z"),
        ({"Date": "nonsense", "Received": "by mx; Thu, 19 Nov 2026 10:00:00 +0000"}, "2026-11-19T10:00:00Z"),
        ({"Date": "Thu, 19 Nov 2037 09:00:00 +0000"}, "2026-11-20T10:00:00Z"),
        ({"Date": "1 Jan 1970 00:00:00 +0000", "Delivery_Date": "19 Nov 2026 10:00:00 +0000"}, "2026-11-19T10:00:00Z"),
    ],
)  # fmt: skip
def test_dates_that_are_missing_or_wrong(tmp_path: Path, fields: dict[str, str], expected: str) -> None:
    assert values(tmp_path, letter(**fields))["occurred_at"] == expected


def test_the_separator_of_an_mbox_tells_a_date_too(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("From ada Thu Nov 19 11:00:00 2026\n" + letter(Date=""), "utf-8")
    (item,) = read("mbox", source(tmp_path / "box"))
    assert isinstance(item, Draft)
    assert item.values["occurred_at"] == "2026-11-19T11:00:00Z"


# --- texts


def test_of_several_forms_the_plain_one_is_read(tmp_path: Path) -> None:
    plain, page = "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>page</p>"
    assert values(tmp_path, parts("alternative", plain, page))["body"] == "plain"
    assert values(tmp_path, parts("alternative", "Content-Type: text/plain\n\n \n", page))["body"] == "page"
    assert values(tmp_path, letter(Content_Type="text/html", body="<p>Hello<br>there</p>"))["body"] == "Hello\nthere"


def test_an_html_answer_is_folded_as_a_plain_one(tmp_path: Path) -> None:
    page = "<p>On Tuesday.</p><div>On 19 Nov 2026, Ada wrote:<br></div><blockquote>When?</blockquote>"
    found = values(tmp_path, letter(Content_Type="text/html", body=page))
    assert (found["body"], found["quoted"]) == ("On Tuesday.", "On 19 Nov 2026, Ada wrote:\n\n> When?")


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("utf-8", "Grüße".encode(), "Grüße"),
        ("iso-8859-1", "Grüße".encode("cp1252"), "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("no-such-set", "Grüße".encode("cp1252"), "Grüße"),
        ("shift_jis", "注文".encode("cp932"), "注文"),
        ("ks_c_5601-1987", "주문".encode("cp949"), "주문"),
        ("idna", b"abc", "abc"),
        ("unicode_escape", b"\\ud800", "\\ud800"),
    ],
)
def test_character_sets(tmp_path: Path, declared: str, data: bytes, text: str) -> None:
    head = letter(Content_Type=f"text/plain; charset={declared}", body="").encode()
    assert values(tmp_path, head + data)["body"] == text


def test_letters_that_no_database_keeps_are_left_out(tmp_path: Path) -> None:
    found = values(tmp_path, letter(body="a\0b", Subject="c\0d"))
    assert (found["body"], found["subject"]) == ("ab", "cd")


def test_transfer_encodings(tmp_path: Path) -> None:
    def body(encoding: str, text: str) -> str:
        return str(
            values(
                tmp_path,
                letter(body=text, Content_Transfer_Encoding=encoding, Content_Type="text/plain; charset=utf-8"),
            )["body"]
        )

    assert body("quoted-printable", "Gr=C3=BC=C3=9Fe=\n aus Wien") == "Grüße aus Wien"
    assert body("base64", base64.b64encode("Grüße".encode()).decode()) == "Grüße"
    assert body("base64", "R3LDvMOfZQ") == "Grüße"  # its end is missing
    assert body("x-uuencode", "begin 644 a\n%2&5L;&\\ \nend\n") == "Hello"
    assert body("unheard-of", "text") == "text"


# --- attachments


def test_attachments_are_listed_with_safe_names(tmp_path: Path) -> None:
    names = [
        "../../etc/passwd",
        "C:\\temp\\offer.pdf",
        "a\x1b[31m.txt",
        "..",
        "x" * 300 + ".pdf",
        "=?utf-8?q?=C3=A4.pdf?=",
    ]
    inner = [
        f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{name}"\n\nx' for name in names
    ]
    found = values(tmp_path, parts("mixed", "\nHello", *inner))
    shown = [one["name"] for one in found["attachments"]]
    assert shown[:4] == ["passwd", "offer.pdf", "a_[31m.txt", "attachment.bin"]
    assert (len(shown[4]), shown[4][-4:], shown[5]) == (200, ".pdf", "ä.pdf")
    assert found["body"] == "Hello"


def test_an_attachment_is_described_and_its_content_kept_on_request(tmp_path: Path) -> None:
    inner = (
        "Content-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"a;b\n").decode()
    )
    text = parts("mixed", "\nHello", inner)
    (one,) = values(tmp_path, text)["attachments"]
    digest = "56ed50ab7f1e4f9d2cd5bc66b4a1a55a2d64e5dcd0c03bb8c7c9a6cbb2ab2d4c"
    assert (one["name"], one["media_type"], one["size"], len(one["digest"])) == ("a.csv", "text/csv", 4, len(digest))
    assert "content" not in one
    (one,) = values(tmp_path, text, attachments=True)["attachments"]
    assert base64.b64decode(one["content"]()) == b"a;b\n"


def test_content_is_found_again_in_an_mbox(tmp_path: Path) -> None:
    inner = "Content-Type: text/csv; name=a.csv\n\n>From here\n>>From there"
    separator = "From ada Thu Nov 19 11:00:00 2026\n"
    text = separator + letter() + "\n" + separator + parts("mixed", "\nHello", inner, Message_ID="<2@x>")
    (tmp_path / "box").write_text(text, "utf-8")
    _, item = read("mbox", source(tmp_path / "box", attachments=True))
    assert isinstance(item, Draft)
    assert base64.b64decode(item.values["attachments"][0]["content"]()) == b"From here\n>From there"


def test_pictures_of_a_page_are_no_attachments(tmp_path: Path) -> None:
    page, picture = "Content-Type: text/html\n\n<p>Hello</p>", "Content-Type: image/png\nContent-ID: <logo>\n\nx"
    assert "attachments" not in values(tmp_path, parts("related", page, picture))
    assert len(values(tmp_path, parts("mixed", page, picture))["attachments"]) == 1


def test_a_message_in_a_message_is_attached(tmp_path: Path) -> None:
    found = values(tmp_path, parts("mixed", "\nSee below", "Content-Type: message/rfc822\n\n" + letter(Subject="a/b")))
    assert [one["name"] for one in found["attachments"]] == ["a-b.eml"]
    assert found["body"] == "See below"


def test_a_large_attachment_is_listed_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcli.importers.mail_message.LARGEST_KEPT", 10)
    path = tmp_path / "a.eml"
    path.write_text(parts("mixed", "Content-Type: text/csv; name=a.csv\n\n" + "x" * 11), "utf-8")
    made = source(path, attachments=True)
    (item,) = read("eml", made)
    assert isinstance(item, Draft)
    assert "content" not in item.values["attachments"][0]
    assert len(made.notes) == 1


# --- what is refused

NESTED = "".join(f"--{depth}\nContent-Type: multipart/mixed; boundary={depth + 1}\n\n" for depth in range(2000))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no message: there is no header"),
        ("Hello\nthere\n", "it is no message: there is no header"),
        (letter(From=""), "it does not say who wrote it"),
        (letter(From="nobody"), "it does not say who wrote it"),
        (letter(Date=""), "it has no date that can be read"),
        (letter(body="--b\n" * 600, Content_Type="multipart/mixed; boundary=b"), "more than 500 parts"),
        (letter(body=NESTED, Content_Type="multipart/mixed; boundary=0"), "too deep"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(tmp_path: Path, text: str, why: str) -> None:
    assert why in reason(tmp_path, text)


def test_a_broken_message_leaves_the_others_alone_and_comes_back_mended(tmp_path: Path) -> None:
    separator = "From ada Thu Nov 19 11:00:00 2026\n"
    broken = letter(From="", Message_ID="<2@x>", body="\nFrom here\nit is text\n")
    text = "\n".join(separator + one for one in (letter(), broken, letter(Message_ID="<3@x>")))
    (tmp_path / "box").write_text(text, "utf-8")
    made = source(tmp_path / "box")
    found = read("mbox", made)
    assert [type(item) for item in found] == [Draft, Refused, Draft]
    rejected = b"".join(FORMATS["mbox"].rejects(made, [item for item in found if isinstance(item, Refused)]))
    assert b"X-Crm-Place: 2\nX-Crm-Reason: it does not say who wrote it\n" in rejected
    mended = tmp_path / "mended"
    mended.write_bytes(rejected.replace(b"X-Crm-Place", b"From: bob@b.example\nX-Crm-Place"))
    assert FORMATS["mbox"].match(source(mended)) == CERTAIN
    (item,) = read("mbox", source(mended))
    assert isinstance(item, Draft)
    assert (item.values["message_id"], item.values["body"]) == ("2@x", "From here\nit is text")
    again = b"".join(FORMATS["mbox"].rejects(source(mended), [Refused(1, item.raw, "x")]))
    assert again.count(b"X-Crm-Place") == 1
    assert again.count(b">From here") == 1


def test_rejects_of_a_folder_are_an_mbox(tmp_path: Path) -> None:
    for number, text in enumerate([letter(From=""), "junk", ""]):
        (tmp_path / f"{number}.eml").write_text(text, "utf-8")
    made = source(tmp_path)
    found = [item for item in read("maildir", made) if isinstance(item, Refused)]
    (tmp_path / "rejects").write_bytes(b"".join(FORMATS["maildir"].rejects(made, found)))
    assert len(read("mbox", source(tmp_path / "rejects"))) == 3


# --- messages of others


def test_the_corpus_of_python_is_read(tmp_path: Path) -> None:
    refused = 0
    for path in samples("mail-cpython"):
        made = source(path)
        kind = "mbox" if FORMATS["mbox"].match(made) else "eml"
        found = read(kind, made)
        assert len(found) == 1
        refused += isinstance(found[0], Refused)
        b"".join(FORMATS[kind].rejects(made, [item for item in found if isinstance(item, Refused)]))
    assert refused <= 20  # those without a header, a writer or a date


def test_damaged_messages_are_read_or_refused(tmp_path: Path) -> None:
    originals = [
        parts("mixed", "\nHello", "Content-Type: text/html; charset=utf-8\n\n<p>ä</p>", RETURNED).encode(),
        parts("report", "\nSorry.\n", REPORT.format("failed"), RETURNED, From="MAILER-DAEMON@mx.example").encode(),
        letter(
            Subject="=?utf-8?q?=C3=A4?=", To='"A, B" <a@x.example>, (c) d@x.example', References="<a@x> <b@x>"
        ).encode(),
        ("From ada Thu Nov 19 11:00:00 2026\n" + letter(Content_Transfer_Encoding="base64", body="SGVsbG8=")).encode(),
        ("From ada Thu Nov 19 11:00:00 2026\n" + letter() + "\n").encode() * 3,
    ]
    path = tmp_path / "damaged"
    for data in mutations(originals, 1000, seed=1):
        path.write_bytes(data)
        made = source(path, attachments=True)
        for kind in ("eml", "mbox"):
            FORMATS[kind].match(made)
            try:
                found = read(kind, made)
            except UsageError:
                assert kind == "mbox"
                continue
            for item in found:
                if isinstance(item, Draft):
                    assert item.values["occurred_at"] <= NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
                    assert "\0" not in str(item.values)
                    str(item.values).encode()
            b"".join(FORMATS[kind].rejects(made, [item for item in found if isinstance(item, Refused)]))


def test_a_file_of_one_message_is_one_record(tmp_path: Path) -> None:
    assert len(items(tmp_path, letter() + "\nFrom ada Thu Nov 19 11:00:00 2026\n" + letter())) == 1
