"""An e-mail backend whose faults a test writes down beforehand."""

from collections import deque
from collections.abc import Sequence
from typing import ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Scripted(BaseEmailBackend):
    """Takes each letter, or raises the next fault; ``None`` in ``faults`` lets one pass."""

    sent: ClassVar[list[EmailMessage]] = []
    faults: ClassVar[deque[Exception | None]] = deque()
    unreachable: ClassVar[list[Exception]] = []
    opened: ClassVar[list[bool]] = []

    @classmethod
    def reset(cls) -> None:
        for each in (cls.sent, cls.faults, cls.unreachable, cls.opened):
            each.clear()

    def open(self) -> bool:
        if self.unreachable:
            raise self.unreachable[0]
        self.opened.append(True)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            raise fault
        self.sent.extend(email_messages)
        return len(email_messages)
