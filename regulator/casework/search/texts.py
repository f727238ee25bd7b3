"""What can be found of a case. Each app contributes its own texts; here they become rows.

Nothing is written here (``following`` does), and nothing of a case that staff do not see is ever read.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from typing import Final

from regulator.casework.kinds import KINDS, REMOVED
from regulator.casework.models import Case, InformationRequest, Note, Referral, ReferralReply
from regulator.casework.search.tables import CaseText
from regulator.casework.search.words import fold, words_of
from regulator.registry import Registry

Texts = Iterable[tuple[int, str]]
SEARCH_TEXTS: Registry[Callable[[Collection[int]], Texts]] = Registry("texts for the search")
"""By app: for the primary keys of some cases the texts of each, as pairs of key and text, in any order.

Only what staff may read on the case's page; states its number of SQL queries, the same for any number of
cases.
"""
MOST_BYTES: Final = 200_000
"""How much of one case can be found: PostgreSQL takes a megabyte of lexemes, and this never makes more."""


def rows_for(keys: Collection[int]) -> list[CaseText]:
    """The row of each of these cases that staff see, as it should stand now; none for the others.

    One query, and those that the apps' contributions state.
    """
    seen = {case.pk: case for case in _seen(keys)}
    found: dict[int, list[str]] = {key: [] for key in seen}
    if seen:
        for contributed in SEARCH_TEXTS.values():
            for key, text in contributed(seen.keys()):
                found[key].append(_without_marks(text))
    return [_row(case, found[key]) for key, case in seen.items()]


def _seen(keys: Collection[int]) -> list[Case]:
    """Those of the cases that are no drafts of the other side's. Nobody asks here, so nobody is refused:
    who may read a case that is found is asked when somebody looks for it."""
    cases = Case.objects.filter(pk__in=keys).select_related("employer", "site")
    known = (case for case in cases if case.kind in KINDS)
    return [case for case in known if case.status not in case.spec.hidden_from_staff]


def _row(case: Case, texts: list[str]) -> CaseText:
    employer, site = case.employer, case.site
    known_by = (case.reference, employer.name, site.name if site else "", employer.ods_code)
    names = "\n".join(filter(None, known_by))
    row = CaseText(
        case=case,
        names=fold(names),
        words=_cut(" ".join(words_of("\n".join([names, case.summary, *texts])))),
        employer=employer.name,
        site=site.name if site else "",
    )
    content = "\x00".join((row.names, row.words, row.employer, row.site))
    row.sha256 = hashlib.sha256(content.encode()).hexdigest()
    return row


def _without_marks(text: str) -> str:
    """``text`` without what redaction put in the place of words: nobody looks for that."""
    if REMOVED not in text:
        return text
    return "\n".join(line for line in text.splitlines() if line != REMOVED)


def _cut(words: str) -> str:
    encoded = words.encode()
    return words if len(encoded) <= MOST_BYTES else encoded[:MOST_BYTES].decode(errors="ignore")


def notes_and_questions(keys: Collection[int]) -> Texts:
    """What staff noted, asked and were answered (two queries)."""
    yield from Note.objects.filter(case__in=keys).order_by().values_list("case_id", "text")
    asked = InformationRequest.objects.filter(case__in=keys).order_by()
    for key, question, answer in asked.values_list("case_id", "question", "answer"):
        yield key, f"{question}\n{answer}"


def referrals_and_replies(keys: Collection[int]) -> Texts:
    """To whom a case was referred, with what, and what came back (two queries). Not what a correction took
    the place of, nor the facts of the case that went: these are found as the case's own."""
    sent = Referral.objects.standing().filter(case__in=keys).order_by()
    for each in sent:
        yield each.case_id, "\n".join((each.to.label, each.summary, each.gateway_text, each.their_reference))
    replies = ReferralReply.objects.filter(referral__case__in=keys).order_by()
    for key, text, reference in replies.values_list("referral__case_id", "text", "their_reference"):
        yield key, f"{text}\n{reference}"
