"""Widths of columns."""

from hypothesis import given
from hypothesis import strategies as st

from crmcli.render.layout import GAP, Layout, fit
from crmcli.render.view import Column

COLUMNS = [
    Column("id", "Id", "id"),
    Column("name", "Name"),
    Column("mail", "Mail", drop=1),
    Column("tag", "Tag", drop=2),
]


def test_all_get_what_they_like_when_there_is_room() -> None:
    assert fit(COLUMNS, [4, 30, 30, 20], 90) == Layout([0, 1, 2, 3], [4, 30, 30, 20], [])


def test_room_is_shared_by_those_who_want_more() -> None:
    assert fit(COLUMNS, [4, 30, 30, 14], 60) == Layout([0, 1, 2, 3], [4, 18, 18, 14], [])


def test_the_highest_drop_goes_first() -> None:
    assert fit(COLUMNS, [4, 30, 30, 20], 40) == Layout([0, 1, 2], [4, 16, 16], ["tag"])
    assert fit(COLUMNS, [4, 30, 30, 20], 20) == Layout([0, 1], [4, 14], ["mail", "tag"])


def test_what_must_be_shown_may_not_fit() -> None:
    assert fit(COLUMNS, [4, 30, 30, 20], 17) is None
    assert fit(COLUMNS, [4, 30, 30, 20], 40, whole=True) is None


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4), st.integers(1, 200))
def test_a_layout_fits_and_wastes_nothing(natural: list[int], width: int) -> None:
    layout = fit(COLUMNS, natural, width)
    if layout is not None:
        total = sum(layout.widths) + GAP * (len(layout.kept) - 1)
        liked = [natural[i] for i in layout.kept]
        assert total <= width
        assert all(given <= wanted for given, wanted in zip(layout.widths, liked, strict=True))
        assert total == width or layout.widths == liked
