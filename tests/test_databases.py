"""What the kept migrated database is known by: all that decides what it holds."""

from pathlib import Path

import pytest
from django.conf import settings

from tests import databases


def test_the_digest_is_of_every_migration_and_of_what_migrations_import() -> None:
    made_of = {path.relative_to(settings.BASE_DIR) for path in databases.made_of() if _is_ours(path)}
    assert Path("notifications/migrations/0001_initial.py") in made_of
    assert Path("regulator/casework/triggers.py") in made_of
    assert Path("enforcement/register/finding.py") in made_of


def test_a_changed_migration_is_another_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migration = tmp_path / "0001_initial.py"
    migration.write_text("operations = []")
    monkeypatch.setattr(databases, "made_of", lambda: {migration})
    before = databases.digest_of_migrations()
    assert databases.digest_of_migrations() == before
    migration.write_text("operations = [1]")
    assert databases.digest_of_migrations() != before


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "KEPT", 2)
    new = tmp_path / "new"
    new.write_text("tables")
    for number in range(3):
        databases.keep(str(new), tmp_path / "migrated" / f"{number}.sqlite3")
    kept = sorted((tmp_path / "migrated").iterdir())
    assert len(kept) == 2
    assert all(path.read_text() == "tables" for path in kept)


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR)
