"""What the desk shows on a notice of the findings that it rests on and that fell since, and the drafter's
deed on them."""

from typing import Any, Final

from enforcement import desk_forms as forms
from enforcement.conditions import own_draft, own_review
from enforcement.findings import TO_RETURN, TO_SETTLE, Fallen, fallen
from enforcement.lifecycle import DRAFT
from enforcement.services.settling import NONE_FELL, settle_findings
from regulator.accounts.models import User
from regulator.casework.desk import DeskAction, DeskExtra, FactSection
from regulator.casework.models import Case
from regulator.casework.visibility import may_see
from regulator.casework.wording import as_text

_KNOWN: Final = "_fallen_findings"
_CLOSED: Final = "A finding of its inspection, which is restricted"


def facts(case: Case) -> list[FactSection]:
    """Each finding that fell, what stands in its place, and whether a drafter looked at that (queries as
    ``findings.fallen``, once a case, and where something fell two more for the inspection and its case). Of a
    restricted inspection no words: who may read them reads them there."""
    rows: list[tuple[str | Case, object]] = []
    inspection = case.notice.inspection if _of(case) else None
    closed = inspection is not None and inspection.case.is_restricted
    for each in _of(case):
        was = _CLOSED if closed else f"{each.finding.get_kind_display()}: {each.finding.text}"
        rows.append(("The notice rests on", was))
        now = _fate(each) if closed else _instead(each)
        rows.append((f"Since {as_text(each.finding.superseded_on)}", now))
        looked_at = "Kept: a drafter looked at it, and says why on the record" if each.kept else "Not yet"
        rows.append(("Looked at by a drafter", looked_at))
    return [FactSection("Findings that were corrected or withdrawn", tuple(rows))] if rows else []


def not_reviewable(case: Case, by: User) -> str:
    """Why ``by`` does not find a notice in order: it is their draft, or a finding fell since."""
    return own_draft(case, by) or _unsettled(case, TO_RETURN)


def not_approvable(case: Case, by: User) -> str:
    """Why ``by`` does not approve a notice: they had a hand in it, or a finding fell since."""
    return own_draft(case, by) or own_review(case, by) or _unsettled(case, TO_RETURN)


def not_proposable(case: Case, by: User) -> str:
    """Why a draft is not put forward: a finding fell, and nobody looked at that."""
    return _unsettled(case, TO_SETTLE)


def not_settleable(case: Case, by: User) -> str:
    """Why ``by`` settles nothing: no draft, nothing fell, or they may not open the inspection."""
    if case.status != DRAFT:
        return "Only a draft can be edited."
    if not _unsettled(case, TO_SETTLE):
        return NONE_FELL
    inspection = case.notice.inspection
    seen = inspection is None or may_see(inspection.case, by)
    return "" if seen else "You may not open the inspection."


def _of(case: Case) -> list[Fallen]:
    """The findings that fell, asked once for the page and all of its buttons."""
    known = vars(case)
    if _KNOWN not in known:
        known[_KNOWN] = fallen(case.notice)
    found: list[Fallen] = known[_KNOWN]
    return found


def _fate(each: Fallen) -> str:
    return "Corrected." if each.now is not None else "Withdrawn: no finding stands in its place."


def _instead(each: Fallen) -> str:
    if each.now is None:
        return _fate(each)
    named = ", ".join(provision.citation for provision in each.now.provisions.all()) or "no provision"
    return f"Corrected: {each.now.get_kind_display().lower()}, {named}. {each.now.text}"


def _unsettled(case: Case, said: str) -> str:
    return said if any(not each.kept for each in _of(case)) else ""


def _settle(*, case: Case, by: User, version: int, taken: Any, **cleaned: Any) -> None:
    settle_findings(notice=case.notice, by=by, version=version, taken=list(taken), **cleaned)


ON_NOTICES: Final = DeskExtra(
    kind="notice",
    actions=(
        DeskAction(
            "settle_findings",
            "Settle corrected findings",
            "enforcement.draft",
            forms.SettleForm,
            _settle,
            condition=not_settleable,
        ),
    ),
    facts=facts,
)
