"""The broker for a machine without a server: Celery's messages as files below ``var/broker``.

Kombu's own file-system transport writes a message where a reader can see it half done, and dies on a file that
it cannot parse. Here a message is written to a dot-file, forced to disk and renamed, so that it is there whole
or not at all; claiming it is a rename too, so that two readers never get the same one; and a file that is no
message is set aside in ``unreadable/`` with a warning.

The broker is only a hint. What a worker had claimed when it was killed is gone from here: due work lives in
database rows, and the sweeper asks again for what nobody finished.
"""

import fcntl
import logging
import os
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


def _write_whole(path: Path, content: str) -> None:
    """Make ``path`` hold ``content``, so that no reader ever sees it half written."""
    draft = path.with_name(f".{uuid.uuid4().hex}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


class FilesystemChannel(filesystem.Channel):
    """Queues in ``folder``, named by the transport options: ``waiting/`` holds one file for each message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.waiting, self.claimed, self.unreadable, self.control_folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._listed: defaultdict[str, deque[str]] = defaultdict(deque)

    @property
    def folder(self) -> Path:
        return Path(self.transport_options["folder"])

    @property
    def waiting(self) -> Path:
        return self.folder / "waiting"

    @property
    def claimed(self) -> Path:
        return self.folder / "claimed"

    @property
    def unreadable(self) -> Path:
        return self.folder / "unreadable"

    @property
    def control_folder(self) -> Path:
        return self.folder / "control"

    @property
    def data_folder_in(self) -> str:  # what kombu counts and purges
        return str(self.waiting)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        # The name sorts by the time of sending; the wall clock, because it goes on across a restart.
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        _write_whole(self.waiting / name, dumps(payload))

    def _get(self, queue: str) -> Any:
        """The oldest message of ``queue``, now this reader's alone; raises ``Empty`` when there is none."""
        for name in self._oldest_first(queue):
            claim = self.claimed / name
            try:
                (self.waiting / name).rename(claim)
            except FileNotFoundError:  # another reader was quicker
                continue
            try:
                message = loads(claim.read_text(encoding="utf-8"))
                message["properties"]["delivery_tag"]  # without one it is no message, whatever else it is
            except (ValueError, TypeError, KeyError) as fault:
                claim.rename(self.unreadable / name)
                logger.warning("message %s cannot be read (%s) and was set aside", name, type(fault).__name__)
                continue
            claim.unlink()
            return message
        raise Empty

    def _oldest_first(self, queue: str) -> Iterator[str]:
        """Names of the waiting messages; the folder is listed anew only when the last listing is used up."""
        names = self._listed[queue]
        if not names:
            found = os.listdir(self.waiting)
            names.extend(sorted(name for name in found if name.partition(".")[2] == f"{queue}.msg"))
        while names:
            yield names.popleft()

    # Which queue is bound to which exchange: read by producers while a worker that starts or stops writes it.

    def get_table(self, exchange: str) -> list[exchange_queue_t]:
        try:
            rows = loads(self._exchange_file(exchange).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # nothing bound yet, or unreadable: the next binding rewrites it
            return []
        return [exchange_queue_t(*row) for row in rows]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        binding = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._tables_locked():
            table = self.get_table(exchange)
            if binding not in table:
                self._write_table(exchange, [binding, *table])

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        self._purge(queue)
        binding = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._tables_locked():
            self._write_table(exchange, [row for row in self.get_table(exchange) if row != binding])

    def _write_table(self, exchange: str, table: Iterable[exchange_queue_t]) -> None:
        _write_whole(self._exchange_file(exchange), dumps(list(table)))

    @contextmanager
    def _tables_locked(self) -> Iterator[None]:
        with (self.control_folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class FilesystemTransport(filesystem.Transport):
    """Celery's ``broker_transport``; the transport option ``folder`` says where the messages live."""

    Channel = FilesystemChannel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        # Kombu shares what is declared between all connections of a process; two folders must not.
        self.state = virtual.BrokerState()
