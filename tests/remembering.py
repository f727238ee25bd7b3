"""Scenes that are made once in a process, and copied row by row from then on.

A case brought to a state by the services takes a hundred statements and as many checks; a copy of the rows
that it left takes a few thousandths of a second. ``remembered`` is put on what makes a scene. A call is known
again by all that it depends on: what was written to the database since the test began (``tests.course``), the
arguments with all that they hold, the time, the settings, and what is registered. Then its rows are copied,
its files, letters and deeds after commit too, and what it returns and changed in its arguments is as it was.

Where one of these cannot be told, as where the clock runs or a test has patched something, the call is simply
made. So is the first call of its kind; the second is the one that is remembered.
"""

import functools
import pickle
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, Final, ParamSpec, TypeVar, cast
from uuid import UUID

import time_machine
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.files.storage import default_storage
from django.db import DJANGO_VERSION_PICKLE_KEY, connection
from django.db.models import GeneratedField, Model, QuerySet
from django.db.models.base import ModelState
from django.utils import timezone

from regulator import clock
from regulator.casework.desk import DESK_PAGES
from regulator.casework.kinds import EVENTS, KINDS
from tests.course import COURSE

P = ParamSpec("P")
T = TypeVar("T")
SAVED: Final[list[str]] = []
"""The name of every file that was put into the default storage."""
NUMBERED: Final[list[Any]] = []
"""The factories that number what they make."""
Row = tuple[Any, ...]
Rows = dict[Any, Row]

_PLAIN: Final = (str, bytes, int, float, Decimal, date, time, timedelta, UUID, Enum, type(None), Path)
_ITS_OWN: Final = (Model, time_machine.Traveller)
"""Objects that stay themselves when a call is repeated; so do those of classes of the tests."""


class CannotTellError(Exception):
    """What a call depends on cannot be compared."""


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    """Make the same scene once, and copy it from then on."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _may_be_remembered():
            return make(*args, **kwargs)
        held = _Held()
        try:
            key = (make.__module__, make.__qualname__, *_moment(), held.told((args, kwargs)))
        except CannotTellError:
            return make(*args, **kwargs)
        return cast("T", _MEMORY.done(hash((COURSE.number, key)), held, lambda: make(*args, **kwargs)))

    return made


def _may_be_remembered() -> bool:
    return (
        COURSE.is_on
        and not COURSE.has_patches()
        and connection.in_atomic_block
        and not connection.needs_rollback
        and not connection.force_debug_cursor
        and connection.execute_wrappers == [COURSE]
        and threading.current_thread() is threading.main_thread()
    )


def _moment() -> tuple[Hashable, ...]:
    """The time, the settings as overridden, and what is registered."""
    now = timezone.now()
    if timezone.now() != now:
        raise CannotTellError
    registered = tuple(tuple(each) for each in (KINDS, EVENTS, DESK_PAGES))
    return now, clock.now(), clock.replaying(), tuple(_numbers()), _overridden(), registered


def _numbers() -> list[int]:
    """The next number of each factory."""
    return [each._meta._counter.seq for each in NUMBERED]


def _overridden() -> str:
    found: list[str] = []
    holder: Any = settings._wrapped
    while "default_settings" in vars(holder):
        found += [
            f"{name}={value!r}"
            for name, value in sorted(vars(holder).items())
            if name.isupper() and name != "STORAGES"  # the files are copied to wherever they lie
        ]
        holder = holder.default_settings
    return "\n".join(found)


class _Held:
    """The objects that a call is given and that stay themselves, in the order in which they are met."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self._places: dict[int, int] = {}

    def told(self, value: Any) -> Hashable:
        """A value so that it can be compared."""
        if isinstance(value, _PLAIN):
            return repr(value) if isinstance(value, float | Decimal | datetime) else (type(value), value)
        if isinstance(value, list | tuple):
            return (type(value), *map(self.told, value))
        if isinstance(value, dict):
            return (dict, *((self.told(name), self.told(each)) for name, each in value.items()))
        if isinstance(value, set | frozenset):
            return (set, frozenset(map(self.told, value)))
        return self._told(value)

    def _told(self, value: Any) -> Hashable:
        if isinstance(value, Random):
            return value.getstate()
        if isinstance(value, QuerySet) and value._result_cache is not None:
            return (QuerySet, self.told(value._result_cache))
        if _stays(value):
            if id(value) in self._places:
                return ("again", self._places[id(value)])
            self._places[id(value)] = len(self.objects)
            self.objects.append(value)
            if isinstance(value, time_machine.Traveller):
                return "traveller"
            return (type(value), self.told(_held_by(value)))
        if isinstance(value, ModelState):
            return (ModelState, value.adding, self.told(vars(value).get("fields_cache", {})))
        if is_dataclass(value) and not isinstance(value, type):
            return (type(value), self.told(_parts(value)))
        raise CannotTellError

    def place(self, value: Any) -> int | None:
        return self._places.get(id(value))

    def traveller(self) -> Any:
        return next((each for each in self.objects if isinstance(each, time_machine.Traveller)), None)

    def state(self) -> list[dict[str, Any] | None]:
        """What the objects hold now."""
        travellers = time_machine.Traveller
        return [None if isinstance(each, travellers) else vars(each) for each in self.objects]

    def become(self, state: list[dict[str, Any] | None]) -> None:
        for each, holds in zip(self.objects, state, strict=True):
            if holds is not None:
                vars(each).clear()
                vars(each).update(holds)


def _stays(value: Any) -> bool:
    return isinstance(value, _ITS_OWN) or (
        type(value).__module__.startswith("tests.") and hasattr(value, "__dict__")
    )


def _held_by(value: Any) -> dict[str, Any]:
    """Django notes its version on a row that was pickled."""
    return {name: each for name, each in vars(value).items() if name != DJANGO_VERSION_PICKLE_KEY}


def _parts(value: Any) -> Any:
    if hasattr(value, "__dict__"):
        return vars(value)
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}


class _Pickler(pickle.Pickler):
    def __init__(self, file: BytesIO, held: _Held) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._held = held

    def persistent_id(self, value: Any) -> int | None:
        return self._held.place(value)


class _Unpickler(pickle.Unpickler):
    def __init__(self, pickled: bytes, held: _Held) -> None:
        super().__init__(BytesIO(pickled))
        self._held = held

    def persistent_load(self, place: Any) -> Any:
        return self._held.objects[place]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with the columns that can be written."""

    name: str
    columns: tuple[str, ...]
    key: int

    def rows(self) -> Rows:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(self.columns)} FROM {self.name} ORDER BY {self.columns[self.key]}"
            )
            return {row[self.key]: row for row in cursor.fetchall()}

    def insert(self) -> str:
        places = ", ".join(["%s"] * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({places})"

    def update(self) -> str:
        values = ", ".join(f"{column} = %s" for column in self.columns)
        return f"UPDATE {self.name} SET {values} WHERE {self.columns[self.key]} = %s"

    def delete(self) -> str:
        return f"DELETE FROM {self.name} WHERE {self.columns[self.key]} = %s"


@functools.cache
def _tables() -> list[_Table]:
    quoted = connection.ops.quote_name
    found = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy:
            fields = [each for each in options.concrete_fields if not isinstance(each, GeneratedField)]
            columns = tuple(quoted(str(each.column)) for each in fields)
            name = quoted(options.db_table)
            found[name] = _Table(name, columns, next(i for i, each in enumerate(fields) if each.primary_key))
    if not settings.REDIS_URL:
        columns = tuple(map(quoted, ("cache_key", "value", "expires")))
        found["cache"] = _Table(quoted("portal_cache"), columns, 0)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a call left behind."""

    statements: list[tuple[str, list[Row]]]
    files: dict[str, bytes]
    letters: list[Any]
    after_commit: list[tuple[Callable[[], object], bool]]
    moment: datetime
    numbers: list[int]
    pickled: bytes

    def again(self, held: _Held) -> object:
        """Bring all of it back; what the call returns."""
        with connection.cursor() as cursor, COURSE.unwatched():
            for statement, rows in self.statements:
                cursor.executemany(statement, rows)
        for name, content in self.files.items():
            path = _folder() / name
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if self.letters:
            mail.outbox.extend(self.letters)
        for deed, robust in self.after_commit:
            connection.run_on_commit.append((set(connection.savepoint_ids), deed, robust))
        if self.moment != datetime.now(UTC):
            held.traveller().move_to(self.moment)
        for factory, number in zip(NUMBERED, self.numbers, strict=True):
            factory.reset_sequence(number)
        returned, state = _Unpickler(self.pickled, held).load()
        held.become(state)
        return returned


@dataclass(slots=True)
class _Before:
    """How things stood before a call that is to be remembered."""

    rows: dict[_Table, Rows]
    files: int
    letters: int
    deeds: int
    moment: datetime

    @classmethod
    def now(cls) -> "_Before":
        return cls(
            {each: each.rows() for each in _tables()},
            len(SAVED),
            len(mail.outbox),
            len(connection.run_on_commit),
            datetime.now(UTC),
        )

    def scene(self, returned: object, held: _Held) -> _Scene:
        """What has come since. Raises where it cannot be kept."""
        moment = datetime.now(UTC)
        if moment != self.moment and held.traveller() is None:
            raise CannotTellError
        file = BytesIO()
        _Pickler(file, held).dump((returned, held.state()))
        return _Scene(
            [each for table, rows in self.rows.items() for each in _changes(table, rows, table.rows())],
            {name: content for name in SAVED[self.files :] if (content := _content(name)) is not None},
            mail.outbox[self.letters :],
            [(deed, robust) for _, deed, robust in connection.run_on_commit[self.deeds :]],
            moment,
            _numbers(),
            file.getvalue(),
        )


def _changes(table: _Table, before: Rows, after: Rows) -> Iterator[tuple[str, list[Row]]]:
    gone = [(key,) for key in before if key not in after]
    changed = [(*row, key) for key, row in after.items() if key in before and before[key] != row]
    new = [row for key, row in after.items() if key not in before]
    for statement, rows in ((table.delete(), gone), (table.update(), changed), (table.insert(), new)):
        if rows:
            yield statement, rows


def _folder() -> Path:
    return Path(default_storage.path(""))


def _content(name: str) -> bytes | None:
    path = _folder() / name
    return path.read_bytes() if path.exists() else None


class _Memory:
    """The scenes of this process, by a number for all that they depend on."""

    def __init__(self) -> None:
        self._met: set[int] = set()
        self._scenes: dict[int, _Scene] = {}
        self._hopeless: set[int] = set()
        self._is_keeping = False

    def done(self, key: int, held: _Held, make: Callable[[], object]) -> object:
        """The call made, or copied where it is remembered."""
        if key in self._hopeless:
            return make()
        if key in self._met and key not in self._scenes and not self._is_keeping:
            return self._made_and_kept(key, held, make)
        with COURSE.step(key):
            if key in self._scenes:
                return self._scenes[key].again(held)
            self._met.add(key)
            return make()

    def _made_and_kept(self, key: int, held: _Held, make: Callable[[], object]) -> object:
        before, number = _Before.now(), COURSE.number
        self._is_keeping = True
        try:
            returned = make()
        finally:
            self._is_keeping = False
        try:
            self._scenes[key] = before.scene(returned, held)
        except (CannotTellError, pickle.PicklingError, TypeError, AttributeError):
            self._hopeless.add(key)
            return returned
        COURSE.number = hash((number, (key,)))
        return returned


_MEMORY: Final = _Memory()
