"""Plain output, for screen readers."""

import pytest


@pytest.mark.parametrize("asked", [{"plain": True}, {"environ": {"ACCESSIBLE": "1"}}])
def test_a_list_is_field_value_lines(asked, shown, people) -> None:
    text = shown(people[:1] + people[3:], terminal=True, **asked)
    assert text == (
        "Id: c1\nName: Ada Lovelace\nE-mail: ada@engines.example\nTags: vip, b\nLast in: 3 days ago\n\n"
        "Id: c4\nName: 👨‍👩‍👧 Emoji 👍🏽 e\u0301 ❤️ 🇩🇪 family\nTags: 🚀\n"
    )


def test_a_record_tells_more(make_out, view, people) -> None:
    out = make_out(terminal=True, plain=True)
    out.show_record(view, people[0])
    assert out.data.splitlines()[4:] == [
        "Last in: 2026-11-18 09:15 (3 days ago)", "VIP: yes", "Talk: 1h 5m", "Note: Asked about", "delivery",
    ]  # fmt: skip


def test_accessible_does_not_change_what_scripts_read(shown) -> None:
    assert shown(environ={"ACCESSIBLE": "1"}) == shown()
