"""First run and settings: what a person says about themselves once, checked before it is written."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import codes, config
from crmcli.kernel.errors import CrmError, NotFound, UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.paths import expanded
from crmcli.kernel.place import URLS, shown_place
from crmcli.kernel.settings import Settings
from crmcli.kernel.text import check_text
from crmcli.services.settingchecks import CHECKS
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App


class Done(NamedTuple):
    """What a first run did.

    `place` names the database without its password; `created` and `joined` tell whether it was made and whether the
    person was added to its team; `changed` holds the settings that were written.
    """

    place: str
    created: bool
    joined: bool
    user: str
    changed: dict[str, str]


class Setup:
    """Reading, checking and writing settings, and making the database that they name."""

    def __init__(self, app: "App") -> None:
        self.app = app

    # --- settings

    @property
    def path(self) -> Path:
        """The file of settings. Raises CrmError where there is no place for one."""
        if self.app.config_path is None:
            raise CrmError("there is no home folder to keep settings in", "name a file with CRM_CONFIG")
        path: Path = self.app.config_path
        return path

    def page(self) -> Page:
        """Every setting there is, with its value; the rules for scores are those that were written."""
        return Page([self.get(name) for name in (*config.SETTINGS, *filter(config.rule, self.app.config))])

    def get(self, name: str) -> dict[str, Any]:
        """One setting; its value is None when it is not set. Raises UsageError when there is no such setting."""
        meaning = config.setting(config.check_name(name))
        value = self.app.config.get(name)
        return {"id": name, "key": name, "value": value, "description": meaning.help, "example": meaning.example}

    def set(self, name: str, value: str) -> tuple[dict[str, Any], bool]:
        """Write one setting; returns it, and whether anything differed.

        Raises:
            UsageError: there is no such setting, or this is no value for it.
        """
        changed = self._write({config.check_name(name): self.check(name, value)})
        return self.get(name), bool(changed)

    def unset(self, name: str) -> dict[str, Any]:
        """Take one setting out; returns what it was. Raises NotFound when it was not set."""
        was = self.get(name)
        if was["value"] is None:
            raise NotFound(f"{name} is not set", "see: crm config list")
        self._save({key: value for key, value in self.app.config.items() if key != name})
        return was

    def check(self, name: str, value: str) -> str:
        """A value as it is written into the file. Raises UsageError for one that cannot be right."""
        text = check_text(value, what=name, max_length=2000, required=True)
        rule = config.rule(name)
        if rule:
            return self.app.scores.checked(*rule, text)
        checked = CHECKS[name](text)
        if name == "sla.holidays":  # whether the holidays of a country are known, a library tells
            self.app.sla.check_holidays(checked)
        return checked

    def suggestions(self) -> dict[str, str]:
        """What each setting would be if nobody said otherwise: as it is, as the environment says, or empty."""
        language, country = _locale(self.app.environ)
        usual = {"language": language, "country": country}
        found = {"db": self.app.place, "user": self.app.users.my_name, "timezone": self.app.clock.zone_name}
        return {name: found.get(name) or self.app.config.get(name) or usual.get(name, "") for name in config.SETTINGS}

    # --- first run

    def run(self, given: Mapping[str, str]) -> Done:
        """Make the database where it is missing, and write the settings; safe to repeat.

        Settings that exist stay unless they are given; who I am and my zone are written even when they are not, so
        that a cron job sees the same as a terminal. An existing database is joined, never replaced.

        Args:
            given: settings by name; they are checked here.

        Raises:
            UsageError: a value that cannot be right; nothing is written then.
            DatabaseUnavailable: the database cannot be made or opened; no setting is written then.
        """
        wanted = {name: self.check(name, value) for name, value in given.items()}
        usual = self.suggestions()
        for name in ("user", "timezone"):
            wanted.setdefault(name, self.app.config.get(name) or usual[name])
        place = wanted.get("db") or self.app.place
        _refuse_folder(place)
        created, joined = self._join(place, wanted)
        return Done(shown_place(place), created, joined, wanted["user"], self._write(wanted))

    def _join(self, place: str, wanted: Mapping[str, str]) -> tuple[bool, bool]:
        """Open or make the database, and be a member of its team; tells what was new."""
        environ = {**self.app.environ, "CRM_USER": wanted["user"], "CRM_TIMEZONE": wanted["timezone"]}
        streams = self.app.stdin, self.app.stdout, self.app.stderr
        there = type(self.app)(
            Settings(db=place),
            environ=environ,
            streams=streams,
            command=self.app.command,
            randomness=self.app.randomness,
        )
        try:
            members = there.store.rows("SELECT name_key FROM user_account")
            if name_key(wanted["user"])[:200] in {row["name_key"] for row in members}:
                return False, False
            with there.writing() as gate:
                gate.update("user_account", gate.actor.id, {"timezone": wanted["timezone"]})
            return not members, True
        finally:
            self.app.notes += there.notes
            there.close()

    def _write(self, values: Mapping[str, str]) -> dict[str, str]:
        """Write those settings that differ; returns them."""
        changed = {name: value for name, value in values.items() if self.app.config.get(name) != value}
        if changed:
            self._save({**self.app.config, **changed})
        return changed

    def _save(self, values: Mapping[str, str]) -> None:
        kept = config.ordered(values)
        config.save(self.path, kept)
        self.app.config = kept


def program(environ: Mapping[str, str]) -> tuple[str, str]:
    """The command to recommend, and the path of a foreign program that owns the name `crm` here ("" for none).

    Debian's package crmsh installs such a program.
    """
    path = environ.get("PATH", "")
    other, ours = shutil.which("crm", path=path), shutil.which("crmcli", path=path)
    if other and ours and os.path.dirname(other) != os.path.dirname(ours):
        return "crmcli", other
    return "crm", ""


def _refuse_folder(place: str) -> None:
    if not place.startswith(URLS) and expanded(place).is_dir():
        raise UsageError(f"{place} is a folder", f"name a file in it: {os.path.join(place, 'crm.db')}")


def _locale(environ: Mapping[str, str]) -> tuple[str, str]:
    """Language tag and country that the environment's locale names, such as ("de-AT", "AT"); empty for none."""
    name = environ.get("LC_ALL") or environ.get("LANG") or ""
    try:
        language = codes.check_language(name.partition(".")[0].partition("@")[0])
    except UsageError:  # C, POSIX, nothing
        return "", ""
    try:
        return language, codes.check_country(language.rpartition("-")[2])
    except UsageError:
        return language, ""
