"""The filter language, from the tree to a condition in SQL that SQLite and PostgreSQL read alike.

Every value is bound to a `?`; the SQL consists of what the `Field` objects say and of the fixed pieces below, holds no
`%`, and relies on no implicit cast. No condition is ever NULL, so that `not`, `!:` and `!~` also find the records in
which the field is empty.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from crmcli.kernel import dates
from crmcli.kernel.clock import Clock, stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import PREFIXES, parse_ref
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import clip, fold
from crmcli.store.filters import And, Node, Not, Or, Term, Value, Words, field_key

_T = TypeVar("_T")


class Field(NamedTuple):
    """Something a filter can ask about.

    Attributes:
        name: as it stands in messages.
        kind: "text" (compared by `crm_fold`), "folded" and "tag" (the column is folded already), "exact" (bytewise),
            "phone" (a column of digits; digits contained), "number" and "real", "time" (a UTC stamp), "day" (YYYY-MM-DD
            or --MM-DD), "enum" (one of `values`), "bool" (0 or 1), "user" (a user's number), "ref:NOUN" (a record's).
        sql: the expression to compare, for a field with at most one value.
        exists: for a field with many, "exists (select 1 from … where … and {})".
        inner: the expression to compare in place of the `{}`.
        values: those of an enum.
        help: one line for a list of fields.
        others: what a value may also be: of a field about a record the one of ids (`ref:NOUN`), of names, and of keys
            such as an article number. An id is asked of that of ids and of keys, which may look like one; everything
            else of those of names and keys.
        known: of a folded field all values that there are, where others are refused; an unambiguous part will do.
    """

    name: str
    kind: str
    sql: str = ""
    exists: str = ""
    inner: str = ""
    values: tuple[str, ...] = ()
    help: str = ""
    others: "tuple[Field, ...]" = ()
    known: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that the kind allows, or that of one of `others`."""
        if self.kind.startswith("ref:") and self.others:
            return self.others[0].operators
        if self.kind in ("text", "folded", "exact", "tag", "phone"):
            return (":", "!:", "~", "!~")
        if self.kind in ("number", "real", "time", "day"):
            return (":", "!:", "<", "<=", ">", ">=")
        return (":", "!:")


def compile_filter(
    node: Node | None,
    fields: Mapping[str, Field],
    *,
    words: Callable[[str], tuple[str, list[object]]],
    clock: Clock,
    user: Callable[[str], int],
    dynamic: Callable[[str], Field | None] | None = None,
) -> tuple[str, list[object]]:
    """Return a condition and what its `?` stand for; ("", []) for no filter.

    Args:
        node: what `filters.parse` returned.
        fields: what may be asked about, by every name it goes by, lower case with `_` for `-`.
        words: the condition for a bare word or quoted words, never NULL.
        clock: the moment and zone from which dates are understood.
        user: the number of the user whom a text names, "me" included; its errors pass through.
        dynamic: asked for names that are not in `fields`, such as "custom.source", lower case with `_` for `-`.

    Raises:
        UsageError: an unknown field, an operator that it does not allow, or a value that cannot be understood; with the
            position (from 1) in the filter.
    """
    if node is None:
        return "", []
    compiler = _Compiler(fields, words, clock, user, dynamic)
    return compiler.condition(node, denied=False), compiler.bound


class _Compiler:
    def __init__(
        self,
        fields: Mapping[str, Field],
        words: Callable[[str], tuple[str, list[object]]],
        clock: Clock,
        user: Callable[[str], int],
        dynamic: Callable[[str], Field | None] | None,
    ) -> None:
        self.fields = fields
        self.words = words
        self.clock = clock
        self.user = user
        self.dynamic = dynamic
        self.bound: list[object] = []

    def condition(self, node: Node, *, denied: bool) -> str:
        """Return the SQL of a node or of its denial, and append to `bound` in the order of the `?`.

        `not` is carried down to the terms: what is nested less deeply fits the small parser stack of older SQLites.
        """
        if isinstance(node, Not):
            return self.condition(node.item, denied=not denied)
        if isinstance(node, And | Or):
            keyword = " and " if isinstance(node, And) != denied else " or "
            return "(" + keyword.join([self.condition(item, denied=denied) for item in node.items]) + ")"
        if isinstance(node, Words):
            sql, bound = self.words(node.text)
            self.bound += bound
            return f"not ({sql})" if denied else f"({sql})"
        return self.term(node, denied=denied)

    def term(self, term: Term, *, denied: bool) -> str:
        field = self.field(term)
        operator = _checked_operator(field, term)
        values = [value for value in term.values if operator != ":" or not value.is_none]
        parts = [
            _held(one, self.test(one, operator, asked))
            for one in (field, *field.others)
            if (asked := [value for value in values if _is_for(value, one, field, operator)])
        ]
        if len(values) < len(term.values):
            parts.append(_empty(field))
        sql = parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"
        return f"not {sql}" if denied != term.op.startswith("!") else sql

    def field(self, term: Term) -> Field:
        key = field_key(term.field)
        field = self.fields.get(key) or (self.dynamic(key) if self.dynamic else None)
        if field is None:
            names = list(dict.fromkeys(known.name for known in self.fields.values()))
            guesses = nearest(key, [*names, *self.fields], count=1)
            meant = f"did you mean {guesses[0]}?" if guesses else f"fields such as {', '.join(names[:8])}"
            raise _error(f"unknown field '{term.field}'", term.position, f"{meant}; all: crm help filters")
        return field

    def test(self, field: Field, operator: str, values: Sequence[Value]) -> str:
        """Return the comparison of the field's expression with any of the values; NULL when the expression is."""
        expression = field.inner if field.exists else field.sql
        if operator == "~" or field.kind == "phone":
            return _any([self.contains(field, expression, value) for value in values])
        if field.kind == "time":
            return _any([self.moment(field, operator, expression, value) for value in values])
        if field.kind == "day":
            return _any([self.day(field, operator, expression, value) for value in values])
        self.bound += [self.bindable(field, value) for value in values]
        if field.kind == "text":
            expression = f"crm_fold({expression})"
        if operator != ":":
            return f"{expression} {operator} ?"
        return f"{expression} = ?" if len(values) == 1 else f"{expression} in ({', '.join('?' * len(values))})"

    def contains(self, field: Field, expression: str, value: Value) -> str:
        if field.kind == "exact":
            # LIKE ignores the case of ASCII letters in SQLite and heeds it in PostgreSQL; replace() is alike in both.
            self.bound.append(value.text)
            return f"replace({expression}, ?, '') <> {expression}"
        if field.kind == "phone":
            wanted = _digits(field, value)
        else:
            wanted = _folded(value, value.text)
            for special in "!%_":
                wanted = wanted.replace(special, "!" + special)
        if field.kind == "text":
            expression = f"crm_fold({expression})"
        self.bound.append(f"%{wanted}%")
        return f"{expression} like ? escape '!'"

    def moment(self, field: Field, operator: str, expression: str, value: Value) -> str:
        when = self.when(field, value)
        if when.time is not None:
            self.bound.append(stamp(when.instant))
            return f"{expression} {'=' if operator == ':' else operator} ?"
        start, end = self.local_day(when, value)
        if operator == ":":
            # Stamps are whole seconds. The expression may be a subquery, which must stand here only once.
            self.bound += [stamp(start), stamp(end - timedelta(seconds=1))]
            return f"{expression} between ? and ?"
        self.bound.append(stamp(start if operator in ("<", ">=") else end))
        return f"{expression} {'<' if operator in ('<', '<=') else '>='} ?"

    def local_day(self, when: dates.When, value: Value) -> tuple[datetime, datetime]:
        """Return the instants at which the day and the next one begin."""
        if when.date == date.max:
            raise _error(f"{_shown(value)} is the end of the calendar", value.position, "use an earlier day")
        return when.instant, self.clock.end_of(when.date)

    def day(self, field: Field, operator: str, expression: str, value: Value) -> str:
        """Compare a column of days. Without its year a day equals that of any year, and is before none."""
        if value.text.startswith("--"):
            yearless = _understood(field, value, dates.parse_birth_date)
            if operator != ":":
                hint = f"without a year only {field.name}:{yearless} is possible"
                raise _error(f"{_shown(value)} has no year", value.position, hint)
            self.bound.append(yearless[1:])
            return f"substr({expression}, length({expression}) - 5) = ?"
        when = self.when(field, value)
        if when.time is not None:
            raise _error(f"{_shown(value)} has a time of day", value.position, f"{field.name} takes only a day")
        self.bound.append(when.date.isoformat())
        if operator == ":":
            return f"{expression} = ?"
        return f"substr({expression}, 1, 1) <> '-' and {expression} {operator} ?"

    def when(self, field: Field, value: Value) -> dates.When:
        return _understood(field, value, lambda text: dates.parse(text, self.clock))

    def bindable(self, field: Field, value: Value) -> object:
        """Return a value as the column holds it."""
        kind = field.kind
        if kind == "user":
            return self.user(value.text)
        if kind == "enum":
            return _choice(field, value, {field_key(name): name for name in field.values})
        if kind == "bool":
            return _choice(field, value, {"yes": 1, "no": 0, "true": 1, "false": 0, "1": 1, "0": 0})
        if kind in ("number", "real"):
            return _number(field, value)
        if kind.startswith("ref:"):
            return _record_number(kind[4:], value)
        if kind == "exact":
            return value.text.strip()
        folded = _folded(value, value.text.strip())
        return _known(field, value, folded) if field.known else folded


def _is_for(value: Value, one: Field, field: Field, operator: str) -> bool:
    """Whether a value is asked of one of the fields that it may be meant for."""
    if not field.others:
        return True
    is_ref = one.kind.startswith("ref:")
    if operator != ":":
        return not is_ref
    named = parse_ref(value.text.strip())
    refs = [other.kind for other in (field, *field.others)]
    if named is None or f"ref:{named[0]}" not in refs:
        return not is_ref
    return one.kind in (f"ref:{named[0]}", "exact")


def _known(field: Field, value: Value, folded: str) -> str:
    """The value that is meant of those that a field knows: itself, or the only one of which it is a part."""
    wanted = " ".join(folded.split())
    if wanted in field.known:
        return wanted
    for fits in (str.startswith, str.__contains__):
        parts = [name for name in field.known if fits(name, wanted)]
        if len(parts) == 1:
            return parts[0]
        if parts:
            what = f"{_shown(value)} may be several of the names of a {field.name}"
            raise _error(what, value.position, f"one of {', '.join(parts)}; or all of them: {field.name}~{wanted}")
    guesses = nearest(folded, field.known, count=1)
    meant = f"did you mean {guesses[0]}? " if guesses else ""
    hint = f"{meant}{field.name} is one of {', '.join(field.known[:20])}, or none"
    raise _error(f"there is no {field.name} {_shown(value)}", value.position, hint)


def _shown(value: Value) -> str:
    return f"'{clip(value.text, 60)}'"


def _understood(field: Field, value: Value, parse: Callable[[str], _T]) -> _T:
    """Return what `parse` makes of a value; its refusal also names the field and the position."""
    try:
        return parse(value.text)
    except UsageError as error:
        raise _error(f"{field.name}: {error.message},", value.position, error.hint) from None


def _error(what: str, position: int, hint: str) -> UsageError:
    return UsageError(f"{what} at position {position} of the filter", hint)


def _checked_operator(field: Field, term: Term) -> str:
    """Return the operator without its denial, once the field allows it and the number of values."""
    if term.op not in field.operators:
        allowed = " ".join(field.operators)
        raise _error(f"{field.name} does not take '{term.op}'", term.position, f"{field.name} takes {allowed}")
    operator = term.op.removeprefix("!")
    if operator in ("<", "<=", ">", ">="):
        if len(term.values) > 1:
            hint = "a comma parts values: write 1000, not 1,000"
            raise _error(f"'{operator}' takes one value, not {len(term.values)}", term.values[1].position, hint)
        if term.values[0].is_none:
            hint = f"{field.name}:none finds the empty ones"
            raise _error(f"'{operator}' cannot compare with none", term.values[0].position, hint)
    return operator


def _held(field: Field, test: str) -> str:
    """Return "a value of the field passes the test", never NULL."""
    if field.exists:
        return field.exists.replace("{}", f"({test})")
    if field.sql.startswith("("):
        return f"(({test}) is true)"  # a subquery, which must not run once more to see whether it is NULL
    return f"({field.sql} is not null and {test})"


def _empty(field: Field) -> str:
    """Return "the field has no value", never NULL; an empty text is no value."""
    textual = field.kind in ("text", "folded", "exact", "tag", "phone")
    if field.exists:
        return "not " + field.exists.replace("{}", f"{field.inner} <> ''" if textual else f"{field.inner} is not null")
    return f"(coalesce({field.sql}, '') = '')" if textual else f"({field.sql} is null)"


def _any(tests: Sequence[str]) -> str:
    """Return the tests joined by `or`, fit to stand beside an `and`."""
    return tests[0] if len(tests) == 1 else f"({' or '.join([f'({test})' for test in tests])})"


def _folded(value: Value, text: str) -> str:
    folded = fold(text)
    if folded.isspace() and text.strip():  # such as a single acute, of which the space below it is left
        raise _error("an accent alone", value.position, "names are compared without accents; add a letter")
    if not folded.strip():
        raise _error("a value without visible characters", value.position, "an empty field is written field:none")
    return folded


def _choice(field: Field, value: Value, choices: Mapping[str, object]) -> object:
    key = field_key(value.text.strip())
    if key in choices:
        return choices[key]
    guesses = nearest(key, choices, count=1)
    meant = f"did you mean {guesses[0]}? " if guesses else ""
    hint = f"{meant}{field.name} is one of {', '.join(choices)}, or none"
    raise _error(f"{_shown(value)} is no value of {field.name}", value.position, hint)


def _number(field: Field, value: Value) -> int | float:
    """Return a plain decimal number; separators of thousands, exponents and leading zeros are refused."""
    text = value.text.strip()
    if not re.fullmatch(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?", text):
        hint = f"write it plainly: {field.name}>1200 or {field.name}>99.5"
        raise _error(f"{_shown(value)} is not a number", value.position, hint)
    if "." not in text and -(2**63) <= (whole := int(text)) < 2**63:
        return whole
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _error("a number beyond all bounds", value.position, "use one of at most 300 digits")
    return number


def _record_number(noun: str, value: Value) -> int:
    parsed = parse_ref(value.text.strip())
    if parsed is None or parsed[0] != noun:
        raise _error(f"{_shown(value)} is no {noun} id", value.position, f"such an id looks like {PREFIXES[noun]}12")
    return parsed[1]


def _digits(field: Field, value: Value) -> str:
    """Return the digits to look for; leading zeros are dialling prefixes, which an E.164 number does not have."""
    digits = "".join([str(int(c)) for c in value.text if c.isdecimal()])
    if not digits or not all(c.isdecimal() or c in "+-./() \u00a0" for c in value.text):
        hint = f'digits, with or without spaces: {field.name}:"020 7946"'
        raise _error(f"{_shown(value)} is no part of a phone number", value.position, hint)
    return digits.lstrip("0") or digits
