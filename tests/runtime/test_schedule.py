"""Every beat entry can really run: its task is there, under that name, and takes those arguments."""

import inspect
from collections.abc import Mapping
from typing import Any

from regulator.celery import app


def test_every_beat_entry() -> None:
    schedule: Mapping[str, Mapping[str, Any]] = app.conf.beat_schedule
    assert schedule
    app.loader.import_default_modules()
    for name, entry in schedule.items():
        task = app.tasks.get(entry["task"])
        assert task is not None, f"beat entry {name}: no task is called {entry['task']}"
        module, function = entry["task"].rsplit(".", 1)
        assert (task.run.__module__, task.run.__name__) == (module, function), f"beat entry {name}"
        inspect.signature(task.run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))
