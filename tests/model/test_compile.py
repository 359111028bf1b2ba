"""The compiled files say what the model says."""

from pathlib import Path

import pytest

from crmcli.model import compile as compiler
from crmcli.model.tables import metadata
from crmcli.store.description import Column
from crmcli.store.schema import TABLES, VERSION


def test_compiled_files_are_fresh() -> None:
    stale = [path.name for path, text in compiler.outputs().items() if path.read_text("utf-8") != text]
    assert not stale, "run: python -m crmcli.model.compile"


def test_a_migration_is_written_until_it_was_released(monkeypatch: pytest.MonkeyPatch) -> None:
    def migrations() -> set[str]:
        return {path.name for path in compiler.outputs() if path.parent == compiler.VERSIONS}

    newest = {f"{compiler.VERSION}_sqlite.sql", f"{compiler.VERSION}_postgresql.sql"}
    monkeypatch.setattr(compiler, "RELEASED", "0000")
    assert migrations() == newest
    monkeypatch.setattr(compiler, "RELEASED", compiler.VERSION)
    assert migrations() == set()


def test_check_names_stale_files_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale, fresh, missing = tmp_path / "stale.sql", tmp_path / "fresh.sql", tmp_path / "missing.sql"
    stale.write_text("old")
    fresh.write_text("new")
    monkeypatch.setattr(compiler, "outputs", lambda: dict.fromkeys((stale, fresh, missing), "new"))
    assert compiler.main(["--check"]) == 1
    assert capsys.readouterr().err == "stale.sql is stale\nmissing.sql is stale\n"
    assert stale.read_text() == "old"
    assert compiler.main([]) == 0
    assert {path.read_text() for path in (stale, fresh, missing)} == {"new"}
    assert compiler.main(["--check"]) == 0


def test_every_table_and_column_is_described() -> None:
    described = {name: list(table.columns) for name, table in TABLES.items()}
    assert described == {table.name: [column.name for column in table.columns] for table in metadata.sorted_tables}
    assert VERSION == compiler.VERSION


def test_a_column_is_described_as_the_model_has_it() -> None:
    stage = TABLES["contact"].columns["lifecycle_stage"]
    assert isinstance(stage, Column)
    assert (stage.kind, stage.required, stage.settable) == ("enum", False, True)
    assert stage.values[0] == "subscriber"
    assert TABLES["email"].columns["contact_id"].to == "contact"
    assert TABLES["contact"].columns["name_key"].derived
