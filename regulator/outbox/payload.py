"""What a letter may say: each value with an example of every kind that it can take, gaps among them.

Pure. A text that somebody wrote must come out whole under each combination of the examples, or it is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias

MOST_COMBINATIONS: Final = 512


@dataclass(frozen=True, slots=True)
class Value:
    """``examples``: the first is what a preview shows; the others are every other kind that it can take."""

    examples: tuple[Any, ...]

    @property
    def may_be_empty(self) -> bool:
        """Whether a text must be able to do without it."""
        return any(each in (None, "", ()) for each in self.examples)


Payload: TypeAlias = Mapping[str, Value]

_DAY: Final = date(2026, 4, 1)
TEXT: Final = Value(("Example text",))
MAYBE_TEXT: Final = Value(("Example text", ""))
DAY: Final = Value((_DAY,))
MAYBE_DAY: Final = Value((_DAY, None))
MOMENT: Final = Value((datetime(2026, 4, 1, 9, 30, tzinfo=UTC),))
FLAG: Final = Value((True, False))
DAYS_LEFT: Final = Value((5, 1, 0, -1, -5))
EMPLOYER: Final = Value(("Example Hospitals NHS Trust",))
EXAMPLE_HOME: Final = "https://portal.example"
LINK: Final = Value((f"{EXAMPLE_HOME}/a/page/",))


def one_of(*words: str) -> Value:
    """One of these words."""
    return Value(words)


def contexts(payload: Payload) -> Iterator[dict[str, Any]]:
    """Every combination of the examples, the preview's first; where those are too many, each example with the
    first of all others, and all last ones together."""
    names = list(payload)
    examples = [payload[name].examples for name in names]
    if prod(map(len, examples)) <= MOST_COMBINATIONS:
        for chosen in product(*examples):
            yield dict(zip(names, chosen, strict=True))
        return
    first = {name: payload[name].examples[0] for name in names}
    yield first
    for name in names:
        for other in payload[name].examples[1:]:
            yield first | {name: other}
    yield {name: payload[name].examples[-1] for name in names}
