"""A mail server that keeps the Message-ID of each letter that it was given, and can hold one back."""

import asyncio
import email
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

A_SERVER_TAKES = 0.005  # seconds over a letter
PATIENCE = 60.0


class Sink:
    """What arrived, in order. ``reached`` is set at letter ``mark``; with ``hold`` that one is answered only
    after ``release``: taken by the server, while the sender does not know it."""

    def __init__(self, *, mark: int, hold: bool) -> None:
        self.arrived: list[str] = []
        self.mark = mark
        self.hold = hold
        self.reached = threading.Event()
        self.release = threading.Event()

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it by this name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.arrived.append(email.message_from_bytes(envelope.content)["Message-ID"].strip())
        await asyncio.sleep(A_SERVER_TAKES)
        if len(self.arrived) == self.mark:
            self.reached.set()
            if self.hold:
                await asyncio.to_thread(self.release.wait, PATIENCE)
        return "250 Taken"


class SinkServer(Controller):
    """Serves a ``Sink`` on a free port of this machine, which ``port`` says once it has started."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=0)

    def _trigger_server(self) -> Any:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        return super()._trigger_server()  # type: ignore[no-untyped-call]
