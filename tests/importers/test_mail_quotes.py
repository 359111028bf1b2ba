"""What somebody wrote, apart from what they quote and sign with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.mail_quotes import split

ATTRIBUTIONS = [
    "On Thu, 19 Nov 2026 at 09:00, Ada Lovelace <ada@engines.example> wrote:",
    "On Thu, 19 Nov 2026 at 09:00, Ada Lovelace\n<ada@engines.example> wrote:",
    "Am 19.11.2026 um 09:00 schrieb Ada Lovelace:",
    "Am Do., 19. Nov. 2026 um 09:00 Uhr schrieb Ada Lovelace <\nada@engines.example>:",
    "Le jeu. 19 nov. 2026 à 09:00, Ada Lovelace <ada@engines.example> a écrit :",
    "El jue, 19 nov 2026 a las 9:00, Ada Lovelace (<ada@engines.example>) escribió:",
    "Il giorno gio 19 nov 2026 alle ore 09:00 Ada Lovelace <ada@engines.example> ha scritto:",
    "Op do 19 nov. 2026 om 09:00 schreef Ada Lovelace <ada@engines.example>:",
    "Em qui., 19 de nov. de 2026 às 09:00, Ada <ada@engines.example> escreveu:",
    "czw., 19 lis 2026 o 09:00 Ada Lovelace <ada@engines.example> napisał(a):",
    "Den tors 19 nov. 2026 kl 09:00 skrev Ada Lovelace <ada@engines.example>:",
    "чт, 19 нояб. 2026 г. в 09:00, Ада <ada@engines.example>:",
    "19.11.2026 09:00, Ада пишет:",
    "2026年11月19日(木) 9:00 エイダ <ada@engines.example> wrote:",
    "Ada Lovelace <ada@engines.example> 于2026年11月19日周四 上午9:00写道：",
]
HEADERS = [
    "-----Original Message-----\nFrom: Ada Lovelace\nSent: Thursday, November 19, 2026 9:00 AM\nTo: Me\n",
    "________________________________\nFrom: Ada <ada@engines.example>\nSent: Thursday\nTo: Me\nSubject: Delivery\n",
    "Von: Ada Lovelace\nGesendet: Donnerstag, 19. November 2026 09:00\nAn: Me\nBetreff: Delivery\n",
    "De : Ada Lovelace\nEnvoyé : jeudi 19 novembre 2026 09:00\nÀ : Me\nObjet : Delivery\n",
    "*From:* Ada Lovelace\n*Sent:* Thursday\n*To:* Me\n*Subject:* Delivery\n",
    "---------- Forwarded message ---------\nFrom: Ada\nDate: Thu\nSubject: x\nTo: Me\n",
    "-------- Ursprüngliche Nachricht --------\nVon: Ada\nDatum: 19.11.26\nAn: Me\nBetreff: x\n",
    "发件人: Ada\n发送时间: 2026年11月19日\n收件人: Me\n主题: x\n",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_quotes_are_folded_away_with_the_line_that_names_who_wrote(line: str) -> None:
    body, quoted = split(f"On Tuesday.\n\n{line}\n\n> When does it come?\n> Ada\n")
    assert body == "On Tuesday."
    assert quoted.startswith(line.split("\n")[0])
    assert quoted.endswith("> When does it come?\n> Ada")


@pytest.mark.parametrize("header", HEADERS)
def test_what_stands_below_the_header_of_an_older_message_is_folded_away(header: str) -> None:
    body, quoted = split(f"On Tuesday.\n\n{header}\nWhen does it come?\n\nAda\n")
    assert body == "On Tuesday."
    assert quoted.startswith(header.split("\n")[0])
    assert quoted.endswith("When does it come?\n\nAda")


def test_answers_between_quotes_are_kept() -> None:
    text = "On 2026-11-19 Ada wrote:\n> When?\n\nOn Tuesday.\n\n> And the price?\n\nTwelve.\n"
    assert split(text) == ("On Tuesday.\n\nTwelve.", "On 2026-11-19 Ada wrote:\n> When?\n\n> And the price?")


def test_an_answer_below_the_quote_is_kept() -> None:
    assert split("On 2026-11-19 Ada wrote:\n> When?\n\nOn Tuesday.")[0] == "On Tuesday."


def test_a_program_that_marks_no_quotes_quotes_all_that_follows() -> None:
    body, quoted = split("On Tuesday.\n\nOn 19 Nov 2026, Ada <ada@engines.example> wrote:\n\nWhen?\n\nAda")
    assert (body, quoted.endswith("When?\n\nAda")) == ("On Tuesday.", True)


@pytest.mark.parametrize(
    ("text", "body", "quoted"),
    [
        ("Hello\n-- \nAda\nEngines", "Hello", "-- \nAda\nEngines".replace("-- ", "--")),
        ("Hello\n\n--\nAda", "Hello", "--\nAda"),
        ("Hello\n\nSent from my iPhone", "Hello", "Sent from my iPhone"),
        ("Hallo\n\nVon meinem iPhone gesendet", "Hallo", "Von meinem iPhone gesendet"),
    ],
)
def test_signatures_are_folded_away(text: str, body: str, quoted: str) -> None:
    assert split(text) == (body, quoted)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nthe second order was right.\n\nRegards\nAda",
        "- one\n- two",
        "She wrote: nothing.",
        "The plan:\nfirst this\nthen that",
        "From: us\nthat is all",
        "It is 5 -- or 6 -- of them",
        "Meet at 10:30\nat the mill",
    ],
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert split(text) == (text, "")


def test_a_message_that_only_quotes_is_shown_whole() -> None:
    forwarded = "---------- Forwarded message ---------\nFrom: Ada\nDate: Thu\nSubject: x\n\nWhen does it come?"
    assert split(forwarded) == (forwarded, "")
    assert split("From: Ada\nSubject: Question\nTo: shop\n\nThe text of a form") == (
        "From: Ada\nSubject: Question\nTo: shop\n\nThe text of a form",
        "",
    )


LINES = st.sampled_from(
    ["text", "> quoted", "", "-- ", "On 2026-11-19 Ada wrote:", "From: a", "Sent: b", "To: c", "Subject: d", "____" * 8]
)


@given(st.lists(st.one_of(LINES, st.text(st.characters(exclude_characters="\n\r"), max_size=20)), max_size=25))
def test_nothing_is_lost(lines: list[str]) -> None:
    body, quoted = split("\n".join(lines))
    written = [line.rstrip() for line in lines if line.strip()]
    kept = [line for line in f"{body}\n{quoted}".split("\n") if line.strip()]
    assert sorted(kept) == sorted(written)


@pytest.mark.parametrize("line", [":", "wrote wrote 2020:", "From: x", "--", ">", "On 2020-01 wrote", "-" * 100])
def test_hostile_texts_end(line: str) -> None:
    body, quoted = split(f"{line}\n" * 100_000)
    assert body or quoted
