"""A clamd for tests, on a port of this machine: speaks INSTREAM, and says what it is told to say."""

import socket
import struct
import threading
from types import TracebackType
from typing import Self

MARKER = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class FakeClamd:
    """Finds ``MARKER`` in what it is sent. ``answer`` replaces its verdict; ``None`` keeps it silent."""

    VERDICT = b"verdict"

    def __init__(self, answer: bytes | None = VERDICT) -> None:
        self.answer = answer
        self.received: list[bytes] = []
        self.largest_chunk = 0
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">I", sent.read(4))[0]:
                self.largest_chunk = max(self.largest_chunk, size)
                content += sent.read(size)
        self.received.append(content)
        if self.answer is None:
            self._over.wait(timeout=10)
        elif self.answer == self.VERDICT:
            connection.sendall(
                b"stream: Eicar-Test-Signature FOUND\0" if MARKER in content else b"stream: OK\0"
            )
        else:
            connection.sendall(self.answer)
