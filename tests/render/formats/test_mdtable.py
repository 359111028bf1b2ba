"""Markdown tables."""

from markdown_it import MarkdownIt


def test_hostile_values_stay_text_in_their_cell(shown, people) -> None:
    html = MarkdownIt("commonmark").enable("table").render(shown(people, format="md"))
    assert html.count("<tr>") == 5 and html.count("<td>") == 20
    assert r"<td>a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc\nd\x7f\x9b|\&lt;b&gt;</td>" in html


def test_links_images_and_entities_are_not_made(make_out, view, people) -> None:
    out = make_out(format="md", fields="note")
    out.show_record(view, {**people[0], "note": "![x](http://t.example) [y](z) &amp; `code`"})
    html = MarkdownIt("commonmark").enable("table").render(out.data)
    assert "<td>![x](http://t.example) [y](z) &amp;amp; `code`</td>" in html


def test_one_record_is_a_table_of_its_filled_fields(make_out, view, people) -> None:
    out = make_out(format="md")
    out.show_record(view, people[3])
    assert out.data.startswith("| Field | Value |\n| --- | --- |\n| Id | c4 |\n")
    assert "E-mail" not in out.data
