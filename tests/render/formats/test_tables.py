"""Tables for people, at every width."""

import pytest
from rich.cells import cell_len

from crmcli.kernel.page import Page
from crmcli.kernel.text import cell_width


@pytest.mark.parametrize("width", range(20, 161))
def test_nothing_is_wider_than_the_terminal(width, make_out, view, people) -> None:
    out = make_out(terminal=True, color="never", environ={"COLUMNS": str(width)})
    out.show_list(view, Page(people))
    for record in people:
        out.show_record(view, record)
    for line in out.data.splitlines():
        assert max(cell_width(line), cell_len(line)) <= width, line


def test_a_wide_terminal_shows_everything(shown, people) -> None:
    assert shown(people[:1], terminal=True, color="never", environ={"COLUMNS": "100"}) == (
        "Id  Name          E-mail               Tags    Last in\n"
        "─────────────────────────────────────────────────────────\n"
        "c1  Ada Lovelace  ada@engines.example  vip, b  3 days ago\n"
    )


def test_a_narrow_terminal_hides_columns_and_says_which(make_out, view, people) -> None:
    out = make_out(terminal=True, color="never", environ={"COLUMNS": "40"})
    out.show_list(view, Page(people))
    assert out.data.splitlines()[0].split() == ["Id", "Name", "Last", "in"]
    assert out.said == "hidden at this width: email, tags; widen the terminal, or use --fields\n"
    assert "山田 太郎 さんの名前は…" in out.data


def test_nothing_is_said_when_nothing_is_hidden(make_out, view, people) -> None:
    out = make_out(terminal=True, environ={"COLUMNS": "100"})
    out.show_list(view, Page(people))
    assert out.said == ""


def test_fields_that_were_named_are_never_hidden(make_out, view, people) -> None:
    out = make_out(terminal=True, color="never", environ={"COLUMNS": "30"}, fields="id,display_name,email,last_in")
    out.show_list(view, Page(people[:1]))
    assert (out.said, out.data) == (
        "",
        "Ada Lovelace  c1\n  E-mail   ada@engines.example\n  Last in  3 days ago\n",
    )


def test_markup_and_emoji_codes_are_only_text(shown, people) -> None:
    text = shown(people[1:2], terminal=True, color="never", environ={"COLUMNS": "200"})
    assert r"a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc\nd\x7f\x9b|\<b>" in text
    assert "[on red]" in text


def test_a_table_in_a_pipe_is_not_cut(shown, people) -> None:
    text = shown(people, format="table", environ={"COLUMNS": ""})
    assert "…" not in text and "\x1b" not in text and people[2]["display_name"] in text


def test_an_empty_list_says_what_to_do_and_draws_nothing(make_out, view) -> None:
    out = make_out(terminal=True)
    out.show_list(view, Page([]))
    assert (out.data, out.said) == ("", "No people yet. Add one: crm person add NAME\n")


def test_colour_is_the_terminals_own_sixteen(shown, people) -> None:
    text = shown(people[:1], terminal=True, color="always")
    assert "\x1b[36mc1\x1b[0m" in text and "\x1b[35mvip, b\x1b[0m" in text
    assert "38;" not in text and "\x1b]8" not in text


def test_a_record_is_its_title_and_its_filled_fields(make_out, view, people) -> None:
    out = make_out(terminal=True, color="never")
    out.show_record(view, people[0])
    assert out.data == (
        "Ada Lovelace  c1\n"
        "E-mail   ada@engines.example\n"
        "Tags     vip, b\n"
        "Last in  2026-11-18 09:15 (3 days ago)\n"
        "VIP      yes\n"
        "Talk     1h 5m\n"
        "Note     Asked about\n"
        "         delivery\n"
    )


def test_an_ascii_terminal_gets_ascii(make_out, view, people) -> None:
    out = make_out(terminal=True, color="never", environ={"COLUMNS": "60"})
    out.unicode = False
    out.show_list(view, Page(people))
    assert out.data.isascii()
    assert "----" in out.data and "\\u5c71\\u7530 ~" in out.data
    assert all(len(line) <= 60 for line in out.data.splitlines())
