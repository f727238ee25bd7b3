"""The reads on questionnaires: each says how many SQL queries it takes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

from django.db.models import Q
from django.http import Http404

from inspections.models import Inspection
from inspections.queries import files as files_of
from inspections.queries import in_reach
from inspections.questionnaires.answering import Given, read_back
from inspections.questionnaires.models import (
    Answer,
    AnsweredSection,
    Evidence,
    Questionnaire,
    Return,
    Submission,
)
from inspections.questionnaires.sheet import Part, sheet
from regulator.casework.evidence.kept import kept_texts
from regulator.casework.models import Attachment, Case
from regulator.casework.reading import listed
from regulator.legislation.models import Provision

INSTRUMENT: Final = "IR(ME)R 2017"
LIST: Final = "questionnaires"
"""The name under which ``listed`` answers a case's questionnaires."""


def in_force(day: date) -> set[str]:
    """The references of the Regulations that were in force on ``day`` (one query)."""
    found = Provision.objects.filter(instrument=INSTRUMENT) & Provision.objects.in_force_on(day)
    return set(found.values_list("reference", flat=True))


def of(inspection: Inspection, pk: int) -> Questionnaire:
    """One questionnaire of an inspection, withdrawn or not (one query). ``Http404`` for any other."""
    found = inspection.questionnaires.filter(pk=in_reach(pk)).first()
    if found is None:
        raise Http404("There is no such questionnaire.")
    found.inspection = inspection
    return found


def of_case(case: Case) -> list[Questionnaire]:
    """Those of a case, the first first. No query once the case's lists are read, else two."""
    return listed(case, LIST)


def to_read() -> Q:
    """Inspections of which a questionnaire was submitted and waits for an inspector. A condition on cases."""
    waiting = Questionnaire.objects.to_read().order_by()
    return Q(kind="inspection", closed_at__isnull=True, pk__in=waiting.values("inspection"))


def answers_of(questionnaire: Questionnaire) -> dict[str, Given]:
    """Every answer as it stands, by question (two queries). An infected file is none."""
    rows = list(Answer.objects.filter(questionnaire=questionnaire))
    files: dict[int, list[int]] = defaultdict(list)
    usable = Evidence.objects.filter(answer__questionnaire=questionnaire).exclude(
        attachment__scan=Attachment.Scan.INFECTED
    )
    for answer, attachment in usable.values_list("answer", "attachment"):
        files[answer].append(attachment)
    return {each.question: _given(each, files[each.pk]) for each in rows}


def _given(answer: Answer, files: Iterable[int]) -> Given:
    return Given(
        choice=answer.choice,
        number=answer.number,
        day=answer.day,
        text=answer.text,
        comment=answer.comment,
        files=tuple(sorted(files)),
    )


def last_return(questionnaire: Questionnaire) -> Return | None:
    """Why it was last returned; ``None`` where it never was (no query then, else one)."""
    if questionnaire.returned_at is None:
        return None
    return questionnaire.returns.select_related("returned_by").last()


def draft_sheet(questionnaire: Questionnaire) -> list[Part]:
    """The questionnaire with the answers as they stand, for the employer's people (three queries, and three
    more where it was returned)."""
    return sheet(
        questionnaire,
        answers_of(questionnaire),
        files={each.pk: each for each in files_of(questionnaire.inspection)},
        again=_asked_again(questionnaire),
    )


def _asked_again(questionnaire: Questionnaire) -> dict[str, Given]:
    """What was submitted to the questions that CQC asks about again, while it does."""
    returned = last_return(questionnaire) if questionnaire.is_in_hand else None
    submitted = questionnaire.submissions.last() if returned else None
    if returned is None or submitted is None:
        return {}
    found = submitted_answers(questionnaire.inspection.case, [submitted])
    former = found.get(submitted.sha256, {})
    return {key: former[key] for key in returned.questions if key in former}


def section_version(questionnaire: Questionnaire, section: str) -> AnsweredSection | None:
    """Who saved a section last, and which version that is; ``None`` where nobody did (one query)."""
    rows = AnsweredSection.objects.filter(questionnaire=questionnaire, section=section)
    return rows.select_related("saved_by").first()


def submissions_of(questionnaire: Questionnaire) -> list[Submission]:
    """Each submission, the first first (one query)."""
    return list(questionnaire.submissions.select_related("submitted_by"))


def submitted_answers(case: Case, submissions: Collection[Submission]) -> dict[str, Mapping[str, Given]]:
    """The answers of these submissions by digest (one query); none of one whose words were removed."""
    texts = kept_texts(case, [each.sha256 for each in submissions])
    return {sha256: read_back(text)[1] for sha256, text in texts.items()}
