"""Dates beside a word that speaks of birth, an age on a date, a date in brackets after a person; in folded
text."""

import re
from typing import Final

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR: Final = r"(?:[0-9]{4}|'?[0-9]{2})"
_DATE: Final = (
    r"(?:[0-9]{4} ?[-./] ?[01]?[0-9] ?[-./] ?[0-3]?[0-9]"
    rf"|[0-3]?[0-9] ?[-./ ] ?[01]?[0-9] ?[-./ ] ?{_YEAR}"
    rf"|[0-3]?[0-9](?:st|nd|rd|th)?[-./ ]{{0,2}}(?:day )?(?:of )?{_MONTH}\.?,?[-./ ]{{0,2}}{_YEAR}"
    rf"|{_MONTH}\.?[ -][0-3]?[0-9](?:st|nd|rd|th)?,? ?{_YEAR}"
    rf"|[0-9]{{4}}[-./ ]{_MONTH}[-./ ][0-3]?[0-9])(?![0-9])"
)
_WITHOUT_MARKS: Final = (
    r"(?:[0-3][0-9][01][0-9](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]|[0-3][0-9][01][0-9][0-9]{2})"
    r"(?![0-9])"
)
"""03051961, 19610503, 030561: only where nothing but a mark stands between it and the word."""
_SOMEBODY: Final = (
    r"(?:patients?|pt|child|baby|infant|woman|man|girl|boy|mother|father|lady|gentleman|he|she|"
    r"mr|mrs|ms|miss|mx|dr|prof(?:essor)?)"
)
_BIRTH_WORD: Final = re.compile(
    r"[bBdD](?<![A-Za-z].)"
    r"(?i:(?<=b)orn\b|(?<=b)irth[ _-]{0,2}da(?:y|te)|(?<=d)[./]? ?o[./]? ?b\b\.?"
    r"|(?<=d)ate[ _-]{0,2}of[ _-]{0,2}birth)"
)
_DIGIT: Final = re.compile("[0-9]")
_AFTER_BIRTH: Final = re.compile(
    rf"(?:[^0-9\n]{{0,30}}?(?<![0-9a-z])|[^0-9a-z]{{0,12}})({_DATE})|[^0-9a-z]{{0,8}}({_WITHOUT_MARKS})", re.I
)
_BEFORE_BIRTH: Final = re.compile(
    rf"(?<![0-9])({_DATE})[ \t]?[-,:(\[]{{0,2}}[ \t]?(?:is |was )?(?:the |his |her |their )?\Z", re.I
)
_ON_ANOTHER_DAY: Final = re.compile(r"(?<![a-z])(?:on|since|until|from|before|after|dated)(?: the)? \Z", re.I)
_AGED: Final = re.compile(
    rf"aged? [0-9]{{1,3}},? (?:years? |yrs? )?(?:old )?(?:(?:on|at)[ \t]{{1,2}}{_DATE}|[(\[]{_DATE}[)\]])",
    re.I,
)
_SHORT_FOR_BORN: Final = re.compile(rf"[(\[,][ \t]?b(?:\.[ \t]?|[ \t])({_DATE})", re.I)
_IN_BRACKETS: Final = re.compile(rf"[(\[][ \t]?({_DATE})[ \t]?[)\]]", re.I)
_WHO_BEFORE: Final = re.compile(
    rf"(?<![A-Za-z])(?i:{_SOMEBODY})\.?(?:[ \t]{{1,2}}[A-Z][A-Za-z'-]{{0,30}}\.?){{0,2}},?[ \t]{{0,2}}\Z"
)


def seek(text: str) -> list[tuple[int, int]]:
    """Where dates of birth stand."""
    found = [match.span() for match in _AGED.finditer(text)]
    found += [match.span(1) for match in _SHORT_FOR_BORN.finditer(text)]
    for word in _BIRTH_WORD.finditer(text):
        if span := _beside(text, word):
            found.append(span)
    return found + [
        match.span(1)
        for match in _IN_BRACKETS.finditer(text)
        if _WHO_BEFORE.search(text, max(0, match.start() - 80), match.start())
    ]


def _beside(text: str, word: "re.Match[str]") -> tuple[int, int] | None:
    """The date after the word, else the one before it. Somebody is born on a day; but what happens to a date
    of birth on a day ("was not checked on 12/03/2026") does not make it that day."""
    begin, end = max(0, word.start() - 45), word.end() + 60
    if not _DIGIT.search(text, begin, end):
        return None
    if after := _AFTER_BIRTH.match(text, word.end(), end):
        place = 1 if after[1] else 2
        another = _ON_ANOTHER_DAY.search(text, word.end(), after.start(place))
        if another is None or word[0].casefold().startswith(("born", "birthday")):
            return after.span(place)
    before = _BEFORE_BIRTH.search(text, begin, word.start())
    return before.span(1) if before else None
