"""Exit statuses: each kind of failure over the commands of every room; errors stand on standard error alone."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from crmcli import cli
from crmcli.app import App
from crmcli.commandtable import COMMANDS
from crmcli.render import streams
from tests.conftest import Crm, Stream
from tests.trust.processes import refused

# Words that make each command do its work on the database of `stocked`. `{csv}`: a file of people; `{ics}`: a new file.
READS = (
    "show c1", "panorama", "panorama --explain silent",
    "agenda", "queue", "remind log", "remind status", "find Ada", "contact list", "contact show c1",
    "company list", "company show co1", "interaction list", "interaction show i1", "followup list", "followup show f1",
    "followup history f1", "deal list", "deal show d1",
    "lead list", "lead show c4", "lead score c4",
    "pipeline", "pipeline list", "export deals",
    "cadence list", "cadence show cad1", "field list", "user list", "export contacts",
    "product list", "product show p1", "export products", "order list", "order show o1", "export orders",
    "case list", "case show cs1", "report cases", "export cases",
    "export all", "dedupe", "import {csv} --dry-run", "history", "history c1", "consent show c1", "privacy list",
    "privacy export c1", "db info", "db verify", "forecast", "forecast accuracy", "goal", "goal show g1", "cashflow",
    "report win-rate", "report velocity", "report lost-reasons", "report source", "rate list",
)  # fmt: skip
WRITES = (
    "log in c1 Hello", "log out c1 Hello", "log note c1 Hello", "contact add Eve", "contact edit c1 --job-title X",
    "contact rm c1", "contact restore c3", "contact merge c1 c2 --yes", "contact tag c1 vip", "contact untag c1 friend",
    "company add Zuse", "company edit co1 --industry Engines", "company rm co1", "company tag co1 vip",
    "interaction edit i1 --subject Hello", "interaction rm i1", "followup add c1 Call --due +3d",
    "followup edit f1 --subject Write", "followup done f1", "followup snooze f1 +3d", "followup assign f1 me",
    "followup cancel f1", "lead add Eve", "lead qualify c4", "lead disqualify c4 --reason x",
    "lead convert c4 --deal Press", "lead assign c4 me",
    "deal add Press --contact c1", "deal edit d1 --amount 9", "deal move d1 next", "deal won d1",
    "deal lost d1 --reason price", "deal reopen d2", "deal rm d1", "pipeline add Rent", "pipeline edit Sales --first",
    "pipeline add-stage demo", "pipeline edit-stage proposal --probability 60", "pipeline rm-stage proposal",
    "product add Pears", "product edit p1 --category fruit", "product price p1 8 EUR",
    "product rm p1", "order add c1 --line Apples", "order edit o1 --number 7", "order ship o1", "order deliver o1",
    "order cancel o1", "order pay o1", "order renew", "order rm o1",
    "cadence set c1 4w", "cadence pause cad1", "cadence rm cad1", "field add shoe", "user add z",
    "case open c1 Wheel", "case edit cs1 --priority urgent", "case reply cs1 Hello", "case pending cs1",
    "case resolve cs1", "case close cs1", "case assign cs1 me", "case rm cs1",
    "user edit me --email ada@engines.example", "import {csv}", "undo --yes", "batch",
    "consent grant c1 marketing", "consent withdraw c1 marketing", "forecast --save", "rate set EUR USD 1.0842",
    "rate rm EUR JPY", "goal set 1000 --by eoq --currency EUR", "goal rm g1",
)  # fmt: skip
OTHERS = (
    "remind",
    "calendar publish {ics}",
    "dedupe company",
    "export all",
    "contact list -o csv",
    "redo",
    "db vacuum",
    "db rebuild",
    "db purge",
)
# Rooms that need no database, or make one of their own, or are there to say that it is unwell.
WITHOUT = ("init", "demo", "config", "doctor", "completion", "help")
BATCH = '{"op": "contact.add", "name": "Mary"}\n'


@pytest.fixture(scope="session")
def stock(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two namesakes, one who was deleted, a company, and something of everything, in a file to be copied."""
    folder = tmp_path_factory.mktemp("stock")
    (folder / "home").mkdir()
    crm = Crm("sqlite", str(shutil.copy(sqlite_template, folder / "crm.db")), folder / "home")
    crm.ok("contact", "add", "Ada Lovelace", "--company", "Engines", "--tag", "friend")
    crm.ok("contact", "add", "Ada Byron")
    crm.ok("contact", "add", "Gone")
    crm.ok("contact", "rm", "c3")
    crm.ok("log", "in", "c1", "Hello", "--channel", "call")
    crm.ok("followup", "add", "c1", "Call", "--due", "+1d")
    crm.ok("deal", "add", "Ada's engine", "--contact", "c1", "--amount", "12000", "--currency", "EUR")
    crm.ok("deal", "add", "Ada's press", "--contact", "c2")
    crm.ok("deal", "lost", "d2", "--reason", "price")
    crm.ok("pipeline", "edit", "Sales", "--name", "Sales")
    crm.ok("case", "open", "c1", "Wheel stuck")
    crm.ok("cadence", "set", "c1", "6w")
    crm.ok("product", "add", "Apples", "--price", "7.50 EUR")
    crm.ok("order", "add", "c1", "--line", "2 x Apples")
    crm.ok("rate", "set", "EUR", "JPY", "161.5")
    crm.ok("goal", "set", "1000", "--by", "eoq", "--currency", "EUR")
    crm.ok("lead", "add", "Mary Somerville")
    return folder / "crm.db"


@pytest.fixture
def stocked(crm_sqlite: Crm, stock: Path) -> Crm:
    """The program over a copy of it."""
    shutil.copy(stock, crm_sqlite.place)
    return crm_sqlite


def words(crm: Crm, line: str) -> tuple[str, ...]:
    """The words of a line, with files made where it names some."""
    people = crm.home / "people.csv"
    people.write_text("name,email\nMary,mary@engines.example\n")
    return tuple(line.format(csv=people, ics=crm.home / "calendar.ics").split())


def run(crm: Crm, line: str, **options: Any) -> Any:
    return crm(*words(crm, line), stdin=BATCH if line == "batch" else "", **options)


def test_every_room_is_here() -> None:
    named = {line.split()[0] for line in (*READS, *WRITES, *OTHERS)} | set(WITHOUT)
    assert named == set(cli.ROOMS), "say how to run the commands of every room, above"


# --- 0: done


@pytest.mark.parametrize("line", [*READS, *WRITES])
def test_done(stocked: Crm, line: str) -> None:
    result = run(stocked, line)
    assert result.code == 0, result.err


# --- 1: it cannot be told


@pytest.mark.parametrize("line", READS)
def test_an_output_that_cannot_be_written(stocked: Crm, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(stream: Stream, error: object = None) -> None:
        streams._give_up(stream, OSError(28, "No space left on device"))

    monkeypatch.setattr(streams, "flush", full)
    monkeypatch.setattr(streams, "write", full)
    refused(run(stocked, line), "cannot write the output: No space left on device", code=1)


# --- 2: it cannot be understood


@pytest.mark.parametrize("command", [name for name in COMMANDS if name])
def test_a_flag_that_is_not_there(crm_sqlite: Crm, command: str) -> None:
    refused(crm_sqlite(*command.split(), "--nonsense"), "--nonsense", code=2)


@pytest.mark.parametrize("room", [name for name in cli.ROOMS if COMMANDS[name][1] == ("command",)])
def test_a_verb_that_is_not_there(crm_sqlite: Crm, room: str) -> None:
    refused(crm_sqlite(room, "nonsense"), "nonsense", code=2)


def test_a_command_that_is_not_there(crm_sqlite: Crm) -> None:
    refused(crm_sqlite("nonsense"), "nonsense", code=2)


@pytest.mark.parametrize(
    "line", [line for line in READS if not line.startswith(("export", "privacy export", "dedupe", "import"))]
)
@pytest.mark.parametrize("flag", ["-o nonsense", "--fields nonsense", "--color nonsense"])
def test_a_format_a_field_a_colour_that_is_not_there(stocked: Crm, line: str, flag: str) -> None:
    refused(run(stocked, f"{line} {flag}"), "nonsense", code=2)


@pytest.mark.parametrize(
    "line",
    [
        "deal add x --contact c1 --amount lots", "deal add x --contact c1 --amount 5", "deal add x", "deal move d1",
        "deal lost d1", "deal lost d1 --reason nonsense", "deal list size>3", "deal list --sort nonsense",
        "deal edit d1", "deal edit d1 --line '2 Cups @ 3'", "deal edit d1 --remove-line 3", "deal reopen d1",
        "deal lost d2 --reason price",
        "lead list size>3", "lead list --sort nonsense", "lead disqualify c4", "lead qualify c1", "lead convert c1",
        "lead qualify c4 --stage customer", "lead convert c4 --amount 5", "lead assign c4",
        "lead add x --stage customer",
        "config set lead.score.facts.nonsense:1 5", "config set lead.score.facts.tag:vip much",
        "config set lead.score.facts 5", "lead qualify",
        "pipeline --where size>3", "pipeline add Sales", "pipeline rm Sales", "pipeline edit-stage won --probability 5",
        "pipeline add-stage x --require nonsense", "pipeline rm-stage prospecting", "pipeline edit Sales",
        "contact list size>3", "company list (a", "interaction list at<xx", "followup list due:32", "queue nosuch:1",
        "export contacts size>3", "contact rm --where size>3 --yes", "log in c1 x --at nonsense", "undo nonsense",
        "log in c1 x --channel pigeon", "followup add c1 x --due nonsense", "followup snooze f1 nonsense",
        "contact edit c1 --lifecycle-stage nonsense", "product price p1 x EUR", "product price p1 1 NNN",
        "product list size>3", "order list size>3", "order add c1", "order pay o1 nonsense", "order pay o1 99",
        "order return o1", "order ship o1 --line 9", "order edit o1", "order edit o1 --status delivered",
        "order add c1 --line Apples --date nonsense", "cadence set c1 nonsense", "config set nonsense 1",
        "config get nonsense", "completion tcsh", "export nonsense", "find x --in nonsense",
        "case open c1 x --priority nonsense", "case open c1 x --at +1d", "case reopen cs1", "case list owner>me",
        "case resolve cs1 --satisfaction 6", "case list --sort nonsense", "report cases --by nonsense",
        "log in c1 x --priority high", "log out c1 x --case new", "config set sla.hours nonsense",
        "config set sla.response.high nonsense", "config set sla.holidays 99", "case edit cs1",
        "remind --channel nonsense", "contact rm c1 --where tag:friend", "import", "contact edit c1", "undo c1",
        "forecast --by nonsense", "forecast --until nonsense", "forecast --save --owner me", "cashflow --by nonsense",
        "cashflow --until -1d", "cashflow --opening nonsense", "cashflow --explain nonsense",
        "cashflow --details --explain today", "rate set EUR USD nonsense",
        "rate set EUR EUR 1", "rate set EUR nonsense 1", "goal set nonsense --by eoq --currency EUR", "goal show c1",
        "goal set 5 --by nonsense --currency EUR", "report win-rate --by nonsense", "report source --since nonsense",
        "config set cashflow.payment_days nonsense", "config set cashflow.opening nonsense",
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_understood(stocked: Crm, line: str) -> None:
    refused(run(stocked, line), code=2)


# --- 3: not found


@pytest.mark.parametrize(
    "line",
    [
        "show nobody", "show c99", "panorama --owner nobody",
        "panorama --explain pipeline:nosuch", "log in nobody x", "log out c99 x", "log note co99 x", "contact show c99",
        "contact edit nobody --job-title x", "contact rm c99", "contact restore c99", "contact merge c1 c99",
        "contact tag c99 vip", "contact untag c99 friend", "company show co99", "company edit co99 --industry x",
        "company rm nobody", "company merge co1 co99", "company tag co99 x", "interaction show i99",
        "interaction edit i99 --subject x", "interaction rm i99", "followup add nobody x --due +1d",
        "followup show f99",
        "followup history f99", "followup edit f99 --subject x", "followup done f99", "followup snooze f99 +1d",
        "followup assign f1 nobody", "followup skip f99", "followup cancel f99", "followup reopen f99",
        "lead show c99", "lead score nobody", "lead qualify c99", "lead convert c99",
        "lead assign c4 nobody",         "lead disqualify nobody --reason x",
        "deal show d99", "deal edit d99 --amount 5", "deal move d1 nowhere", "deal move d99 won", "deal won d99",
        "deal lost d99 --reason price", "deal reopen d99", "deal rm d99", "deal restore d99", "deal restore d1",
        "deal show nothing",
        "deal add x --contact nobody", "deal add x --contact c1 --stage nowhere", "pipeline --pipeline nowhere",
        "pipeline edit nowhere --first", "pipeline edit-stage nowhere --name x", "pipeline rm-stage nowhere",
        "log in c1 x --deal d99", "followup add c1 x --due +1d --deal d99",
        "case open nobody x", "case show cs99", "case edit cs99 --priority low", "case reply cs99 x",
        "case pending cs99",
        "case resolve cs99", "case close cs99", "case reopen cs99", "case assign cs1 nobody", "case rm cs99",
        "case restore cs1", "case restore cs99", "case show c2", "log in c1 x --case cs99",
        "followup add c1 x --due +1d --case cs99",
        "case open c1 x --product nosuch",
        "cadence set nobody 6w", "cadence show cad99", "cadence pause cad99", "cadence rm c2", "field rm nosuch",
        "product show p99", "product edit nosuch --category x",
        "product rm p99", "product restore p1", "order add nobody --line Apples",
        "order add c1 --currency EUR --line Nothing",
        "order show o99", "order edit o99 --number 1", "order ship o99", "order pay nosuch", "order rm o99",
        "order restore o1",
        "user edit nobody --role sales", "undo op99", "config unset country", "contact list owner:nobody",
        "remind uninstall --name nosuch", "help nonsense", "forecast --owner nobody", "forecast --pipeline nosuch",
        "goal show g99", "goal rm g99", "goal set 5 --by eoq --currency EUR --owner nobody", "rate rm EUR USD",
        "report velocity --owner nobody", "report source --pipeline nosuch",
    ],
)  # fmt: skip
def test_not_found(stocked: Crm, line: str) -> None:
    refused(run(stocked, line), code=3)


# --- 4: ambiguous


@pytest.mark.parametrize(
    "line",
    [
        "show Ada", "log in Ada x", "log out Ada x", "log note Ada x", "contact show Ada", "contact edit Ada --notes x",
        "contact rm Ada", "contact merge Ada c1", "contact tag Ada vip", "followup add Ada x --due +1d",
        "cadence set Ada 6w", "deal add x --contact Ada",
        "case open Ada x", "case show Ada",
        "lead show Ada", "lead qualify Ada",
    ],
)  # fmt: skip
def test_ambiguous(stocked: Crm, line: str) -> None:
    result = run(stocked, line)
    assert (result.code, result.out) == (4, "")
    assert "c1  Ada Lovelace" in result.err
    assert "c2  Ada Byron" in result.err


# --- 5: partly done


def test_partly_imported(stocked: Crm) -> None:
    people = stocked.home / "mixed.csv"
    people.write_text("name,email\nLise,lise@engines.example\nJohn,not an address\n")
    result = stocked("import", str(people), "-o", "json")
    assert result.code == 5
    assert "1 of 2 records were rejected" in result.err
    assert stocked.ok("contact", "list", "Lise", "-o", "ids") == "c5\n"


def test_partly_applied(stocked: Crm) -> None:
    lines = BATCH + '{"op": "contact.rm", "who": "c99"}\n'
    result = stocked("batch", "--keep-going", stdin=lines)
    assert result.code == 5
    assert "1 of 2 operations were refused" in result.err
    refused(stocked("batch", stdin=lines), code=3)


# --- 6: not permitted


@pytest.mark.parametrize("line", WRITES)
def test_not_permitted(stocked: Crm, line: str) -> None:
    stocked.ok("user", "add", "rita", "--role", "readonly")
    before = stocked.ok("export", "all")
    refused(run(stocked, line, env={"CRM_USER": "rita"}), "rita may read and not change", code=6)
    assert stocked.ok("export", "all") == before


# --- 7: the database cannot be used


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE schema_version SET version_num = '9999'")
    connection.commit()
    connection.close()


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("line", [*READS, *WRITES, *OTHERS])
@pytest.mark.parametrize("spoil", [newer, damaged, empty])
def test_no_usable_database(stocked: Crm, line: str, spoil: Callable[[Path], None]) -> None:
    place = Path(stocked.place)
    spoil(place)
    before = place.read_bytes()
    refused(run(stocked, line), str(place))
    assert place.read_bytes() == before


# --- 130: interrupted


@pytest.mark.parametrize("line", [*READS, *WRITES, *OTHERS])
def test_interrupted(stocked: Crm, line: str) -> None:
    with mock.patch.object(App, "_connect", side_effect=KeyboardInterrupt):
        result = run(stocked, line)
    assert (result.code, result.out, result.err) == (130, "", "")
