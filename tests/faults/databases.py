"""A database of its own for processes that really run: a file, or a database on the PostgreSQL under test."""

import shutil
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
    if config["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{name}"
    person = f"{quote(config['USER'])}:{quote(config['PASSWORD'])}"
    return f"postgres://{person}@{config['HOST']}:{config['PORT'] or 5432}/{name}"


@contextmanager
def fresh(folder: Path, template: str = "") -> Iterator[str]:
    """The name of a new database, empty or a copy of ``template``; it is gone afterwards."""
    if _config()["ENGINE"].endswith("sqlite3"):
        path = folder / f"{uuid.uuid4().hex}.sqlite3"
        if template:
            shutil.copy(template, path)
        yield str(path)
        return
    name = f"faults_{uuid.uuid4().hex}"
    _execute("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
    try:
        yield name
    finally:
        _execute("DROP DATABASE {} WITH (FORCE)", name)


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
