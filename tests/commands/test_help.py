"""The help topics say what the program does."""

import re
from pathlib import Path

import pytest

from crmcli import cli
from crmcli.app import App
from crmcli.commands.help import TOPICS, topic_text
from crmcli.commands.remind import TOLD
from crmcli.kernel import dates, rulereading
from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.render import formats, streams
from crmcli.store import party_list
from tests.conftest import NOW, Crm

SOURCES = Path(cli.__file__).parent
CLOCK = Clock(instant(NOW), "Europe/Vienna")
# A variable of the environment is read through `environ`, or named in a table of such names.
_READ = re.compile(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"|\"([A-Z][A-Z_]{2,})\" (?:not )?in (?:self\.)?environ")
_TABLES = re.compile(r"(?m)^(?:VARIABLES|_XDG|XDG)\b.*?[)}]$|for variable in \(.*?\)", re.DOTALL)


def examples(text: str) -> list[str]:
    """The indented lines of a topic, without what explains them."""
    lines = [line[4:] for line in text.splitlines() if re.match(r"    \S", line)]
    return [re.split(r"\s{2,}", line)[0] for line in lines]


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_fit_a_terminal(crm_sqlite: Crm, topic: str) -> None:
    out = crm_sqlite.ok("help", topic)
    assert out == topic_text(topic)
    assert max(map(len, out.splitlines())) <= 80
    assert out.isascii() and "{" not in re.sub(r"\{[\".]", "", out)


def test_every_rule_of_repetition_is_understood() -> None:
    rules, _, ends = topic_text("repeating").partition("Each may end with")
    forms = [*examples(rules), *re.findall(r"also: ([^;\n]+)", rules)]
    forms += [f"every week {end}" for end in examples(ends)]
    assert len(forms) > 25
    for form in forms:
        rulereading.parse(form, CLOCK)


def test_every_file_is_a_topic() -> None:
    assert sorted(TOPICS) == sorted(path.stem for path in (SOURCES / "commands/topics").iterdir())


# --- exit codes


def test_every_exit_code_is_the_one_of_its_error() -> None:
    listed = {
        int(code): name.lower() for code, name in re.findall(r"(?m)^    (\d+) +(\w[\w ]*)", topic_text("exit-codes"))
    }
    classes = [CrmError, *CrmError.__subclasses__()]
    assert {error.exit_code: error.kind.replace("_", " ") for error in classes}.items() <= listed.items()
    assert set(listed) == {error.exit_code for error in classes} | {0, TOLD, 130, streams.BROKEN_PIPE}


# --- dates


def test_every_date_is_understood_or_refused_as_the_topic_says() -> None:
    understood, _, refused = topic_text("dates").partition("Refused")
    assert len(examples(understood)) > 25 and len(examples(refused)) > 3
    for form in examples(understood):
        dates.parse(form, CLOCK)
    for form in examples(refused):
        with pytest.raises(UsageError):
            dates.parse(form, CLOCK)


@pytest.mark.parametrize(
    "form", re.findall(r"also: ([^;\n]+)", topic_text("dates").partition("Refused")[0]), ids=lambda form: str(form)
)
def test_the_other_forms_of_dates_are_understood_too(form: str) -> None:
    for one in form.split(", "):
        whole = {"year": "next year", "+02:00": "2026-12-01T14:00+02:00"}.get(one, one)
        dates.parse(whole, CLOCK)


@pytest.mark.parametrize(
    ("form", "same"), [("next tue", "tue"), ("in 2 weeks", "+2w"), ("3 days ago", "-3d"), ("-2w", "2 weeks ago")]
)
def test_forms_that_are_said_to_be_the_same_are(form: str, same: str) -> None:
    assert dates.parse(form, CLOCK).instant == dates.parse(same, CLOCK).instant


# --- filters


def test_every_filter_is_accepted(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada", {"set": ["source=fair"], "owner": "me", "tag": ["vip"]})
    text = (SOURCES / "commands/topics/filters.md").read_text("utf-8")
    filters = [filter for filter in examples(text) if not filter.startswith("crm ")]
    assert len(filters) > 15
    for filter in filters:
        if "rotting" in filter:
            app_sqlite.deals.page(filter)
        elif "untouched" in filter:
            app_sqlite.leads.page(filter)
        elif re.search("over:|resolved", filter):
            app_sqlite.cases.page(filter)
        elif re.search("unpaid|product", filter):
            app_sqlite.orders.page(filter)
        elif re.search("contact\\.|overdue", filter):
            app_sqlite.followups.page(filter)
        else:
            app_sqlite.contacts.page(filter)


def test_every_field_of_the_filters_is_listed() -> None:
    text = topic_text("filters")
    for noun in ("contact", "company"):
        for field in party_list.fields(noun).values():
            assert re.search(rf"\b{field.name}\b", text), field.name


# --- output and environment


def test_every_format_is_listed() -> None:
    assert set(re.findall(r"(?m)^    -o (\w+)", topic_text("output"))) == set(formats.FORMATS)


def test_the_environment_topic_names_what_the_code_reads_and_nothing_else() -> None:
    read: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text("utf-8")
        read |= {first or second for first, second in _READ.findall(text)}
        read |= {name for table in _TABLES.findall(text) for name in re.findall(r"\"([A-Z][A-Z_]{2,})\"", table)}
    described = set(re.findall(r"\b(?:CRM_[A-Z_]+|[A-Z]+_[A-Z_]+|[A-Z]{2,})\b", topic_text("environment")))
    assert not read - described, "not described"
    assert {name for name in described if name.startswith("CRM_")} <= read, "described and not read"


# --- the command


def test_without_a_topic_topics_and_commands_are_listed(crm_sqlite: Crm) -> None:
    out = crm_sqlite.ok("help")
    for name in (*TOPICS, *cli.ROOMS):
        assert f"\n  {name} " in out


@pytest.mark.parametrize("words", [["contact", "add"], ["contact"], ["find"]])
def test_the_help_of_a_command_is_what_its_option_shows(crm_sqlite: Crm, words: list[str]) -> None:
    assert crm_sqlite.ok("help", *words).strip() == crm_sqlite.ok(*words, "--help").strip()


@pytest.mark.parametrize(
    ("words", "hint"), [(["date"], "dates"), (["contact", "ad"], "add"), (["find", "x"], "crm help")]
)
def test_what_does_not_exist_is_not_found(crm_sqlite: Crm, words: list[str], hint: str) -> None:
    result = crm_sqlite("help", *words)
    assert result.code == 3 and hint in result.err


@pytest.mark.parametrize("noun", ["contact", "company", "deal", "order", "case", "product"])
def test_fields_of_ones_own_are_called_the_same_everywhere(crm_sqlite: Crm, noun: str) -> None:
    text = " ".join(crm_sqlite.ok(noun, "edit", "--help").split())
    for flag, said in (
        ("--set KEY=VALUE", "Custom field KEY=VALUE (repeatable)"),
        ("--unset KEY", "Custom field to empty (repeatable)"),
        ("--external SOURCE:KEY", "Key in another system, SOURCE:KEY"),
    ):
        assert flag.partition(" ")[0] in text and said in text
