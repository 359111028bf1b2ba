"""LinkedIn: fictional connections in the form of `Connections.csv`."""

from typing import Any

import pytest

from crmcli.importers.base import CERTAIN, Draft, Refused
from crmcli.importers.linkedin import FORMATS
from tests.importers.tables import best, items, source

PREAMBLE = (
    'Notes:\r\n"When exporting your connection data, you may notice that some of the email addresses are missing. '
    'You will only see those of connections who have allowed it."\r\n\r\n'
)
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"


def read(*rows: str) -> list[Any]:
    return items(FORMATS, source(PREAMBLE + HEADER + "\r\n".join(rows)))


def test_a_connection_is_known_again_by_its_page() -> None:
    (draft,) = read('Ada,Lovelace,https://www.linkedin.com/in/ada-l,,"Engines, Ltd.",Programmer,12 Mar 2021')
    assert draft == Draft(
        "contact",
        {
            "given_name": "Ada",
            "family_name": "Lovelace",
            "url": [{"value": "https://www.linkedin.com/in/ada-l", "label": "linkedin"}],
            "external": ["linkedin:ada-l"],
            "company": [{"name": "Engines, Ltd."}],
            "job_title": "Programmer",
            "set": [{"connected_on": "2021-03-12"}],
        },
        5,
        ["Ada", "Lovelace", "https://www.linkedin.com/in/ada-l", "", "Engines, Ltd.", "Programmer", "12 Mar 2021"],
    )


@pytest.mark.parametrize(
    ("url", "external"),
    [
        ("https://de.linkedin.com/in/J%C3%BCrgen-Ex/", ["linkedin:jürgen-ex"]),
        ("http://linkedin.com/in/Ada?trk=x", ["linkedin:ada"]),
        ("https://www.linkedin.com/company/engines", None),
        ("https://example.example/in/ada", None),
    ],
)
def test_a_page_of_a_person_is_a_key(url: str, external: list[str] | None) -> None:
    (draft,) = read(f"Ada,,{url},,,,")
    assert draft.values.get("external") == external


@pytest.mark.parametrize(
    ("text", "kept"), [("7-Feb-2022", "2022-02-07"), ("1 September 2020", "2020-09-01"), ("mars", "mars")]
)
def test_days_are_written_as_iso_where_they_are_understood(text: str, kept: str) -> None:
    (draft,) = read(f"Ada,,,,,,{text}")
    assert draft.values["set"] == [{"connected_on": kept}]


def test_rows_without_anything_are_passed_over_and_long_ones_refused() -> None:
    found = read(",,,,,,", "Ada,,,,,,,,x")
    assert [type(item) for item in found] == [Refused]
    assert found[0].place == 6


def test_it_is_recognised_with_and_without_the_preamble() -> None:
    assert best(FORMATS, source(PREAMBLE + HEADER)) == ("linkedin", CERTAIN)
    assert best(FORMATS, source(HEADER + "Ada,,,,,,\r\n")) == ("linkedin", CERTAIN)
