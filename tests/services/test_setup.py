"""Settings and first run."""

from pathlib import Path

import pytest

from crmcli.app import App
from crmcli.kernel.config import SETTINGS
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.place import shown_place
from crmcli.services.setup import program


def test_every_setting_is_checked_and_its_example_is_right(app_sqlite: App) -> None:
    for name, setting in SETTINGS.items():
        once = app_sqlite.setup.check(name, setting.example)
        assert app_sqlite.setup.check(name, once) == once
        with pytest.raises(UsageError):
            app_sqlite.setup.check(name, "")
        with pytest.raises(UsageError):
            app_sqlite.setup.check(name, "a\0b")


def test_settings_are_read_where_they_were_written(app_sqlite: App) -> None:
    record, changed = app_sqlite.setup.set("language", "pt-br")
    assert (record["value"], changed) == ("pt-BR", True)
    assert app_sqlite.setup.set("language", "pt-BR")[1] is False
    assert app_sqlite.setup.unset("language")["value"] == "pt-BR"
    with pytest.raises(NotFound):
        app_sqlite.setup.unset("language")


@pytest.mark.parametrize(
    ("locale", "language", "country"),
    [
        ("de_AT.UTF-8", "de-AT", "AT"),
        ("en_GB", "en-GB", "GB"),
        ("sr_RS@latin", "sr-RS", "RS"),
        ("eo", "eo", ""),
        ("C.UTF-8", "", ""),
        ("POSIX", "", ""),
        ("", "", ""),
    ],
)
def test_language_and_country_follow_the_locale(app_sqlite: App, locale: str, language: str, country: str) -> None:
    app_sqlite.environ = {**app_sqlite.environ, "LANG": locale}
    found = app_sqlite.setup.suggestions()
    assert (found["language"], found["country"]) == (language, country)
    assert (found["user"], found["timezone"]) == ("ada", "UTC")


def test_a_run_tells_what_it_did(app_sqlite: App, tmp_path: Path) -> None:
    place = str(tmp_path / "new" / "crm.db")
    done = app_sqlite.setup.run({"db": place, "user": "tom"})
    assert (done.place, done.created, done.joined, done.user) == (place, True, True, "tom")
    assert done.changed == {"db": place, "user": "tom", "timezone": "UTC"}
    again = app_sqlite.setup.run({"db": place})
    assert (again.created, again.joined, again.user, again.changed) == (False, False, "tom", {})


def test_a_place_is_shown_without_its_password() -> None:
    assert shown_place("postgresql://ada:s%40cret@db.example:5432/crm") == "postgresql://ada:***@db.example:5432/crm"
    assert (
        shown_place("postgresql://db.example/crm?password=x&user=ada")
        == "postgresql://db.example/crm?password=***&user=ada"
    )
    assert shown_place("postgresql:///crm") == "postgresql:///crm"
    assert shown_place("/home/ada/crm.db") == "/home/ada/crm.db"


def test_our_own_crm_needs_no_other_name(tmp_path: Path) -> None:
    for name in ("crm", "crmcli"):
        (tmp_path / name).touch(0o755)
    assert program({"PATH": str(tmp_path)}) == ("crm", "")
    assert program({}) == ("crm", "")


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("queue.waiting", "1 week", "1w"),
        ("aftercare.outcomes", "Resolved replied", "resolved, replied"),
        ("aftercare.outcomes", "none", "none"),
        ("remind.channels", "email,  Desktop", "email, desktop"),
        ("smtp.port", "0587", "587"),
        ("smtp.security", "TLS", "tls"),
        ("smtp.password_command", "pass show 'my mail'", "pass show 'my mail'"),
        ("smtp.from", "Ada <ada@localhost>", "Ada <ada@localhost>"),
    ],
)
def test_a_setting_is_kept_in_one_form(app_sqlite: App, name: str, text: str, kept: str) -> None:
    assert app_sqlite.setup.check(name, text) == kept


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("queue.waiting", "soon", "not a span"),
        ("aftercare.outcomes", "resolvd", "not an outcome"),
        ("smtp.port", "70000", "not a port"),
        ("smtp.security", "ssl", "no way to secure"),
        ("smtp.host", "mail server", "not the name of a host"),
        ("smtp.password_command", "pass 'show", "not a command"),
        ("smtp.from", "ada", "not an e-mail address"),
        ("smtp.to", "a@b.example\nBcc: x@y.example", "not an e-mail address"),
        ("webhook.url", "ftp://engines.example", "not a web address"),
        ("webhook.url", "https://", "not a web address"),
        ("webhook.url", "https://ada:secret@hooks.engines.example", "a login in it"),
        ("remind.channels", "emal", "there is no channel 'emal'"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused(app_sqlite: App, name: str, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        app_sqlite.setup.check(name, text)
