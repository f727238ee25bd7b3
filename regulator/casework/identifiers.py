"""Finding what could identify a person in free text: pure, and linear in the text's length.

Spaces that do not break, characters of no width, digits and letters of other scripts' forms hide nothing:
the text is folded first, and what is found is told in places of the text as it was written. What may be done
about a finding is ``casework.services.identifiers``' to say.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from unicodedata import category, normalize

from nhs_number.validate import calculate_checksum

from regulator.casework import titles


class Kind(StrEnum):
    """What a finding is. The value is what the API says; ``label`` what people read."""

    NHS_NUMBER = "nhs_number"
    DATE_OF_BIRTH = "date_of_birth"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Kind.NHS_NUMBER: "an NHS number",
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a telephone number",
    Kind.NAME: "a person’s name",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One identifier: ``text`` is the written text from ``start`` to ``end`` (in characters)."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def normalised(self) -> str:
        """The same identifier however it was spaced and capitalised."""
        folded = _folded(self.text)[0].casefold()
        kept = folded if self.kind is Kind.EMAIL else "".join(c for c in folded if c.isalnum())
        return f"{self.kind}:{kept}"


def find(text: str) -> tuple[Finding, ...]:
    """Every identifier in ``text``, in its order; no two overlap. Takes time linear in its length."""
    folded, places = _folded(text)
    taken: list[tuple[int, int, Kind]] = []
    for kind, seek in _SEEKERS:
        taken += [(start, end, kind) for start, end in seek(folded)]
    found: list[Finding] = []
    for start, end, kind in _apart(taken):
        first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
        found.append(Finding(kind, first, last, text[first:last]))
    return tuple(found)


def _apart(taken: list[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
    """Of findings that overlap the first, of those that begin together the longest."""
    kept: list[tuple[int, int, Kind]] = []
    for each in sorted(taken, key=lambda one: (one[0], -one[1])):
        if not kept or each[0] >= kept[-1][1]:
            kept.append(each)
    return kept


# Folding ------------------------------------------------------------------------------------------------

_HIDDEN: Final = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_INVISIBLE: Final = re.compile(f"[{_HIDDEN}\U000e0000-\U000e0fff]")
_ODD: Final = re.compile(
    "(?![0-9])\\d|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2010-\u2015\u2212\u2043\u2018\u2019\u02bc\u201b"
    "\uff01-\uff5e\ufe58\ufe63\U0001d400-\U0001d7ff]"
)


def _folded(text: str) -> tuple[str, list[int] | None]:
    """The text in plain digits, spaces, hyphens and apostrophes, without what has no width; and the place
    of each of its characters in the text as written (``None`` where they are the same)."""
    if text.isascii():
        return text, None
    places = None
    if _INVISIBLE.search(text):
        hidden = set(_INVISIBLE.findall(text))
        places = [place for place, one in enumerate(text) if one not in hidden]
        text = _INVISIBLE.sub("", text)
    odd = set(_ODD.findall(text))
    return (text.translate({ord(one): _plain(one) for one in odd}) if odd else text), places


def _plain(one: str) -> str:
    if one.isdecimal():
        return str(int(one))
    kind = category(one)
    if kind == "Zs":
        return " "
    if kind == "Pd" or one in "\u2212\u2043":
        return "-"
    if one in "\u2018\u2019\u02bc\u201b":
        return "'"
    folded = normalize("NFKC", one)
    return folded if len(folded) == 1 else one


# NHS numbers --------------------------------------------------------------------------------------------

_BETWEEN: Final = r"(?:[ \t\r\n]{0,2}[-./_:;|·•][ \t\r\n]{0,2}|[ \t\r\n]{1,3}|,|)"
_BEGINS: Final = (
    r"[0-9](?<![0-9][0-9])"
    r"(?:(?<![0-9][- \t\r\n./_:;|·•,][0-9])(?<![0-9][ \t\r\n]{2}[0-9])|(?=[0-9]{2}))"
)
"""After another number only a group of three or more digits begins one: else every table of small numbers
would be tried at each of them. It begins with the digit itself because that is what is fast to look for."""
_TEN_DIGITS: Final = re.compile(rf"{_BEGINS}(?=((?:{_BETWEEN}[0-9]){{9}})(?![0-9]))")
_JOINED_BEFORE: Final = re.compile(rf"[0-9]({_BETWEEN})\Z")
_JOINED_AFTER: Final = re.compile(rf"({_BETWEEN})[0-9]")
_REFERENCE_BEFORE: Final = re.compile(r"IR[A-Z]-[0-9]*-?\Z")
_WRITTEN_GROUPS: Final = ["3", "3", "4"]


def _nhs_numbers(text: str) -> list[tuple[int, int]]:
    """Ten digits, however grouped, whose last is the check digit (modulus 11) of the others."""
    found = []
    for match in _TEN_DIGITS.finditer(text):
        start, end = match.start(), match.end(1)
        digits = re.sub(r"[^0-9]", "", text[start:end])
        # By the check digit alone: the library's ``is_valid`` also wants an allocated range.
        if calculate_checksum(digits[:9]) == int(digits[9]) and _stands_alone(text, start, end):
            found.append((start, end))
    return found


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
    if groups == _WRITTEN_GROUPS:
        return "," not in {*edges, written[3]} and ":" not in edges
    marks = {each.strip() for each in re.findall(r"[^0-9]+", written)}
    if len(marks) > 1 or _is_thousands(groups, marks):
        return False
    return not edges or (edges == [""] * len(edges) and len(groups) <= 5) or marks == {""} == {*edges, ""}


def _is_thousands(groups: list[str], marks: set[str]) -> bool:
    return marks == {","} and set(groups[1:]) == {"3"}


# Dates of birth -----------------------------------------------------------------------------------------

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE: Final = (
    r"(?:[0-9]{4} ?[-./] ?[01]?[0-9] ?[-./] ?[0-3]?[0-9]"
    r"|[0-3]?[0-9] ?[-./ ] ?[01]?[0-9] ?[-./ ] ?(?:[0-9]{4}|'?[0-9]{2})"
    rf"|[0-3]?[0-9](?:st|nd|rd|th)?[-./ ]{{0,2}}(?:of )?{_MONTH}\.?,?[-./ ]{{0,2}}(?:[0-9]{{4}}|'?[0-9]{{2}})"
    rf"|{_MONTH}\.?[ -][0-3]?[0-9](?:st|nd|rd|th)?,? ?(?:[0-9]{{4}}|'?[0-9]{{2}}))(?![0-9])"
)
_SOMEBODY: Final = (
    r"(?:patients?|pt|child|baby|infant|woman|man|girl|boy|mother|father|lady|gentleman|he|she|"
    r"mr|mrs|ms|miss|mx|dr|prof(?:essor)?)"
)
_BIRTH_WORD: Final = re.compile(
    r"[bBdD](?<![A-Za-z].)"
    r"(?i:(?<=b)orn|(?<=b)irth[ -]?da(?:y|te)|(?<=d)\.? ?o\.? ?b\b\.?|(?<=d)ate[ -]of[ -]birth)"
)
_DIGIT: Final = re.compile("[0-9]")
_AFTER_BIRTH: Final = re.compile(rf"[^0-9\n]{{0,30}}?(?<![0-9a-z])({_DATE})", re.I)
_BEFORE_BIRTH: Final = re.compile(
    rf"(?<![0-9])({_DATE})[ \t]?[-,:(\[]{{0,2}}[ \t]?(?:is |was )?(?:the |his |her |their )?\Z", re.I
)
_AGED: Final = re.compile(
    rf"aged? [0-9]{{1,3}},? (?:years? |yrs? )?(?:old )?(?:on|at)[ \t]{{1,2}}{_DATE}", re.I
)
_IN_BRACKETS: Final = re.compile(rf"[(\[][ \t]?({_DATE})[ \t]?[)\]]", re.I)
_WHO_BEFORE: Final = re.compile(
    rf"(?<![a-z]){_SOMEBODY}\.?(?:[ \t]{{1,2}}[a-z][a-z'-]{{0,30}}\.?){{0,2}},?[ \t]{{0,2}}\Z", re.I
)


def _dates_of_birth(text: str) -> list[tuple[int, int]]:
    """Dates beside a word that speaks of birth, an age on a date, and a date in brackets after a person."""
    found = [match.span() for match in _AGED.finditer(text)]
    for word in _BIRTH_WORD.finditer(text):
        begin, end = max(0, word.start() - 45), word.end() + 60
        if not _DIGIT.search(text, begin, end):
            continue
        if after := _AFTER_BIRTH.match(text, word.end(), end):
            found.append(after.span(1))
        elif before := _BEFORE_BIRTH.search(text, begin, word.start()):
            found.append(before.span(1))
    return found + [
        match.span(1)
        for match in _IN_BRACKETS.finditer(text)
        if _WHO_BEFORE.search(text, max(0, match.start() - 80), match.start())
    ]


# E-mail addresses and telephone numbers -----------------------------------------------------------------

_AT: Final = re.compile(r"(?<=[\w%+'-])@(?=[^\W_])(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}")
_LOCAL_PART: Final = 64


def _emails(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _AT.finditer(text):
        start = match.start()
        least = max(0, start - _LOCAL_PART)
        while start > least and (text[start - 1].isalnum() or text[start - 1] in "._%+'-"):
            start -= 1
        found.append((start, match.end()))
    return found


_GAP: Final = r"[ \t().-]{0,2}"
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z./+-])(?:"
    rf"\(?(?:\+|00)44\)?[ \t.-]{{0,2}}(?:\(0\))?{_GAP}[1-9](?:{_GAP}[0-9]){{8,9}}"
    rf"|\(?0[1-9][0-9]{{9}}"
    rf"|\(?0[1-9][0-9]{{1,3}}\)?[ \t.-]{{1,2}}[0-9]{{2,4}}[ \t.-]{{0,2}}[0-9]{{3,4}}"
    rf"|\(0[1-9][0-9]{{1,3}}\)[0-9]{{5,8}}"
    rf"|0[1-9][0-9]{{3}}[ \t.-][0-9]{{5,6}}"
    r")(?![0-9]|[-./][0-9])"
)


def _phones(text: str) -> list[tuple[int, int]]:
    """UK numbers: from abroad (+44, 0044), or with an area code of three to five digits; 10 or 11 in all."""
    found = []
    for match in _PHONE.finditer(text):
        digits = sum(one.isdecimal() for one in match[0])
        if "44" in match[0][:5] or digits in (10, 11):
            found.append(match.span())
    return found


_SEEKERS: Final = (
    (Kind.NHS_NUMBER, _nhs_numbers),
    (Kind.EMAIL, _emails),
    (Kind.DATE_OF_BIRTH, _dates_of_birth),
    (Kind.PHONE, _phones),
    (Kind.NAME, titles.names),
)
