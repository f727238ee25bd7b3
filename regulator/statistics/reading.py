"""Asking the database once for what several figures of one report are counted from.

Many figures are sums over the same rows. The query behind them is written once, marked ``read_once``, and
within ``one_reading`` asked once for each period, however many figures use it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from regulator.periods import Period

__all__ = ["one_reading", "read_once"]

Read = TypeVar("Read")
_answers: ContextVar[dict[tuple[Callable[..., Any], Period], Any] | None] = ContextVar(
    "answers", default=None
)


@contextmanager
def one_reading() -> Iterator[None]:
    """What is ``read_once`` is asked once for each period until this ends. Readings do not share answers."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def read_once(query: Callable[[Period], Read]) -> Callable[[Period], Read]:
    """``query``, whose answer must not be changed by whom it is given to. Outside a reading it is asked each
    time."""

    @wraps(query)
    def asked(period: Period) -> Read:
        answers = _answers.get()
        if answers is None:
            return query(period)
        if (query, period) not in answers:
            answers[query, period] = query(period)
        found: Read = answers[query, period]
        return found

    return asked
