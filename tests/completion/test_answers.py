"""What is offered at the cursor."""

import pytest

from crmcli import completion
from crmcli.completion.answers import answer
from crmcli.completion.lines import read
from tests.conftest import Crm


@pytest.fixture
def stocked(crm_sqlite: Crm) -> Crm:
    """A program with names to offer."""
    crm = crm_sqlite
    crm.ok("contact", "add", "Jürgen Müller", "--tag", "vip", "--set", "source=fair")
    crm.ok("contact", "add", "Ada Lovelace", "--tag", "very good")
    crm.ok("contact", "add", "John Smith")
    crm.ok("contact", "add", "John Smith")
    crm.ok("contact", "add", "--", "-rf")
    crm.ok("contact", "add", "Tab\there")
    crm.ok("company", "add", "Smith Ltd")
    crm.ok("followup", "add", "c2", "Call about the offer", "--due", "+3d")
    crm.ok("cadence", "set", "c2", "6w")
    crm.ok("cadence", "set", "--where", "tag:vip", "1m")
    crm.ok("log", "in", "c2", "Asked for a price", "--channel", "call")
    crm.ok("deal", "add", "Engine No. 2", "--contact", "c2")
    crm.ok("deal", "add", "Press", "--contact", "c2", "--close", "eoq")
    crm.ok("product", "add", "Red apples", "--sku", "APL-1", "--price", "7.50 EUR")
    crm.ok("product", "add", "Pears")
    crm.ok("order", "add", "c2", "--line", "APL-1", "--number", "1001")
    return crm


def words(crm: Crm, line: str) -> list[str]:
    return [word for word, _ in answer(read(line), crm.environ())[1]]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("crm fi", ["find", "field"]),
        ("crm contact e", ["edit"]),
        ("crm --json contact e", ["edit"]),
        ("crm -o json contact e", ["edit"]),
        ("crm completion ", ["bash", "zsh", "fish"]),
        ("crm help da", ["dates"]),
        ("crm help ho", ["hooks"]),
        ("crm queue --kind o", ["owed"]),
        ("crm calendar publish x.ics --as ", ["events", "todos", "both"]),
        ("crm export followups --as t", ["todos"]),
        ("crm followup assign f1 m", ["me"]),
        ("crm followup add c1 x --every we", ["weekly", "weekdays"]),
        ("crm remind install --every h", ["hourly"]),
        ("crm remind install --digest ", ["daily", "weekly"]),
        ("crm remind install --channel d", ["desktop"]),
        ("crm cadence set c1 6", ["6w", "6m"]),
        ("crm log in c1 x --out", ["--outcome", "--output"]),
        ("crm log in c1 x --channel e", ["email"]),
        ("crm log in c1 x --channel=e", ["--channel=email"]),
        ("crm -o js", ["json", "jsonl"]),
        ("crm contact add X --lifecycle-stage cus", ["customer"]),
        ("crm followup add c1 x --due tom", ["tomorrow"]),
        ("crm contact list --fields id,disp", ["id,display_name"]),
        ("crm contact list 'tag:vip last_in", ["tag:vip last_in:", "tag:vip last_inbound_at:"]),
        ("crm contact list 'stage:cu", ["stage:customer"]),
        ("crm contact list '(owner:m", ["(owner:me"]),
        ("crm contact list tag:v", ["tag:vip"]),
        ("crm product show Re", ["Red apples"]),
        ("crm product show AP", ["APL-1"]),
        ("crm product show p", ["p2", "p1"]),
        ("crm order show o", ["o1"]),
        ("crm order ship 10", ["1001"]),
        ("crm order pay ", ["o1"]),
        ("crm order list status:in", ["status:in_transit"]),
        ("crm order add --contact jur", ["Jürgen Müller"]),
        ("crm log in c2 x --order o", ["o1"]),
        ("crm contact rm -- --", []),
        ("crm nonsense ", []),
        ("crm find ", []),
    ],
)
def test_commands_flags_and_choices(stocked: Crm, line: str, offered: list[str]) -> None:
    assert words(stocked, line) == offered


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("crm show jur", ["Jürgen Müller"]),
        ("crm show mul", ["Jürgen Müller"]),
        ("crm show 'Ada L", ["Ada Lovelace"]),
        ("crm show smi", ["Smith Ltd", "c4", "c3"]),
        ("crm contact show smi", ["c4", "c3"]),
        ("crm company show ", ["Smith Ltd"]),
        ("crm show c2", ["c2"]),
        ("crm contact show -- -r", ["c5"]),
        ("crm show tab", []),
        ("crm contact tag c1 v", ["very good", "vip"]),
        ("crm contact add X --tag vi", ["vip"]),
        ("crm contact edit c1 --set s", ["source="]),
        ("crm contact edit c1 --owner ", ["me", "ada"]),
        ("crm contact add X --company smi", ["Smith Ltd"]),
        ("crm followup done ", ["f1"]),
        ("crm cadence show cad", ["cad1", "cad2"]),
        ("crm cadence set c1 6w --via ca", ["call"]),
        ("crm cadence set --where ta", ["tag:"]),
        ("crm interaction show i", ["i1"]),
        ("crm deal show ", ["d2", "d1"]),
        ("crm followup add c2 x --deal d1", ["d1"]),
        ("crm deal move d1 pro", ["prospecting", "proposal"]),
        ("crm deal add x --stage=nego", ["--stage=negotiation"]),
        ("crm pipeline --pipeline sa", ["Sales"]),
        ("crm deal list 'status:w", ["status:won"]),
        ("crm deal list stage:nego", ["stage:negotiation"]),
        ("crm deal lost d1 --reason pr", ["price"]),
    ],
)
def test_what_the_database_holds(stocked: Crm, line: str, offered: list[str]) -> None:
    assert words(stocked, line) == offered


def test_suggestions_say_what_they_are(stocked: Crm) -> None:
    environ = stocked.environ()
    assert answer(read("crm show ada"), environ) == ("words", [("Ada Lovelace", "c2")])
    assert answer(read("crm show c2"), environ) == ("words", [("c2", "Ada Lovelace")])
    assert answer(read("crm followup done f"), environ)[1] == [("f1", "Call about the offer (Ada Lovelace)")]
    assert answer(read("crm cadence rm cad"), environ)[1] == [("cad1", "Ada Lovelace (6w)"), ("cad2", "tag:vip (1m)")]


def test_directives_tell_the_shell_what_follows(stocked: Crm) -> None:
    environ = stocked.environ()
    assert answer(read("crm contact list sta"), environ)[0] == "nospace"
    assert answer(read("crm show mul"), environ)[0] == "list"
    assert answer(read("crm log in c1 x --file "), environ) == ("files", [])
    assert answer(read("crm contact list > "), environ) == ("files", [])


def test_the_database_of_the_line_is_asked(stocked: Crm) -> None:
    line = f"crm --db {stocked.place} show ada"
    assert words(Crm("sqlite", "/nonexistent", stocked.home), line) == ["Ada Lovelace"]


def test_without_a_database_there_are_still_commands(crm_sqlite: Crm) -> None:
    for place in ("/nonexistent/crm.db", "postgresql://nobody@nowhere.example/x"):
        elsewhere = Crm("sqlite", place, crm_sqlite.home)
        assert words(elsewhere, "crm show ada") == []
        assert words(elsewhere, "crm contact edit c1 --owner ") == ["me"]


def test_asking_creates_nothing(crm_sqlite: Crm) -> None:
    elsewhere = Crm("sqlite", str(crm_sqlite.home / "new.db"), crm_sqlite.home)
    assert words(elsewhere, "crm show ada") == []
    assert list(crm_sqlite.home.iterdir()) == []


def test_bash_gets_pieces_and_explanations_only_where_it_lists(
    stocked: Crm, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRM_DB", stocked.place)
    assert completion.main(["bash", "crm show 'jur", " '=", "9"]) == 0
    assert capfd.readouterr().out == "words\nJürgen Müller\n"
    assert completion.main(["bash", "crm show smi", " '=", "63"]) == 0
    assert "Smith Ltd  co1\n" in capfd.readouterr().out


def test_a_failure_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    assert completion.main([]) == 1
    assert capfd.readouterr() == ("", "")


def test_what_is_about_a_deleted_customer_is_not_offered(stocked: Crm) -> None:
    stocked.ok("company", "add", "Gone Ltd")
    stocked.ok("followup", "add", "Gone Ltd", "Write", "--due", "+3d")
    assert words(stocked, "crm followup done ") == ["f1", "f2"]
    stocked.ok("contact", "rm", "c2", "--yes")
    stocked.ok("company", "rm", "Gone Ltd", "--yes")
    assert words(stocked, "crm followup done ") == []
