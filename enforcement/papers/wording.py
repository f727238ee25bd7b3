"""The words that a notice is proposed with, from its type, its provisions and what was found. Pure.

A proposal is a beginning: the drafter edits it. Where only a person can know, it has a gap in square
brackets, and a notice with a gap goes no further. Sources of what each text must say: Health and Safety at
Work etc. Act 1974, sections 21 and 22.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

IMPROVEMENT: Final = "improvement"
DEFERRED: Final = "prohibition_deferred"
WHAT_WAS_FOUND: Final = "[say what was found]"
WHICH_ACTIVITIES: Final = "[name the activities]"
WHICH_RISK: Final = "[say what the risk is, and to whom]"
GAPS: Final = (WHAT_WAS_FOUND, WHICH_ACTIVITIES, WHICH_RISK)
_ENDLESS: Final = re.compile(
    r"\b(?:maintain(?:s|ed|ing)?|continu(?:e|es|ing) to|keep(?:s|ing)? (?:on|up|to)"
    r"|at all times|ongoing|always|indefinitely|from now on)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision: "regulation 6(5)(b)", and its heading."""

    citation: str
    heading: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding: its words, and the citations of the provisions that it names."""

    text: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a notice is about. ``place`` may be empty; ``day`` is in words."""

    type: str
    employer: str
    place: str
    day: str
    provisions: Sequence[Cited]
    seen: Sequence[Seen]

    @property
    def at(self) -> str:
        return f" at {self.place}" if self.place else ""


def proposed(matter: Matter) -> dict[str, str]:
    """Opinion, reasons and what must be done, by field."""
    if matter.type == IMPROVEMENT:
        return {
            "opinion": _opinion_of_breach(matter),
            "reasons": _reasons(matter),
            "required_action": _what_to_do(matter),
        }
    return {
        "opinion": _opinion_of_risk(matter),
        "reasons": _reasons(matter),
        "required_action": _what_not_to_do(matter),
    }


def gaps(text: str) -> list[str]:
    """The gaps that are still to be filled."""
    return [each for each in GAPS if each in text]


def endless(text: str) -> list[str]:
    """The words that ask for something without an end, each once, in small letters.

    An improvement notice must be one that can be complied with by a day: it may ask that something be put in
    place, not that it be so for ever.
    """
    return list(dict.fromkeys(each.lower() for each in _ENDLESS.findall(text)))


def listed(items: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *others, last = list(items) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _opinion_of_breach(matter: Matter) -> str:
    named = listed(each.citation for each in matter.provisions)
    return (
        f"The inspector is of the opinion that {matter.employer}{matter.at}, on or before {matter.day}, "
        f"contravened {named} of the Ionising Radiation (Medical Exposure) Regulations 2017, and that the "
        "circumstances make it likely that this goes on or happens again."
    )


def _opinion_of_risk(matter: Matter) -> str:
    involve = "involve, or will involve," if matter.type == DEFERRED else "involve"
    opinion = (
        f"The inspector is of the opinion that these activities of {matter.employer}{matter.at} {involve} a "
        f"risk of serious personal injury: {WHICH_ACTIVITIES}. The risk: {WHICH_RISK}."
    )
    if not matter.provisions:
        return opinion
    named = listed(each.citation for each in matter.provisions)
    return (
        f"{opinion}\n\nThe inspector is also of the opinion that the matters that give rise to this risk "
        f"contravene {named} of the Ionising Radiation (Medical Exposure) Regulations 2017."
    )


def _reasons(matter: Matter) -> str:
    """Each finding, then each provision that none of them names, with the gap to fill."""
    lines = [
        f"{each.text.strip()} ({listed(each.citations)})" if each.citations else each.text.strip()
        for each in matter.seen
    ]
    told = {citation for each in matter.seen for citation in each.citations}
    lines += [
        f"{_capital(each.citation)} ({each.heading}): {WHAT_WAS_FOUND}"
        for each in matter.provisions
        if each.citation not in told
    ]
    return _numbered(lines or [WHAT_WAS_FOUND])


def _what_to_do(matter: Matter) -> str:
    lines = [f"Put in place what {each.citation} ({each.heading}) asks for." for each in matter.provisions]
    return _numbered([*lines, "Send CQC what shows that this was done."])


def _what_not_to_do(matter: Matter) -> str:
    do_not = "do not carry on these activities"
    start = f"After the day stated in this notice, {do_not}" if matter.type == DEFERRED else _capital(do_not)
    lines = [f"{_capital(each.citation)} ({each.heading}) is complied with." for each in matter.provisions]
    remedied = _numbered([*lines, "The matters given in the reasons are remedied."])
    again = "They may be carried on again when:"
    return f"{start}{matter.at}: {WHICH_ACTIVITIES}. {again}\n{remedied}"


def _numbered(lines: Sequence[str]) -> str:
    """As they stand where there is one, else numbered, each on a line of its own."""
    if len(lines) == 1:
        return lines[0]
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
