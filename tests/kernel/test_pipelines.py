"""The usual pipeline, and lists as they are kept."""

import pytest

from crmcli.kernel.pipelines import USUAL_STAGES, joined, likely, parted


def test_the_usual_stages_are_those_of_the_field() -> None:
    assert [(stage.name, stage.probability, stage.type) for stage in USUAL_STAGES] == [
        ("prospecting", 10, "open"),
        ("qualification", 20, "open"),
        ("proposal", 50, "open"),
        ("negotiation", 80, "open"),
        ("won", 100, "won"),
        ("lost", 0, "lost"),
    ]


def test_a_list_reads_back() -> None:
    assert parted(joined(["price", " no budget ", "price", ""])) == ["price", "no budget"]
    assert joined([]) is None
    assert parted(None) == []


@pytest.mark.parametrize(
    ("status", "own", "percent"),
    [("open", None, 50), ("open", 0, 0), ("open", 60, 60), ("won", 60, 100), ("lost", 60, 0)],
)
def test_how_likely(status: str, own: int | None, percent: int) -> None:
    assert likely(status, own, 50) == percent
