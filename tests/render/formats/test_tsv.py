"""TSV: what scripts read."""


def test_every_value_is_whole_and_exact(shown, people) -> None:
    lines = shown(people).split("\n")
    assert lines[0] == "id\tdisplay_name\temail\ttags\tlast_in"
    assert lines[1] == "c1\tAda Lovelace\tada@engines.example\tvip,b\t2026-11-18T09:15:00Z"
    assert lines[3].startswith("c3\t山田 太郎 さんの名前はとてもとても長いのです\t")
    assert len(lines) == 6 and lines[5] == ""


def test_control_characters_are_escaped_so_that_a_record_stays_a_line(shown, people) -> None:
    line = shown(people).split("\n")[2]
    assert line.split("\t")[1] == r"a\x1b]0;x\x07[/x] [red]:smile: \u202eb\tc\nd\x7f\x9b|\<b>"
    assert line.split("\t")[2] == "=1+1@x.example"


def test_one_record_has_all_columns(make_out, view, people) -> None:
    out = make_out()
    out.show_record(view, people[0])
    header, line, end = out.data.split("\n")
    assert dict(zip(header.split("\t"), line.split("\t"), strict=True)) == {
        "id": "c1", "display_name": "Ada Lovelace", "email": "ada@engines.example", "tags": "vip,b",
        "last_in": "2026-11-18T09:15:00Z", "vip": "true", "talk": "3900", "note": r"Asked about\ndelivery",
    }  # fmt: skip
    assert end == ""


def test_neither_width_nor_colour_rules_change_it(shown) -> None:
    assert shown(environ={"COLUMNS": "20", "FORCE_COLOR": "1"}) == shown()
