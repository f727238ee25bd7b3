"""Databases by name: a file, or a database on the PostgreSQL under test.

Migrating takes seconds, copying does not. So one process of a run migrates an empty database, and each
database that a test needs, its own as well as that of processes that really run, begins as a copy. On SQLite
the migrated file is kept from run to run for as long as nothing that migrations are made of has changed.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.apps import apps
from django.conf import settings
from psycopg import sql

from tests.isolation import LASTING

KEPT = 20


def url_of(name: str) -> str:
    """The ``DATABASE_URL`` of a database called ``name``: a path, or a name on the server under test."""
    config = _config()
    if is_file():
        return f"sqlite:///{name}"
    person = f"{quote(config['USER'])}:{quote(config['PASSWORD'])}"
    return f"postgres://{person}@{config['HOST']}:{config['PORT'] or 5432}/{name}"


@contextmanager
def migrated(folder: Path) -> Iterator[str]:
    """The name of the one database with every table and no row, for all the processes that share ``folder``.

    Whoever comes first makes it and whoever goes last removes it; nobody may connect to it or write to it.
    """
    with _alone_in(folder) as users:
        if not users:
            template = _made(folder)
            (folder / "name").write_text(template)
        users.append(str(os.getpid()))
    try:
        yield (folder / "name").read_text()
    finally:
        with _alone_in(folder) as users:
            users.remove(str(os.getpid()))
            if not users:
                remove((folder / "name").read_text())


@contextmanager
def _alone_in(folder: Path) -> Iterator[list[str]]:
    """Who uses the migrated database, while no other process asks or changes it."""
    folder.mkdir(exist_ok=True)
    with (folder / "users").open("a+", encoding="ascii") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.seek(0)
        users = held.read().split()
        yield users
        held.truncate(0)
        held.write("\n".join(users))


def _made(folder: Path) -> str:
    name = _new(folder)
    kept = LASTING / "migrated" / f"{digest_of_migrations()}.sqlite3"
    if is_file() and kept.exists():
        shutil.copy(kept, name)
        return name
    environment = os.environ | {"DATABASE_URL": url_of(name), "PORTAL_VAR": str(folder), "REDIS_URL": ""}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )
    if is_file():
        keep(name, kept)
    return name


def digest_of_migrations() -> str:
    """The SHA-256 over what a migrated database comes from: Django, the apps, each app's migrations, and the
    project's own modules that those import.

    What is made after every migration (permissions, content types) is not of it: Django's own set-up of the
    database under test makes that each time.
    """
    digest = hashlib.sha256(f"{version('django')} {sorted(settings.INSTALLED_APPS)}".encode())
    for path in sorted(made_of()):
        digest.update(f"{path}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def made_of() -> set[Path]:
    found: set[Path] = set()
    for config in apps.get_app_configs():
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            found.add(path)
            if path.is_relative_to(settings.BASE_DIR) and not path.is_relative_to(Path(sys.prefix)):
                found |= _imported(path)
    return found


def _imported(path: Path) -> set[Path]:
    """The files of the project's modules that a migration names in its imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    found: set[Path] = set()
    for name in names:
        if name.split(".")[0] in {"regulator", "notifications", "inspections", "enforcement"}:
            found |= _file_of(name)
    return found


def _file_of(name: str) -> set[Path]:
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:  # a name within a module
        return set()
    return {Path(spec.origin)} if spec and spec.origin else set()


def keep(name: str, kept: Path) -> None:
    """Keep a copy for later runs, and of former ones the newest few."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}")
    shutil.copy(name, partial)
    partial.replace(kept)
    others = sorted(kept.parent.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        old.unlink(missing_ok=True)


@contextmanager
def fresh(folder: Path, template: str = "") -> Iterator[str]:
    """The name of a new database, empty or a copy of ``template``; it is gone afterwards."""
    name = _new(folder, template)
    try:
        yield name
    finally:
        remove(name)


def _new(folder: Path, template: str = "") -> str:
    if is_file():
        path = folder / f"{uuid.uuid4().hex}.sqlite3"
        if template:
            shutil.copy(template, path)
        return str(path)
    name = f"faults_{uuid.uuid4().hex}"
    _execute("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
    return name


def remove(name: str) -> None:
    if is_file():
        Path(name).unlink(missing_ok=True)
    else:
        _execute("DROP DATABASE {} WITH (FORCE)", name)


def is_file() -> bool:
    """Whether the database under test is SQLite's."""
    return bool(_config()["ENGINE"].endswith("sqlite3"))


def _config() -> dict[str, Any]:
    return settings.DATABASES["default"]


def _execute(statement: str, *names: str) -> None:
    config = _config()
    with psycopg.connect(
        host=config["HOST"],
        port=config["PORT"] or 5432,
        user=config["USER"],
        password=config["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
