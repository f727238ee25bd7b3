"""Asking clamd whether bytes are infected, by its INSTREAM command. One connection a file, all of it timed.

The protocol is described in clamd(8): the command, then chunks each led by its length as four bytes, most
significant first, an empty chunk at the end; the answer is one line that a zero byte ends.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

CHUNK_BYTES: Final = 64 * 1024
PORT: Final = 3310
LONGEST_ANSWER: Final = 4096


class NoVerdict(Exception):
    """Clamd could not be asked, or did not say whether the file is clean. ``str()`` says what came."""


def is_infected(chunks: Iterable[bytes], *, url: str, timeout: float) -> bool:
    """Whether clamd at ``url`` (``tcp://host:port`` or ``unix:///path``) finds anything in the content.

    ``timeout`` is in seconds, for connecting and for each send and receipt. Raises ``NoVerdict``.
    """
    try:
        with closing(_connected(url, timeout)) as connection:
            _send(connection, chunks)
            answer = _answer(connection)
    except OSError as fault:
        raise NoVerdict(f"clamd could not be asked: {fault}") from fault
    if answer == "stream: OK":
        return False
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return True
    raise NoVerdict(f"clamd answered {answer!r}")


def _connected(url: str, timeout: float) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or PORT), timeout=timeout)
    if parts.scheme != "unix" or not parts.path:
        raise NoVerdict(f"CLAMAV_URL is neither tcp://host:port nor unix:///path: {url!r}")
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _send(connection: socket.socket, chunks: Iterable[bytes]) -> None:
    connection.sendall(b"zINSTREAM\0")
    for chunk in chunks:
        for start in range(0, len(chunk), CHUNK_BYTES):
            piece = chunk[start : start + CHUNK_BYTES]
            connection.sendall(struct.pack(">I", len(piece)) + piece)
    connection.sendall(struct.pack(">I", 0))


def _answer(connection: socket.socket) -> str:
    """What clamd said, up to its zero byte; as far as it came where there is none."""
    received = b""
    while b"\0" not in received and len(received) < LONGEST_ANSWER:
        more = connection.recv(LONGEST_ANSWER)
        if not more:
            break
        received += more
    return received.partition(b"\0")[0].decode("utf-8", "replace").strip()
