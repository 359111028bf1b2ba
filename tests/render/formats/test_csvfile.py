"""CSV: values as they are."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st


def test_values_come_back_as_they_were(shown, people) -> None:
    rows = list(csv.DictReader(io.StringIO(shown(people, format="csv"), newline="")))
    assert [row["display_name"] for row in rows] == [person["display_name"] for person in people]
    assert rows[0] == {
        "id": "c1", "display_name": "Ada Lovelace", "email": "ada@engines.example", "tags": "vip,b",
        "last_in": "2026-11-18T09:15:00Z", "vip": "true", "talk": "3900", "note": "Asked about\ndelivery",
    }  # fmt: skip
    assert (rows[1]["email"], rows[3]["email"], rows[3]["talk"]) == ("=1+1@x.example", "", "")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_every_text_round_trips(shown, people, text: str) -> None:
    written = shown([{**people[0], "display_name": text}], format="csv", fields="display_name,id")
    assert list(csv.reader(io.StringIO(written, newline="")))[1] == [text, "c1"]


def test_lines_end_with_a_line_feed_alone(shown) -> None:
    assert "\r" not in shown(format="csv")


def test_one_record_is_a_header_and_a_row(make_out, view, people) -> None:
    out = make_out(format="csv", fields="display_name,tags")
    out.show_record(view, people[0])
    assert out.data == 'display_name,tags\nAda Lovelace,"vip,b"\n'
