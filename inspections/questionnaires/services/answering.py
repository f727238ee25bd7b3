"""The employer's answers: saved a section at a time as a draft, submitted as a whole."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile

from inspections.models import Inspection
from inspections.queries import files as files_of
from inspections.questionnaires import letters
from inspections.questionnaires.answering import NOTHING, Given, written, wrong
from inspections.questionnaires.models import (
    Answer,
    AnsweredSection,
    Evidence,
    Questionnaire,
    Submission,
)
from inspections.questionnaires.queries import answers_of, draft_sheet
from inspections.questionnaires.ready import Said, Section
from inspections.questionnaires.services.holding import (
    ANSWER,
    CLOCK,
    keep,
    locked,
    person_of,
    refuse_unless_in_hand,
    submitting,
)
from inspections.questionnaires.sheet import lacking
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.errors import StaleVersion
from regulator.casework.evidence.kept import keep_text
from regulator.casework.models import Attachment, Case
from regulator.casework.services import (
    IdentifiersFound,
    ReadFile,
    attach,
    read_file,
    refuse_identifiers,
)
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import meet_deadline

T = TypeVar("T")
NO_UPLOADS: Final[Mapping[str, "UploadedFile[Any]"]] = MappingProxyType({})


def save_answers(
    *,
    questionnaire: Questionnaire,
    by: Actor,
    version: int,
    section: str,
    answers: Mapping[str, Given],
    uploads: Mapping[str, "UploadedFile[Any]"] = NO_UPLOADS,
    identifies_nobody: str = "",
) -> int:
    """Keep the answers to these questions of one section as a draft, and attach ``uploads``, by question.

    ``version`` is the section's that was read (0: nobody saved it yet); answers the one that stands now. What
    did not change is left as it is. Faults are named by question: ``<key>``, ``<key>_comment``,
    ``<key>_files``, ``<key>_upload``. Raises ``NotPermitted``, ``NotAllowedNow`` once it is submitted,
    withdrawn or over, ``StaleVersion`` where a colleague saved the section, ``ValidationError``,
    ``IdentifiersFound`` unless ``identifies_nobody`` says why; then nothing is kept.
    """
    person = person_of(by)
    read = {key: _beside(key, partial(read_file, upload)) for key, upload in uploads.items()}
    with writing():
        now = locked(questionnaire)
        case = now.inspection.case
        permit_on(case, ANSWER, by)
        refuse_unless_in_hand(now, case)
        asked = _section(now, section)
        saved = AnsweredSection.objects.filter(questionnaire=now, section=section).first()
        standing = saved.version if saved else 0
        if standing != version:
            raise StaleVersion(read=version, current=standing, what="section")
        before = answers_of(now)
        given = {key: _tidied(each) for key, each in answers.items()}
        _refuse_wrong(asked, now.inspection, given, read)
        _refuse_words(case, given, before, by, identifies_nobody)
        given = _with_uploads(given, before, read, case, person, identifies_nobody)
        changed = {key: each for key, each in given.items() if each != before.get(key, NOTHING)}
        if not changed:
            return standing
        for key, each in changed.items():
            _keep(now, key, each, person)
        saved = saved or AnsweredSection(questionnaire=now, section=section)
        saved.version, saved.saved_by, saved.saved_at = standing + 1, person, clock.now()
        saved.save()
        keep(now)
        payload = {
            "questionnaire": now.pk,
            "section": section,
            "questions": sorted(changed),
            "sha256": text_digest(written(now.content, changed)),
        }
        append("questionnaires.answered", case=case, by=by, payload=payload)
    questionnaire.version = now.version
    return saved.version


def submit_questionnaire(*, questionnaire: Questionnaire, by: Actor, version: int) -> Submission:
    """Send the answers to CQC as they stand, for good; the clock stops, and the lead is told.

    ``version`` is the questionnaire's that was read. Raises ``NotPermitted``, ``NotAllowedNow`` where it is
    not to be answered, ``StaleVersion`` where a colleague changed an answer, ``ValidationError`` with every
    question that is not answered well enough.
    """
    person = person_of(by)
    with submitting(questionnaire, by=by, version=version) as (now, held):
        faults = [f"Question {line.number}: {line.missing}" for _, line in lacking(draft_sheet(now))]
        if faults:
            raise ValidationError({NON_FIELD_ERRORS: faults})
        answers = answers_of(now)
        counted = Counter(each.choice for each in answers.values())
        at = clock.now()
        sha256 = keep_text(held, written(now.content, answers))
        made = Submission.objects.create(
            questionnaire=now, sha256=sha256, submitted_at=at, submitted_by=person
        )
        now.submitted_at, now.submitted_by = at, person
        now.said_no, now.said_partly = counted[Said.NO], counted[Said.PARTLY]
        keep(now, "submitted_at", "submitted_by", "said_no", "said_partly")
        payload = {
            "questionnaire": now.pk,
            "submission": made.pk,
            "sha256": sha256,
            "no": now.said_no,
            "partly": now.said_partly,
        }
        append("questionnaires.submitted", case=held, by=by, payload=payload)
        meet_deadline(case=held, kind=CLOCK, by=by, subject_id=now.pk)
        letters.tell_it_is_in(held, now)
    return made


def _section(questionnaire: Questionnaire, key: str) -> Section:
    asked = questionnaire.content.asking(questionnaire.asked)
    found = next((each for each in asked if each.key == key), None)
    if found is None:
        raise ValidationError("This questionnaire has no such section.")
    return found


def _tidied(given: Given) -> Given:
    return replace(
        given,
        text=given.text.strip(),
        comment=given.comment.strip(),
        files=tuple(sorted(set(given.files))),
    )


def _refuse_wrong(
    section: Section,
    inspection: Inspection,
    given: Mapping[str, Given],
    uploads: Mapping[str, ReadFile],
) -> None:
    """Raise ``ValidationError`` by field for what cannot be kept, a file of another case or of CQC's too."""
    questions = {each.key: each for each in section.questions}
    if not {*given, *uploads} <= set(questions):
        raise ValidationError("This section has no such question.")
    errors: dict[str, str] = {}
    for key, each in given.items():
        parts = wrong(questions[key], each)
        errors |= {f"{key}_{part}" if part else key: why for part, why in parts.items()}
    errors |= {
        f"{key}_upload": "No file goes with this question." for key in uploads if not questions[key].evidence
    }
    named = {pk for each in given.values() for pk in each.files}
    theirs = set(files_of(inspection).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    for key, each in given.items():
        if not set(each.files) <= theirs:
            errors[f"{key}_files"] = "Choose files that you sent with this inspection."
    if errors:
        raise ValidationError(errors)


def _refuse_words(
    case: Case, given: Mapping[str, Given], before: Mapping[str, Given], by: Actor, reason: str
) -> None:
    texts: dict[str, str] = {}
    stored: dict[str, str] = {}
    for key, each in given.items():
        former = before.get(key, NOTHING)
        texts |= {key: each.text, f"{key}_comment": each.comment}
        stored |= {key: former.text, f"{key}_comment": former.comment}
    refuse_identifiers(case=case, texts=texts, stored=stored, by=by, reason=reason)


def _with_uploads(
    given: Mapping[str, Given],
    before: Mapping[str, Given],
    uploads: Mapping[str, ReadFile],
    case: Case,
    by: User,
    reason: str,
) -> dict[str, Given]:
    """``given`` with each upload attached to the case and named among the files of its question."""
    found = dict(given)
    for key, upload in uploads.items():
        deed = partial(attach, case=case, upload=upload, by=by, identifies_nobody=reason)
        kept: Attachment = _beside(key, deed)
        each = found.get(key, before.get(key, NOTHING))
        found[key] = replace(each, files=tuple(sorted({*each.files, kept.pk})))
    return found


def _beside(key: str, deed: Callable[[], T]) -> T:
    """What is wrong with the file of a question, named by that question's box."""
    try:
        return deed()
    except IdentifiersFound as found:
        raise IdentifiersFound(tuple(replace(each, field=f"{key}_upload") for each in found.found)) from found
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {"file": error.messages}
        if "identifies_nobody" in named:
            raise
        told = [each for messages in named.values() for each in messages]
        raise ValidationError({f"{key}_upload": told}) from error


def _keep(questionnaire: Questionnaire, key: str, given: Given, by: User) -> None:
    answer, _ = Answer.objects.update_or_create(
        questionnaire=questionnaire,
        question=key,
        defaults={
            "choice": given.choice,
            "number": given.number,
            "day": given.day,
            "text": given.text,
            "comment": given.comment,
            "answered_by": by,
            "answered_at": clock.now(),
        },
    )
    Evidence.objects.filter(answer=answer).exclude(attachment__in=given.files).delete()
    Evidence.objects.bulk_create(
        [Evidence(answer=answer, attachment_id=pk) for pk in given.files], ignore_conflicts=True
    )
