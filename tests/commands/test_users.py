"""`crm user`."""

import pytest

from tests.conftest import Crm


def test_a_member_is_added_listed_and_changed(crm: Crm) -> None:
    added = ["tom", "--display-name", "Tom Sawyer", "--email", "tom@pomona.example", "--role", "sales"]
    assert crm.ok("user", "add", *added) == "u2\n"
    assert crm.ok("user", "edit", "tom", "--timezone", "europe/vienna", tty=True) == "Changed user tom (u2)\n"
    users = crm.json("user", "list")["items"]
    assert [user["name"] for user in users] == ["ada", "tom"]
    assert (users[1]["display_name"], users[1]["timezone"], users[1]["role"]) == (
        "Tom Sawyer",
        "Europe/Vienna",
        "sales",
    )
    assert users[0]["role"] == "admin"


def test_the_contract(crm: Crm) -> None:
    crm.ok("user", "add", "tom")
    document = crm.json("user", "list")
    assert document["schema"] == "crm.user.list/1"
    assert list(document["items"][1]) == [
        "id",
        "uid",
        "name",
        "display_name",
        "email",
        "timezone",
        "role",
        "created_at",
        "updated_at",
    ]


def test_me_can_be_edited_before_my_first_change(crm: Crm) -> None:
    crm.ok("user", "edit", "me", "--display-name", "Ada Lovelace")
    assert crm.json("user", "list")["items"][0]["display_name"] == "Ada Lovelace"


def test_another_name_is_told_where_the_old_one_may_stand(crm: Crm) -> None:
    """Whoever runs reminders as the old name would be told nothing any more, in silence."""
    result = crm("user", "edit", "me", "--name", "ada.l", tty=True)
    assert result.out == "Changed user ada.l (u1)\n"
    assert "CRM_USER or a job for reminders say ada," in result.err and "crm config set user ada.l" in result.err
    assert crm("user", "edit", "u1", "--name", "ada.l", "--role", "admin").err == ""


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["add", "me"], 2, "'me' cannot be a user name"),
        (["add", " "], 2, "cannot be a user name"),
        (["add", "tom", "--role", "boss"], 2, "'boss' is not a role"),
        (["add", "tom", "--timezone", "Mars/Base"], 2, "there is no time zone 'Mars/Base'"),
        (["add", "tom", "--email", "tom"], 2, "'tom' is not an e-mail address"),
        (["edit", "nobody", "--role", "sales"], 3, "there is no user 'nobody'"),
        (["edit", "me"], 2, "nothing to change was given"),
    ],
)
def test_what_is_refused(crm: Crm, args: list[str], code: int, words: str) -> None:
    result = crm("user", *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err
    assert "tom" not in crm.ok("user", "list")


def test_a_name_is_taken_once(crm: Crm) -> None:
    crm.ok("user", "add", "tom")
    result = crm("user", "add", "TOM")
    assert (result.code, result.out) == (2, "")
    assert "already" in result.err


def test_an_empty_team_says_how_to_add_one(crm: Crm) -> None:
    assert "crm user add NAME" in crm("user", "list", tty=True).err


def test_a_hostile_name_is_shown_harmlessly(crm: Crm) -> None:
    crm.ok("user", "add", "[red]\x1b[31mtom")
    shown = crm.ok("user", "list", tty=True)
    assert "\x1b" not in shown
    assert "[red]\\x1b" in shown
