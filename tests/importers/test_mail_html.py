"""HTML messages as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.mail_html import text_of


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Hello,</p><p>two &amp; two</p>", "Hello,\n\ntwo & two"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<style>p {color: red}</style><script>alert('<p>')</script>seen<title>not</title>", "seen"),
        ("<blockquote>said<blockquote>before</blockquote></blockquote>answer", "> said\n>\n> > before\n\nanswer"),
        ('see <a href="https://shop.example/a">the shop</a>', "see the shop <https://shop.example/a>"),
        ('<a href="https://shop.example">https://shop.example/</a>', "https://shop.example/"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ('<a href="https://shop.example/' + "x" * 400 + '">tracked</a>', "tracked"),
        ("x < y and y > z", "x < y and y > z"),
        ("<!-- hidden <p> --> shown", "shown"),
        ('<p title="a > b">text</p>', "text"),
        ("a\n  b\t c", "a b c"),
        ("&#8203;&#8203;&zwnj; &zwnj;&nbsp;&zwnj;&nbsp;text", "text"),
        ("<p>&lt;script&gt;</p>", "<script>"),
        ("", ""),
    ],
)
def test_what_is_to_be_read(page: str, text: str) -> None:
    assert text_of(page) == text


@given(st.text(max_size=400))
def test_any_page_has_a_text(page: str) -> None:
    text_of(page)


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", '<a b="', "<![", "</a", "<script>", "<script ", "&#", "<p>", "<li>", "<td>"]
)
def test_hostile_pages_end(piece: str) -> None:
    # html.parser takes minutes for some of these.
    assert len(text_of(piece * 200_000)) < 2_000_000
