"""An annual report as plain text, for reading in a terminal."""

import textwrap
from collections.abc import Iterator, Mapping
from decimal import Decimal

from regulator.statistics.annual import AnnualReport, Reported
from regulator.statistics.figures import Plain

__all__ = ["as_text"]

_WIDTH = 72


def as_text(report: AnnualReport) -> str:
    """Each figure with its title, basis and caveats, and one line a number; the year before in brackets."""
    lines = [f"IR(ME)R annual figures {report.period.label}", ""]
    for each in report.figures:
        lines += [each.figure.title, "-" * len(each.figure.title)]
        for text in (each.figure.basis, *(f"Note: {caveat}" for caveat in each.figure.caveats)):
            lines += textwrap.wrap(text, _WIDTH)
        lines += [*_lines(each, each.value, each.previous, depth=0), ""]
    return "\n".join(lines).rstrip() + "\n"


def _lines(each: Reported, value: Plain, previous: Plain | None, *, depth: int) -> Iterator[str]:
    """The lines below one level; a mapping that has a ``count`` shows it on its own line."""
    if not isinstance(value, Mapping):
        yield _line(each.figure.unit, value, previous, depth)
        return
    before = previous if isinstance(previous, Mapping) else {}
    for key, inner in value.items():
        label = each.figure.labels.get(key, key.replace("_", " ").capitalize() if key.islower() else key)
        if not isinstance(inner, Mapping):
            yield _line(label, inner, before.get(key), depth)
        elif "count" in inner:
            yield _counted(label, inner, depth)
            yield from _lines(each, inner.get("parts", {}), None, depth=depth + 1)
        else:
            yield f"{'  ' * depth}{label}"
            yield from _lines(each, inner, before.get(key), depth=depth + 1)


def _counted(label: str, node: Mapping[str, Plain], depth: int) -> str:
    line = _line(label, node["count"], None, depth)
    return f"{line}  {node['percent']}%" if "percent" in node else line


def _line(label: str, value: Plain | None, previous: Plain | None, depth: int) -> str:
    left = f"{'  ' * depth}{label}"
    line = f"{left} {_number(value):>{max(_WIDTH - len(left), 1)}}"
    return line if previous is None or isinstance(previous, Mapping) else f"{line}  ({_number(previous)})"


def _number(value: Plain | None) -> str:
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)
