"""Ten digits, however grouped, whose last is the check digit (modulus 11) of the others; in folded text."""

import re
from typing import Final

from nhs_number.validate import calculate_checksum

from regulator.casework.identifiers.devices import is_of_a_device

_BETWEEN: Final = r"(?:[ \t\r\n]{0,2}[-./_:;|·][ \t\r\n]{0,2}|[ \t\r\n]{1,3}|,|)"
_BEGINS: Final = (
    r"[0-9](?<![0-9][0-9])"
    r"(?:(?<![0-9][- \t\r\n./_:;|·,][0-9])(?<![0-9][ \t\r\n]{2}[0-9])|(?=[0-9]{2}))"
)
"""After another number only a group of three or more digits begins one: else every table of small numbers
would be tried at each of them. It begins with the digit itself because that is what is fast to look for."""
_TEN_DIGITS: Final = re.compile(rf"{_BEGINS}(?=((?:{_BETWEEN}[0-9]){{9}})(?![0-9]))")
_APART: Final = r"[^0-9A-Za-z,]{1,6}"
_AS_PRINTED: Final = re.compile(
    rf"[0-9](?<![0-9][0-9])[0-9]{{2}}{_APART}(?=[0-9]{{3}}[^0-9A-Za-z])[0-9]{{3}}{_APART}[0-9]{{4}}(?![0-9])"
)
"""Grouped as it is printed, with anything between: brackets, stars, a run of spaces or stops."""
_JOINED_BEFORE: Final = re.compile(rf"[0-9]({_BETWEEN})\Z")
_JOINED_AFTER: Final = re.compile(rf"({_BETWEEN})[0-9]")
_REFERENCE_BEFORE: Final = re.compile(r"IR[A-Z]-[0-9]*-?\Z")
_NOT_A_DIGIT: Final = re.compile("[^0-9]")
_WRITTEN_GROUPS: Final = ["3", "3", "4"]
_BRACKETS: Final = frozenset("()[]{}<>\"'")


def seek(text: str) -> list[tuple[int, int]]:
    """Where NHS numbers stand."""
    found = {match.span() for match in _AS_PRINTED.finditer(text) if _is_one_as_printed(text, match)}
    for match in _TEN_DIGITS.finditer(text):
        span = match.start(), match.end(1)
        if span not in found and _checks(text[slice(*span)]) and _stands_alone(text, *span):
            found.add(span)
    return [span for span in found if not is_of_a_device(text, span[0])]


def _checks(written: str) -> bool:
    """By the check digit alone: the library's ``is_valid`` also wants an allocated range."""
    digits = _NOT_A_DIGIT.sub("", written)
    return bool(calculate_checksum(digits[:9]) == int(digits[9]))


def _is_one_as_printed(text: str, match: "re.Match[str]") -> bool:
    """One kind of mark between the groups at most, beside spaces and brackets; and no part of a series of
    numbers with that mark."""
    start, end = match.span()
    marks = {one for one in match[0] if not (one.isdigit() or one.isspace() or one in _BRACKETS)}
    if len(marks) > 1 or not _checks(match[0]):
        return False
    return not any(_goes_on(text, start, end, mark) for mark in marks)


def _goes_on(text: str, start: int, end: int, mark: str) -> bool:
    """Whether another number stands before or after, behind the same mark."""
    before = text[max(0, start - 4) : start].replace(" ", "")
    after = text[end : end + 4].replace(" ", "")
    return (before[-1:] == mark and before[-2:-1].isdigit()) or (after[:1] == mark and after[1:2].isdigit())


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ten digits are a number of their own, and not part of a series of doses, a date with its time,
    a decimal, a reference or a longer number."""
    written = text[start:end]
    before = _JOINED_BEFORE.search(text[max(0, start - 7) : start])
    after = _JOINED_AFTER.match(text[end : end + 7])
    edges = [one[1].strip() for one in (before, after) if one is not None]
    if _REFERENCE_BEFORE.search(text[max(0, start - 12) : start]):
        return False
    if len(written) == 10:
        return "." not in edges
    groups = [str(len(each)) for each in re.findall(r"[0-9]+", written)]
    marks = {each.strip() for each in re.findall(r"[^0-9]+", written)}
    if groups == _WRITTEN_GROUPS:
        return "," not in {*edges, written[3]} and ":" not in edges and not ("." in marks and "." in edges)
    if len(marks) > 1 or _is_thousands(groups, marks):
        return False
    return not edges or (edges == [""] * len(edges) and len(groups) <= 5) or marks == {""} == {*edges, ""}


def _is_thousands(groups: list[str], marks: set[str]) -> bool:
    return marks == {","} and set(groups[1:]) == {"3"}
