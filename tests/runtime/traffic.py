"""What the broker tests run in processes of their own: senders and readers over one folder."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection
from kombu.simple import SimpleQueue


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Connection, SimpleQueue]]:
    """A connection of its own to the broker in ``folder``, and the queue ``post`` on it."""
    options = {"folder": str(folder), "polling_interval": 0.01}
    connection: Any = Connection(
        "filesystem://", transport="regulator.broker:FilesystemTransport", transport_options=options
    )
    with connection:
        queue = connection.SimpleQueue("post", serializer="json")
        yield connection, queue
        queue.close()


def send(folder: Path, sender: int, count: int) -> None:
    """Send ``count`` messages of sizes from nothing to 200 kB."""
    with opened(folder) as (_, queue):
        for number in range(count):
            queue.put({"name": f"{sender}-{number}", "padding": "£" * (number * 1000 % 100_001)})


def read(folder: Path, patience: float) -> list[tuple[str, int]]:
    """Every message that arrives until none came for ``patience`` seconds: its name and its size."""
    arrived = []
    with opened(folder) as (_, queue):
        while True:
            try:
                message = queue.get(timeout=patience)
            except (Empty, socket.timeout):
                return arrived
            message.ack()
            arrived.append((message.payload["name"], len(message.payload["padding"])))
