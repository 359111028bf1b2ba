"""Markdown on a terminal."""

from crmcli.render.markdown import render


def test_it_is_drawn_and_nothing_in_it_is_live(make_out) -> None:
    out = make_out(terminal=True, environ={"COLUMNS": "60"}, color="always")
    text = "\n".join(render("# Hello\n\n- one \x1b[31m\n- [link](http://x.example) [red]:smile:\n", out))
    assert "Hello" in text and "• " in text and "\\x1b[31m" in text and "http://x.example" in text
    assert "\x1b]8" not in text and "[red]:smile:" in text


def test_it_fits(make_out) -> None:
    out = make_out(terminal=True, environ={"COLUMNS": "30"}, color="never")
    assert max(len(line) for line in render("word " * 50, out)) <= 30
