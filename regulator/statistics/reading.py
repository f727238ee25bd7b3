"""Asking the database once for what several figures of one report are counted from.

Many figures are sums over the same rows. The query behind them is written once, marked ``read_once``, and
within ``one_reading`` asked once for each period, however many figures use it.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

__all__ = ["one_reading", "read_once"]

Asked = ParamSpec("Asked")
Read = TypeVar("Read")
_answers: Final[ContextVar[dict[Hashable, Any] | None]] = ContextVar("answers", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """What is ``read_once`` is asked once for each period until this ends. Readings do not share answers."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def read_once(query: Callable[Asked, Read]) -> Callable[Asked, Read]:
    """``query``, whose answer must not be changed by whom it is given to. Outside a reading it is asked each
    time."""

    @wraps(query)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Read:
        answers = _answers.get()
        if answers is None:
            return query(*args, **kwargs)
        key = (query, args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = query(*args, **kwargs)
        found: Read = answers[key]
        return found

    return asked
