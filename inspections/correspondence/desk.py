"""What the desk shows of an inspection's letters and of the comments on its facts, and the deeds on both."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.urls import reverse

from inspections.correspondence import desk_forms as forms
from inspections.correspondence import services
from inspections.correspondence.models import AccuracyPoint, Correspondence
from inspections.correspondence.queries import LETTERS, POINTS, ROUNDS
from inspections.correspondence.services.answering import not_answerable
from inspections.correspondence.services.preparing import MOVES
from inspections.desk.forms import EvidenceForm, FinaliseForm
from inspections.lifecycle import APPROVE, CONDUCT
from inspections.models import Finding
from regulator.accounts.models import User
from regulator.casework.desk import (
    Deed,
    DeskAction,
    DeskExtra,
    DeskForm,
    FactSection,
    Linked,
    no_condition,
)
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text

Kind: Final = Correspondence.Kind
Rows = tuple[tuple[str | Case, object], ...]


def facts(case: Case) -> list[FactSection]:
    """The letters, and the comments with their answers (one query where there is a comment on a finding, once
    the case's lists are read)."""
    letters: Rows = tuple(row for each in listed(case, LETTERS) for row in _about(case, each))
    sections = [FactSection("Letters of the inspection", letters)] if letters else []
    comments = _comments(case)
    return [*sections, FactSection("Comments on the facts", comments)] if comments else sections


def _about(case: Case, letter: Correspondence) -> Iterator[tuple[str | Case, object]]:
    """Where a letter stands, and where its PDF is read; one that was redacted has none."""
    yield str(letter), _standing(letter)
    if letter.facts:
        path = reverse("correspondence:letter", args=[case.reference, letter.number])
        yield f"Letter {letter.number} as a PDF", Linked(f"Read letter {letter.number}", path)


def _standing(letter: Correspondence) -> str:
    """Where a letter stands, and who had to do with it."""
    prepared = f"prepared by {letter.prepared_by} on {as_text(letter.prepared_at)}"
    if letter.approved_at:
        return f"Sent on {as_text(letter.approved_at)}: {prepared}, approved by {letter.approved_by}."
    if letter.rejected_at:
        return (
            f"Given back by {letter.rejected_by} on {as_text(letter.rejected_at)}: {letter.rejection} "
            f"It was {prepared}."
        )
    if letter.replaced_at:
        return f"Replaced by a newer one on {as_text(letter.replaced_at)}; {prepared}."
    return f"Waits for a second person; {prepared}."


def _comments(case: Case) -> Rows:
    points = listed(case, POINTS)
    findings = _findings(points)
    rows: list[tuple[str | Case, object]] = []
    for each in listed(case, ROUNDS):
        mine = [point for point in points if point.round_id == each.pk]
        sent = f"{as_text(each.sent_at)} by {each.sent_by}"
        rows.append(("Sent", sent if mine else f"{sent}: nothing to correct"))
        rows += [(f"Comment {point.number}", _in_words(point, findings)) for point in mine]
    return tuple(rows)


def _findings(points: Iterable[AccuracyPoint]) -> dict[int, Finding]:
    keys = {each.finding_id for each in points if each.finding_id is not None}
    return Finding.objects.in_bulk(keys) if keys else {}


def _in_words(point: AccuracyPoint, findings: dict[int, Finding]) -> str:
    finding = findings.get(point.finding_id or 0)
    about = f"{finding.get_kind_display()}: {finding.text}" if finding else point.get_subject_display()
    said = f"On “{about}”\nNot right: {point.wrong}\nShould say: {point.should_say}"
    if point.file_id:
        said += "\nA file came with it: see the files of the case."
    if point.answered_at is None:
        return f"{said}\nNot answered yet."
    said += f"\n{point.get_outcome_display()}, {point.answered_by}: {point.answer}"
    if point.change == AccuracyPoint.Change.NONE:
        return said
    corrected = f": {point.new_text}" if point.new_text else ""
    return f"{said}\n{point.get_change_display()}{corrected}"


def _preparing(kind: str) -> Deed:
    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        services.prepare_letter(inspection=case.inspection, by=by, version=version, kind=kind, **cleaned)

    return run


def _deciding(service: Callable[..., object]) -> Deed:
    """A service on the letter that waits."""

    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        cleaned.pop("letter_read", None)
        letter = forms.next_letter(case)
        if letter is None:
            raise NotAllowedNow("No letter waits for a second person any more.")
        service(letter=letter, by=by, version=version, **cleaned)

    return run


def _answer(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    cleaned["new_provisions"] = list(cleaned["new_provisions"])
    services.answer_point(inspection=case.inspection, by=by, version=version, **cleaned)


def _all_answered(case: Case, by: User) -> str:
    owed = [str(each.number) for each in _unsettled(case) if each.answered_at is None]
    return f"Answer the employer’s comments first: {', '.join(owed)}." if owed else ""


def _answerable(case: Case, by: User) -> str:
    return not_answerable(case) or ("" if _unsettled(case) else "The employer sent no comments.")


def _unsettled(case: Case) -> list[AccuracyPoint]:
    """The comments that no report has dealt with."""
    rounds = {each.pk for each in listed(case, ROUNDS) if each.closed_on is None}
    return [each for each in listed(case, POINTS) if each.round_id in rounds]


def _waits(case: Case, by: User) -> str:
    waiting = any(each.is_waiting for each in listed(case, LETTERS))
    return "" if waiting else "No letter waits for a second person."


def _approvable(case: Case, by: User) -> str:
    """Of what waits, the newest is the one that may be sent."""
    waiting: list[Correspondence] = [each for each in listed(case, LETTERS) if each.is_waiting]
    if not waiting:
        return "No letter waits for a second person."
    letter, lifecycle = waiting[-1], case.spec.lifecycle
    if letter.prepared_by_id == by.pk:
        return "You prepared this letter: somebody else approves it."
    if case.status not in lifecycle.transitions[MOVES[letter.kind]].sources:
        return "The inspection has moved on since this letter was prepared."
    return _all_answered(case, by) if letter.kind == Kind.REPORT else ""


def _prepared(
    kind: str,
    label: str,
    form: type[DeskForm] = DeskForm,
    condition: Callable[[Case, User], str] = no_condition,
) -> DeskAction:
    """Preparing a letter while the inspection stands where it can be sent. The move itself is the approval's,
    with a permission of its own."""

    def preparable(case: Case, by: User) -> str:
        lifecycle = case.spec.lifecycle
        return lifecycle.refusal(lifecycle.transitions[MOVES[kind]], case) or condition(case, by)

    return DeskAction(f"prepare_{kind}", label, CONDUCT, form, _preparing(kind), condition=preparable)


ON_INSPECTIONS: Final = DeskExtra(
    kind="inspection",
    actions=(
        _prepared(Kind.ANNOUNCEMENT, "Prepare the announcement"),
        _prepared(Kind.EVIDENCE_REQUEST, "Prepare a request for documents", EvidenceForm),
        _prepared(Kind.FEEDBACK, "Prepare the draft feedback"),
        DeskAction(
            "answer_point",
            "Answer a comment on the facts",
            CONDUCT,
            forms.AnswerPointForm,
            _answer,
            condition=_answerable,
        ),
        _prepared(Kind.REPORT, "Prepare the report", FinaliseForm, _all_answered),
        DeskAction(
            "approve_letter",
            "Approve the letter and send it",
            APPROVE,
            forms.ApproveForm,
            _deciding(services.approve_letter),
            condition=_approvable,
        ),
        DeskAction(
            "reject_letter",
            "Give the letter back",
            APPROVE,
            forms.RejectForm,
            _deciding(services.reject_letter),
            condition=_waits,
        ),
    ),
    facts=facts,
)
