"""The filter language: what each text means, and what is refused where."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.store.filters import (
    MAX_FIELD,
    MAX_LENGTH,
    MAX_NESTING,
    MAX_TERMS,
    MAX_VALUE,
    And,
    Node,
    Not,
    Or,
    Term,
    Words,
    mentions,
    parse,
)


def shown(node: Node | None) -> str:
    """Write a tree with every group in parentheses; a quoted value in quotes."""
    if node is None:
        return ""
    if isinstance(node, And | Or):
        keyword = " and " if isinstance(node, And) else " or "
        return f"({keyword.join(shown(item) for item in node.items)})"
    if isinstance(node, Not):
        return f"not {shown(node.item)}"
    if isinstance(node, Words):
        return f"<{node.text}>"
    return f"{node.field} {node.op} {'|'.join(repr(v.text) if v.quoted else v.text for v in node.values)}"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", ""),
        (" \t\u3000\n", ""),
        ("tag:vip", "tag : vip"),
        ("tag=vip", "tag : vip"),
        ("tag!:vip", "tag !: vip"),
        ("tag!=vip", "tag !: vip"),
        ("name~ada", "name ~ ada"),
        ("name!~ada", "name !~ ada"),
        ("due<eow", "due < eow"),
        ("due<=eow", "due <= eow"),
        ("last_in>-30d", "last_in > -30d"),
        ("score>=4", "score >= 4"),
        ("tag:a,b,'c d'", "tag : a|b|'c d'"),
        ("(tag:a,b)", "tag : a|b"),
        ('due<"next tue 3pm"', "due < 'next tue 3pm'"),
        ("external:hubspot:12", "external : hubspot:12"),
        ("url:https://x.example/?a=b", "url : https://x.example/?a=b"),
        ("Lead-Status:new", "Lead-Status : new"),
        ("custom.größe:xl", "custom.größe : xl"),
        ("custom.किताब:हाँ", "custom.किताब : हाँ"),
        ("12:30", "12 : 30"),
        ("name~O'Brien", "name ~ O'Brien"),
        (r'name:"say \"hi\" \\ C:\temp"', r"""name : 'say "hi" \\ C:\\temp'"""),
        (r"name:'a\b'", r"name : 'a\\b'"),
        ('name:"O\'Brien"', 'name : "O\'Brien"'),
        ("owner:none", "owner : none"),
        ("ada", "<ada>"),
        ("ada lovelace", "(<ada> and <lovelace>)"),
        ('"ada lovelace"', "<ada lovelace>"),
        ("'and'", "<and>"),
        ("O'Brien", "<O'Brien>"),
        ("ada@engines.example", "<ada@engines.example>"),
        ("ada@engines.example:x", "<ada@engines.example:x>"),
        ("山田　太郎", "(<山田> and <太郎>)"),
        ("Smith & Sons", "(<Smith> and <&> and <Sons>)"),
        ("a b or c", "((<a> and <b>) or <c>)"),
        ("a or b c", "(<a> or (<b> and <c>))"),
        ("a AND b Or NOT c", "((<a> and <b>) or not <c>)"),
        ("not a b", "(not <a> and <b>)"),
        ("not(a or b)", "not (<a> or <b>)"),
        ("not not a", "<a>"),
        ("not (not a)", "<a>"),
        ("not not not a", "not <a>"),
        ("a(b or c)d", None),
        ("(a)(b)", "(<a> and <b>)"),
        ("(a b) c", "(<a> and <b> and <c>)"),
        ("a or (b or c)", "(<a> or <b> or <c>)"),
        ("a and(b or c)and d", "(<a> and (<b> or <c>) and <d>)"),
        ("android ornate nothing", "(<android> and <ornate> and <nothing>)"),
    ],
)
def test_a_filter_means_one_thing(text: str, meaning: str | None) -> None:
    if meaning is None:
        with pytest.raises(UsageError):
            parse(text)
    else:
        assert shown(parse(text)) == meaning


@pytest.mark.parametrize("text", ["owner:me", "a (b or not Owner!:me)", "x:y or a-b>3"])
def test_which_fields_a_filter_asks_about(text: str) -> None:
    assert mentions(parse(text), "owner", "a_b") and not mentions(parse(text), "me", "a", "y")


def test_an_empty_filter_asks_about_nothing() -> None:
    assert not mentions(parse(" "), "owner")


def test_terms_and_values_know_their_position() -> None:
    node = parse(" a tag:x,'none'")
    assert isinstance(node, And)
    word, term = node.items
    assert isinstance(word, Words)
    assert isinstance(term, Term)
    assert (word.position, term.position, [value.position for value in term.values]) == (2, 4, [8, 10])


def test_none_is_a_keyword_unless_quoted() -> None:
    term = parse("owner:None,\"none\",'NONE',nonesuch")
    assert isinstance(term, Term)
    assert [value.is_none for value in term.values] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(tag:a", "'(' is never closed at position 1 of the filter"),
        ("tag:a (b", "'(' is never closed at position 7 of the filter"),
        ("tag:a)", "')' closes nothing at position 6 of the filter"),
        ("()", "expected a condition between '(' and ')' at position 2 of the filter"),
        ("or a", "expected a condition before 'or' at position 1 of the filter"),
        ("a and or b", "expected a condition before 'or' at position 7 of the filter"),
        ("a or", "expected a condition after 'or' at position 5 of the filter"),
        ("(a and) b", "expected a condition after 'and' at position 7 of the filter"),
        ("NOT", "expected a condition after 'not' at position 4 of the filter"),
        ("not and a", "expected a condition before 'and' at position 5 of the filter"),
        ("tag:", "expected a value right after 'tag:' at position 5 of the filter"),
        ("tag: vip", "expected a value right after 'tag:' at position 5 of the filter"),
        ("tag:a,", "expected a value right after 'tag:' at position 7 of the filter"),
        ("tag:a,,b", "expected a value right after 'tag:' at position 7 of the filter"),
        ("due < eow", "expected a field before '<' at position 5 of the filter"),
        ("due:<eow", "expected a value after 'due:', not '<', at position 5 of the filter"),
        ("tag==a", "expected a value after 'tag=', not '=', at position 5 of the filter"),
        ("tag:!a", "expected a value after 'tag:', not '!', at position 5 of the filter"),
        ("!tag:a", "expected a field before '!' at position 1 of the filter"),
        ("tag:a ,b", "expected a field before ',' at position 7 of the filter"),
        ("a && b", "'&&' is no operator here at position 3 of the filter"),
        ("a || b", "'||' is no operator here at position 3 of the filter"),
        ('tag:""', "nothing between the quotation marks at position 5 of the filter"),
        ('" "', "nothing between the quotation marks at position 1 of the filter"),
        ('a "b c', "a quotation mark is never closed at position 3 of the filter"),
        ("name:'t Hooft", "a quotation mark is never closed at position 6 of the filter"),
        ('tag:"a"b', "expected a space before 'b' at position 8 of the filter"),
        ('"a""b"', "expected a space before '\"' at position 4 of the filter"),
        ("name:foo(bar)", "expected a space before '(' at position 9 of the filter"),
        ("foo(bar)", "expected a space before '(' at position 4 of the filter"),
        ("a \0", "a character that no text can hold at position 3 of the filter"),
        ("tag:\udc80", "a character that no text can hold at position 5 of the filter"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_position(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.message == message
    assert caught.value.hint


def nested(levels: int) -> str:
    return "(a or b and " * levels + "c" + ")" * levels


def test_parentheses_that_mean_nothing_may_be_as_many_as_one_likes() -> None:
    assert shown(parse("(" * 20_000 + "a" + ")" * 20_000)) == "<a>"
    assert shown(parse("not (" * 15_001 + "a" + ")" * 15_001)) == "not <a>"


def test_the_limits_are_exact() -> None:
    assert parse(nested(MAX_NESTING // 2))
    assert parse("a:" + ",".join("b" * MAX_TERMS))
    assert parse("a or " * (MAX_TERMS - 1) + "a")
    assert parse("a" * MAX_VALUE)
    assert parse("a" * MAX_FIELD + ":b")
    assert parse("a" + " " * (MAX_LENGTH - 1))


@pytest.mark.parametrize(
    "text",
    [
        nested(MAX_NESTING // 2 + 1),
        nested(3_000),
        "(" * MAX_LENGTH,
        "a:" + ",".join("b" * (MAX_TERMS + 1)),
        "a " * (MAX_TERMS + 1),
        "a" * (MAX_VALUE + 1),
        "a:" + "b" * (MAX_VALUE + 1),
        '"' + "b" * (MAX_VALUE + 1) + '"',
        "a" * (MAX_FIELD + 1) + ":b",
        "not " * (MAX_LENGTH // 4),
        "a" * (MAX_LENGTH + 1),
    ],
    ids=range(11),
)
def test_beyond_the_limits_a_filter_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


PIECES = ["(", ")", " ", ",", ":", "!", "=", "~", "<", ">", '"', "'", "\\", "or", "and", "not", "none", "tag", "a", "é"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
@example("not ()")
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        node = parse(text)
    except UsageError as error:
        assert error.message
    else:
        assert (node is None) == (not text.strip())


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join))
def test_a_refusal_names_the_position(text: str) -> None:
    try:
        parse(text)
    except UsageError as error:
        assert (found := re.search(r"at position (\d+) of the filter$", error.message))
        assert 1 <= int(found[1]) <= len(text) + 1
        assert error.hint


def written(node: Node) -> str:
    """Write a tree so that it is read as it is; everything in quotes that may stand in quotes."""
    if isinstance(node, And | Or):
        keyword = " and " if isinstance(node, And) else " or "
        return f"({keyword.join(written(item) for item in node.items)})"
    if isinstance(node, Not):
        return f"not {written(node.item)}"
    if isinstance(node, Words):
        return quoted(node.text)
    return node.field + node.op + ",".join(quoted(value.text) if value.quoted else value.text for value in node.values)


def quoted(text: str) -> str:
    """In double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
LEAVES = st.one_of(
    WORDS.map(quoted),
    st.tuples(
        st.sampled_from(["tag", "name", "custom.größe", "a-b"]),
        st.sampled_from([":", "!:", "~", "!~"]),
        st.lists(WORDS.map(quoted) | st.sampled_from(["vip", "none", "-30d"]), min_size=1, max_size=3).map(",".join),
    ).map("".join),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda texts: f"({' and '.join(texts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda texts: f"({' or '.join(texts)})"),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_written_out_is_read_as_it_was(text: str) -> None:
    node = parse(text)
    assert node is not None
    assert shown(parse(written(node))) == shown(node)
