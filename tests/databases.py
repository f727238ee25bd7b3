"""Databases by name: a file, or a database on the PostgreSQL under test.

Migrating takes seconds, copying does not. So one process of a run migrates an empty database, and each
database that a test needs, its own as well as that of processes that really run, begins as a copy.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql


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
    environment = os.environ | {"DATABASE_URL": url_of(name), "PORTAL_VAR": str(folder), "REDIS_URL": ""}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
    )
    return name


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
