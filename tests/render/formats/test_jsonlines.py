"""JSON lines: one bare object a line."""

import json


def test_one_bare_object_a_line(shown, people, view) -> None:
    lines = shown(people, format="jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["c1", "c2", "c3", "c4"]
    assert list(json.loads(lines[0])) == list(view.json)


def test_it_is_compact(make_out, view, people) -> None:
    out = make_out(format="jsonl", fields="id,tags")
    out.show_record(view, people[0])
    assert out.data == '{"id":"c1","tags":["vip","b"]}\n'
