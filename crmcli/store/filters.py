"""The filter language, from text to a tree: `tag:vip last_in<-30d (stage:lead or owner:none) not name~test`.

The grammar, keywords in any case and `and` implied between two conditions::

    filter    := any
    any       := all ("or" all)*
    all       := condition (["and"] condition)*
    condition := "not"* ( "(" any ")" | field operator value ("," value)* | word )
    operator  := ":" | "!:" | "=" | "!=" | "~" | "!~" | "<" | "<=" | ">" | ">="
    value     := characters without spaces, commas and parentheses | "quoted" | 'quoted'

Nothing is guessed: what does not fit is refused with its position. The parser keeps a stack of its own instead of
calling itself, so that no input can exhaust Python's. Which fields exist is known to `crmcli.store.filter_sql` alone.
"""

import re
from collections.abc import Sequence
from functools import cache

from crmcli.kernel.errors import UsageError

MAX_LENGTH = 100_000
"""Characters in a filter."""
MAX_VALUE = 1_000
"""Characters in a value or word: folded and escaped they stay below SQLite's 50,000 bytes for a LIKE pattern."""
MAX_FIELD = 100
"""Characters in the name of a field."""
MAX_TERMS = 500
"""Words and values in a filter; SQLite refuses expressions that are more than 1,000 levels deep."""
MAX_NESTING = 12
"""Alternations of `and` and `or` inside each other: SQLite before 3.46 parses with a stack of 100, three for each."""

EXAMPLE = "a filter reads like: tag:vip last_in<-30d (owner:me or owner:none) not name~test"

# A field may be spelled in any script: only ASCII punctuation other than "_-." is left out.
_FIELD = r"([^\s\x00-,/:-@\[-^`{-\x7f]+)(![:=~]|[<>]=?|[:=~])"
_QUOTED = r""""((?:[^"\\]|\\.)*)"|'([^']*)'"""
_QUOTES = ('"', "'")
_OPERATOR_STARTS = ":=~<>!"
_SYNONYMS = {"=": ":", "!=": "!:"}


# Plain classes: six NamedTuples would take longer to make than the rest of a command's filter takes to run.
class Value:
    """One value of a term; `quoted` tells the text "none" from the keyword; `position` counts from 1."""

    __slots__ = ("position", "quoted", "text")

    def __init__(self, text: str, quoted: bool, position: int) -> None:
        self.text = text
        self.quoted = quoted
        self.position = position

    @property
    def is_none(self) -> bool:
        """Whether this is the keyword `none`, "the field is empty"."""
        return not self.quoted and self.text.lower() == "none"


class Term:
    """`field op value,value`: the field as it was typed; op is one of `: !: ~ !~ < <= > >=`."""

    __slots__ = ("field", "op", "position", "values")

    def __init__(self, field: str, op: str, values: Sequence[Value], position: int) -> None:
        self.field = field
        self.op = op
        self.values = values
        self.position = position


class Words:
    """A bare word, or several in quotes, to be looked for in names."""

    __slots__ = ("position", "text")

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position


class And:
    """All of two or more conditions; none of them is itself an `And`."""

    __slots__ = ("items",)

    def __init__(self, items: "Sequence[Node]") -> None:
        self.items = items


class Or:
    """Any of two or more conditions; none of them is itself an `Or`."""

    __slots__ = ("items",)

    def __init__(self, items: "Sequence[Node]") -> None:
        self.items = items


class Not:
    """The records that a condition does not match; never directly within another `Not`."""

    __slots__ = ("item",)

    def __init__(self, item: "Node") -> None:
        self.item = item


Node = And | Or | Not | Term | Words


def parse(text: str) -> Node | None:
    """Return the tree of a filter, or None for an empty or blank one.

    Raises:
        UsageError: naming the position (from 1) and what was expected there.
    """
    if len(text) > MAX_LENGTH:
        raise UsageError(f"the filter has {len(text)} characters", f"at most {MAX_LENGTH} are read")
    if bad := _compiled("[\0\ud800-\udfff]").search(text):
        raise _error("a character that no text can hold", bad.start(), "NUL and half surrogates are refused")
    return _Parser(text).parse() if text and not text.isspace() else None


def field_key(name: str) -> str:
    """Return the spelling under which a field is looked up: lower case, `_` for `-`."""
    return name.lower().replace("-", "_")


def mentions(node: Node | None, *names: str) -> bool:
    """Whether a filter asks about one of these fields."""
    if isinstance(node, Term):
        return field_key(node.field) in names
    if isinstance(node, Not):
        return mentions(node.item, *names)
    return isinstance(node, And | Or) and any(mentions(item, *names) for item in node.items)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _error(what: str, offset: int, hint: str = EXAMPLE) -> UsageError:
    return UsageError(f"{what} at position {offset + 1} of the filter", hint)


class _Group:
    """The conditions read so far between two parentheses, each with its nesting: alternatives of conjunctions."""

    __slots__ = ("alternatives", "keyword", "negated", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.alternatives: list[list[tuple[Node, int]]] = [[]]
        self.negated = False
        self.keyword = ""  # the last one read, while it still waits for a condition

    def join(self, keyword: str, offset: int) -> None:
        """Take in `and`, `or` or `not`."""
        if keyword == "not":
            self.negated = not self.negated
        elif self.keyword or not self.alternatives[-1]:
            raise _error(f"expected a condition before '{keyword}'", offset, _keyword_hint(keyword))
        elif keyword == "or":
            self.alternatives.append([])
        self.keyword = keyword

    def add(self, node: Node, nesting: int) -> None:
        """Take in a condition, denied when `not` stood before it."""
        if self.negated:
            node = node.item if isinstance(node, Not) else Not(node)
        self.alternatives[-1].append((node, nesting))
        self.negated, self.keyword = False, ""

    def close(self, offset: int) -> tuple[Node, int]:
        """Return the whole as one condition and its nesting."""
        if self.keyword:
            raise _error(f"expected a condition after '{self.keyword}'", offset, _keyword_hint(self.keyword))
        if not self.alternatives[-1]:
            raise _error("expected a condition between '(' and ')'", offset)
        node, nesting = _combined(Or, [_combined(And, items) for items in self.alternatives])
        if nesting > MAX_NESTING:
            raise _error("parentheses nested too deeply", self.start, f"at most {MAX_NESTING} levels are read")
        return node, nesting


def _combined(kind: type[And] | type[Or], items: list[tuple[Node, int]]) -> tuple[Node, int]:
    """Join conditions into one; those of the same kind merge, since `(a b) c` is `a b c`."""
    if len(items) == 1:
        return items[0]
    flat: list[Node] = []
    for node, _ in items:
        flat.extend(node.items if isinstance(node, kind) else (node,))
    return kind(flat), max(nesting + (not isinstance(node, kind)) for node, nesting in items)


def _keyword_hint(keyword: str) -> str:
    return f'to search for the word itself, quote it: "{keyword}"'


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.terms = 0
        self.stack = [_Group(0)]

    def parse(self) -> Node:
        while self._skip_spaces():
            match self.text[self.at]:
                case "(":
                    self.stack.append(_Group(self.at))
                    self.at += 1
                case ")":
                    self._close()
                case _:
                    self._read_condition()
        if len(self.stack) > 1:
            raise _error("'(' is never closed", self.stack[-1].start, "expected a ')' for it")
        return self.stack[0].close(self.at)[0]

    def _skip_spaces(self) -> bool:
        """Move to the next character that is not a space; False at the end."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _close(self) -> None:
        if len(self.stack) == 1:
            raise _error("')' closes nothing", self.at, "expected a '(' before it, or quote it")
        node, nesting = self.stack.pop().close(self.at)
        self.stack[-1].add(node, nesting)
        self.at += 1

    def _read_condition(self) -> None:
        """Read a keyword, a term or a word."""
        start, group = self.at, self.stack[-1]
        if field := _compiled(_FIELD).match(self.text, start):
            group.add(self._term(field[1], field[2]), 0)
        elif self.text[start] in _QUOTES:
            group.add(Words(self._quoted(), start + 1), 0)
        else:
            word = self._until("()")
            if word.lower() in ("and", "or", "not"):
                group.join(word.lower(), start)
                self.at += len(word)
                return
            _refuse_operator(word, start)
            group.add(Words(self._taken(word, start + len(word)), start + 1), 0)
        following = self.text[self.at : self.at + 1]
        if following and following != ")" and not following.isspace():
            raise _error(f"expected a space before '{following}'", self.at, "or put the whole text in quotes")

    def _term(self, field: str, op: str) -> Term:
        start = self.at
        if len(field) > MAX_FIELD:
            raise _error(f"a field name of {len(field)} characters", start, f"at most {MAX_FIELD} are read")
        self.at += len(field) + len(op)
        values = [self._value(field + op)]
        while self.text.startswith(",", self.at):
            self.at += 1
            values.append(self._value(field + op))
        return Term(field, _SYNONYMS.get(op, op), values, start + 1)

    def _value(self, head: str) -> Value:
        start = self.at
        if self.text.startswith(_QUOTES, start):
            return Value(self._quoted(), True, start + 1)
        word = self._until("(),")
        if not word:
            hint = f'no space after the operator; quote a value with spaces, commas or parentheses: {head}"two words"'
            raise _error(f"expected a value right after '{head}'", start, hint)
        if word[0] in _OPERATOR_STARTS:
            hint = f'one operator is enough; to look for the sign itself, quote it: {head}"…"'
            raise _error(f"expected a value after '{head}', not '{word[0]}',", start, hint)
        return Value(self._taken(word, start + len(word)), False, start + 1)

    def _until(self, stops: str) -> str:
        """Return what stands before the next space, end, or character of `stops`; it may be nothing."""
        found = _compiled(rf"[^\s{stops}]*").match(self.text, self.at)
        return found[0] if found else ""

    def _quoted(self) -> str:
        found = _compiled(_QUOTED).match(self.text, self.at)
        if not found:
            hint = "close it, or put the text in quotes of the other kind"
            raise _error("a quotation mark is never closed", self.at, hint)
        text = found[2] if found[1] is None else _compiled(r'\\(["\\])').sub(r"\1", found[1])
        if not text.strip():
            raise _error("nothing between the quotation marks", self.at, "an empty field is written field:none")
        return self._taken(text, found.end())

    def _taken(self, text: str, end: int) -> str:
        """Return a word or value and go on after it, unless it is too long or one too many."""
        if len(text) > MAX_VALUE:
            raise _error(f"a value of {len(text)} characters", self.at, f"at most {MAX_VALUE} are read")
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise _error(f"more than {MAX_TERMS} words and values", self.at, "split the filter into several")
        self.at = end
        return text


def _refuse_operator(word: str, start: int) -> None:
    """Refuse what other languages write before or between conditions: `due < eow`, `!tag:vip`, `a && b`."""
    if word in ("&&", "||"):
        raise _error(f"'{word}' is no operator here", start, "write and, or, not")
    if word[0] in _OPERATOR_STARTS + ",":
        hint = 'without spaces: field:value, field<value; denied: field!:value; quote what is only text: "<3"'
        raise _error(f"expected a field before '{word[0]}'", start, hint)
