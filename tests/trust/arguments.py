"""How every command is called: the table from which the suites of hostile words make their runs.

The commands, their flags and the kinds of both come from `crmcli.commandtable`. What is written here is what that table
cannot know: what stands for the arguments of a command, and for the value of a flag that takes any text but expects one
form of it. A new command needs a line in ARGUMENTS; `runs` fails without.
"""

from collections.abc import Iterator
from typing import NamedTuple

from crmcli.commandtable import COMMANDS
from tests.trust.world import Records

# Command -> its calls, each as words. In braces stand the records of a world, {s} a hostile text, {file} a file to read
# and {to} one to write.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "": ("",),
    "show": ("{contact}", "{company}", "{contact} -n 50", "{contact} --as-of now"),
    "log": ("",),
    "log in": ("{contact} {s}", "{company} {s} --subject {s} --followup +3d --followup-subject {s}"),
    "log out": ("{contact} {s} --channel call --outcome resolved",),
    "log note": ("{contact} {s}",),
    "agenda": ("", "--week"),
    "queue": ("", "--all --everyone", "--later", "name~{tag}"),
    "remind": ("", "--dry-run", "--channel stdout --digest daily --dry-run", "--channel desktop"),
    "remind log": ("", "--everyone --all"),
    "remind retry": ("1",),
    "remind install": ("--cron --dry-run", "--systemd --dry-run --name x"),
    "remind uninstall": ("--cron", "--systemd"),
    "remind status": ("",),
    "panorama": ("", "--owner me", *(f"--explain {name}" for name in (
        "silent", "stages", "retention", "contacts", "queue", "queue:owed", "pipeline", "orders", "cases", "leads"))),
    "find": ("{s}", "every", "x --in all"),
    "contact": ("",),
    "contact add": ("{s}", "New --notes {s} --tag {tag} --set free={s} --company {s}"),
    "contact list": ("", "--all", "name~x", "--deleted"),
    "contact show": ("{contact}", "{contact} --origins", "{contact} --as-of now"),
    "contact edit": ("{contact} --nickname {s}", "{contact} --tag {s}"),
    "contact rm": ("{contact}", "--where name~x --yes", "--where name~x --dry-run"),
    "contact restore": ("{contact}",),
    "contact merge": ("{contact} {other} --yes", "{contact} {other} --dry-run", "{contact} {other} --take {s}"),
    "contact tag": ("{contact} {s}", "--where name~x --yes {s}"),
    "contact untag": ("{contact} {tag}", "--where name~x --dry-run {tag}"),
    "company": ("",),
    "company add": ("{s}",),
    "company list": ("", "--all"),
    "company show": ("{company}", "{company} --origins", "{company} --as-of now"),
    "company edit": ("{company} --industry {s}",),
    "company rm": ("{company}", "--where name~x --dry-run"),
    "company restore": ("{company}",),
    "company merge": ("co1 co2 --yes", "co1 co2 --dry-run"),
    "company tag": ("{company} {s}",),
    "company untag": ("{company} {tag}",),
    "interaction": ("",),
    "interaction list": ("", "text~x", "--all"),
    "interaction show": ("{interaction}", "{interaction} --as-of now"),
    "interaction edit": ("{interaction} --text {s}", "{interaction} --subject {s}"),
    "interaction rm": ("{interaction}",),
    "interaction restore": ("{interaction}",),
    "followup": ("",),
    "followup add": ("{contact} {s} --due +3d --note {s}",),
    "followup list": ("", "--all-states --all"),
    "followup show": ("{followup}", "{followup} --as-of now"),
    "followup history": ("{followup}",),
    "followup edit": ("{followup} --subject {s}",),
    "followup done": ("{followup} --note {s} --next +2w --next-subject {s}", "--where subject~x --yes"),
    "followup snooze": ("{followup} +3d",),
    "followup assign": ("{followup} bob",),
    "followup skip": ("{followup}",),
    "followup cancel": ("{followup} --reason {s}",),
    "followup reopen": ("{followup}",),
    "lead": ("",),
    "lead add": ("{s}", "New --source {s} --tag {tag} --company {s}"),
    "lead list": ("", "--all-states --all", "untouched:yes source:x", "--deleted", "--min 5 --sort -age"),
    "lead show": ("{contact}", "{contact} --as-of now"),
    "lead score": ("{contact}", "{contact} --explain"),
    "lead rules": ("",),
    "lead qualify": ("{contact} --note {s}", "{contact} --stage sales_qualified", "--where name~x --dry-run"),
    "lead disqualify": ("{contact} --reason {s}", "--where name~x --yes --reason {s}"),
    "lead convert": (
        "{contact} --deal {s} --amount 12000 --currency EUR --note {s}", "{contact} --customer",
        "--where name~x --dry-run",
    ),
    "lead assign": ("{contact} bob", "{contact} --nobody", "--where name~x --yes bob"),
    "deal": ("",),
    "deal add": (
        "{s} --contact {contact} --amount 12000 --currency EUR --line {s}", "{s} --company {company} --note {s}",
        "New --contact {contact} --set free={s} --next {s} --next-due +3d",
    ),
    "deal list": ("", "--all-states --all", "name~x", "--deleted"),
    "deal show": ("{deal}", "{deal} --as-of now"),
    "deal edit": ("{deal} --note {s}", "{deal} --name {s}", "{deal} --remove-line 1", "{deal} --role {contact}={s}"),
    "deal move": ("{deal} negotiation", "next --where name~x --dry-run", "{deal} {s}"),
    "deal won": ("{deal}", "--where name~x --dry-run"),
    "deal lost": ("{deal} --reason {s}", "{deal} --reason price"),
    "deal reopen": ("{deal}",),
    "deal rm": ("{deal}", "--where name~x --yes"),
    "deal restore": ("{deal}",),
    "pipeline": ("", "--where name~x --limit 2", "--pipeline {s}"),
    "pipeline list": ("",),
    "pipeline add": ("{s} --stage {s} --lost-reason {s}", "Other"),
    "pipeline edit": ("sales --lost-reason {s}", "sales --name {s}"),
    "pipeline rm": ("other", "{s}"),
    "pipeline add-stage": ("{s} --probability 30 --require amount",),
    "pipeline edit-stage": ("proposal --name {s}", "proposal --rotting-days 5"),
    "pipeline rm-stage": ("proposal --to negotiation --yes", "prospecting --dry-run"),
    "product": ("",),
    "product add": ("{s} --sku {s} --category {s} --price 7.50 --currency EUR --set free={s}",),
    "product list": ("", "--all", "name~x", "--deleted"),
    "product show": ("{product}", "{product} --as-of now"),
    "product edit": ("{product} --category {s} --description {s}",),
    "product price": ("{product} 8 EUR", "{product} 9 USD --from +1w"),
    "product rm": ("{product}", "--where name~x --dry-run"),
    "product restore": ("{product}",),
    "order": ("",),
    "order add": ("{contact} --currency EUR --line {s}", "--company {company} --line 1xy@1 --note {s} --number {s}"),
    "order list": ("", "--all", "who~x", "--deleted"),
    "order show": ("{order}", "{order} --as-of now"),
    "order edit": ("{order} --note {s} --source {s}", "{order} --line {s}"),
    "order ship": ("{order}", "--where number~x --dry-run"),
    "order deliver": ("{order}",),
    "order return": ("{order} --line 1=1 --refund",),
    "order cancel": ("{order} --reason {s}",),
    "order pay": ("{order} --method {s} --reference {s}", "{order} 1"),
    "order renew": ("", "--dry-run"),
    "order rm": ("{order}",),
    "order restore": ("{order}",),
    "case": ("",),
    "case open": ("{contact} {s}", "{contact} {s} {s} --set free={s} --external {s}"),
    "case list": ("", "--all-states --all", "subject~x", "--deleted"),
    "case show": ("{case}", "{case} --as-of now"),
    "case edit": ("{case} --subject {s} --text {s} --resolution {s}", "{case} --priority urgent"),
    "case reply": ("{case} {s} --pending",),
    "case pending": ("{case}", "--where subject~x --yes"),
    "case resolve": ("{case} --resolution {s}", "--where subject~x --dry-run"),
    "case close": ("{case} --resolution {s}",),
    "case reopen": ("{case}",),
    "case assign": ("{case} bob", "{case} --nobody"),
    "case rm": ("{case}", "--where subject~x --dry-run"),
    "case restore": ("{case}",),
    "cadence": ("",),
    "cadence set": ("{contact} 4w", "3m --where name~x --yes", "{contact} none"),
    "cadence list": ("", "--due --everyone --all"),
    "cadence show": ("{cadence}", "{cadence} --as-of now"),
    "cadence pause": ("{cadence} --until +2w",),
    "cadence resume": ("{cadence}",),
    "cadence rm": ("{cadence}",),
    "forecast": ("", "--by owner --until eoy", "--save", "--pipeline {s}"),
    "forecast accuracy": ("", "--owner me"),
    "goal": ("",),
    "goal set": ("100 --by eoq --currency EUR --name {s}", "{s} --by {s}"),
    "goal list": ("", "--all"),
    "goal show": ("g1",),
    "goal rm": ("g1",),
    "cashflow": ("", "--by month --opening 5EUR", "--details", "--explain {s}"),
    "report": ("",),
    "report win-rate": ("", "--by owner", "--by source --since -3y"),
    "report velocity": ("", "--by pipeline"),
    "report lost-reasons": ("", "--by stage"),
    "report source": ("", "--by month"),
    "report cases": ("", "--by product", "--since {s}"),
    "rate": ("",),
    "rate set": ("EUR USD 1.0842 --source {s}", "EUR {s} 1", "EUR USD {s}"),
    "rate list": ("", "EUR JPY"),
    "rate rm": ("EUR JPY",),
    "field": ("",),
    "field add": ("fresh --type choice --choice {s} --description {s}",),
    "field list": ("",),
    "field rm": ("free",),
    "user": ("",),
    "user add": ("carl --display-name {s}",),
    "user list": ("",),
    "user edit": ("bob --display-name {s}",),
    "import": (
        "{file}", "{file} --dry-run --map Odd={s}", "{file} --save-map {s}", "--list-formats", "{file} --rejects {to}",
    ),
    "export": (
        "contacts", "companies", "interactions", "followups", "deals", "products", "orders", "orders --lines", "cases",
        "users", "tags", "fields", "all", "contacts --to {to}",
    ),
    "calendar": ("",),
    "calendar publish": ("{to} --everyone --name {s}",),
    "dedupe": ("all", "contact --merge-certain --dry-run", "contact --not-same {contact} {other}"),
    "undo": ("", "--dry-run", "op2", "op2 --with-dependents --dry-run"),
    "redo": ("", "--dry-run"),
    "history": ("", "{contact} --all", "show op3", "{company} --by {s}", "--command {s} --since -1d --until now"),
    "privacy": ("",),
    "privacy export": ("{contact}", "{contact} --dir {new}"),
    "privacy erase": ("{contact} --reason {s} --yes", "{contact} --dry-run", "{contact}",
                      "{contact} --mentions --unread-files --yes"),
    "privacy list": ("",),
    "privacy replay": ("{file}",),
    "privacy readmit": ("{s}", "gone@x.example"),
    "consent": ("",),
    "consent grant": ("{contact} marketing --source {s}", "{contact} {s} --channel {s} --legal-basis {s}"),
    "consent withdraw": ("{contact} press --channel email --source {s}", "{contact} contact"),
    "consent deny": ("{contact} press --source {s}",),
    "consent show": ("{contact}",),
    "batch": ("", "--keep-going", "--dry-run"),
    "init": ("--user ada --timezone UTC --language en --country GB --currency EUR",),
    "demo": ("--path {file}",),
    "db": ("",),
    "db backup": ("{to} --force", "", "{to}"),
    "db verify": ("", "--quick", "{to}", "--seal {s}"),
    "db info": ("",),
    "db restore": ("{to} --dry-run", "{to} --yes", "{file}"),
    "db vacuum": ("",),
    "db rebuild": ("", "--dry-run"),
    "db purge": ("--older-than now --yes", "--older-than now --dry-run"),
    "config": ("",),
    "config list": ("",),
    "config get": ("smtp.from",),
    "config set": ("smtp.from {s}", "lead.score.facts.{s} 5", "lead.score.behaviours.subject~x {s}",
        "remind.program {s}", "webhook.url {s}"),
    "config unset": ("smtp.from",),
    "config path": ("",),
    "doctor": ("",),
    "completion": ("bash", "zsh", "fish"),
    "help": ("dates", "contact", "hooks"),
}  # fmt: skip
# Where any text may stand though one form of it is meant.
VALUES = {"--at": "2026-11-20 09:15", "--duration": "30m", "--satisfaction": "5", "--limit": "5", "-n": "5"}
# The kinds of `crmcli.commandtable` which the table of choices does not give.
KINDS = {
    "who": "{contact}", "contact": "{contact}", "company": "{company}", "user": "bob", "tag": "{tag}", "when": "+3d",
    "deal": "{deal}", "stage": "proposal", "pipeline": "sales",
    "field": "free={s}", "case": "{case}", "interaction": "{interaction}", "file": "{to}", "columns": "help",
}  # fmt: skip


class Run(NamedTuple):
    """A call of a command, and whether it is the usual one or one with a hostile text where something else belongs."""

    command: str
    words: list[str]
    usual: bool


def usual(command: str, records: Records, files: dict[str, str]) -> list[Run]:
    """The calls of a command, with the records of a world in their places.

    Raises:
        AssertionError: the table has no line for it.
    """
    assert command in ARGUMENTS, f"ARGUMENTS in tests/trust/arguments.py needs a line for `crm {command}`"
    return [
        Run(command, [*command.split(), *(filled(word, records, files) for word in call.split())], True)
        for call in ARGUMENTS[command]
    ]


def garbage(command: str, records: Records, files: dict[str, str]) -> Iterator[Run]:
    """The calls of a command with the text of the records in each place in turn: arguments, flags, and beside them."""
    text, (first, *_) = records.text, usual(command, records, files)
    start = len(command.split())
    _, arguments, flags = COMMANDS[command]
    for place in range(start, len(first.words)):
        if not first.words[place].startswith("--"):
            yield Run(command, [*first.words[:place], text, *first.words[place + 1 :]], False)
    for _ in arguments[:1]:
        yield Run(command, [*command.split(), "--", text], False)
    for flag, kind, _ in flags:
        if kind is not None:
            yield Run(command, [*first.words, flag, text], False)
            if flag.startswith("--"):
                yield Run(command, [*first.words, f"{flag}={text}"], False)
                valid = VALUES.get(flag) or KINDS.get(kind) or (kind[1:].split()[0] if kind[:1] == "=" else "{s}")
                yield Run(command, [*first.words, flag, filled(valid, records, files)], False)
        elif flag != "--help":
            yield Run(command, [*first.words, flag], False)
    yield Run(command, [*first.words, "--help"], False)
    yield Run(command, [*first.words, text, text], False)
    yield Run(command, [*command.split(), f"--{text}"], False)
    yield Run(command, [*first.words, "--fields", text], False)
    yield Run(command, [*first.words, "-o", text], False)
    yield Run(command, [*first.words, "--db", f"{files['folder']}/{text}"], False)


def filled(word: str, records: Records, files: dict[str, str]) -> str:
    """A word of the table, with what stands for what is in braces."""
    for name, value in {**files, **records._asdict(), "s": records.text}.items():
        if word == f"{{{name}}}" or f"={{{name}}}" in word or f"~{{{name}}}" in word:
            return word.replace(f"{{{name}}}", value)
    return word
