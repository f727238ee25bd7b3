"""What the desk shows of compliance on the page of its notice, and why nothing can be decided on it."""

from collections import defaultdict

from enforcement.compliance.models import AppealClaim, EvidenceFile, EvidenceItem, EvidenceSet, Prosecution
from enforcement.compliance.queries import WHOLE, open_claim, waiting_set
from enforcement.compliance.services.appealing import NONE_WAITS as NO_CLAIM
from enforcement.compliance.services.holding import not_returnable
from enforcement.compliance.services.judging import NONE_WAITS as NO_EVIDENCE
from enforcement.compliance.services.prosecuting import NOT_REFERRED, not_failed, not_standing
from enforcement.compliance.services.reinspecting import not_reinspectable
from regulator.accounts.models import User
from regulator.casework.desk import FactSection
from regulator.casework.models import Attachment, Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text
from regulator.deadlines.models import ExtensionRequest
from regulator.legislation.models import Provision

Rows = list[tuple[str | Case, object]]


def asked_for_time(case: Case) -> ExtensionRequest | None:
    """The request for more time to comply that waits. No query once the case's lists are read."""
    clocks = {each.pk for each in listed(case, "deadlines.clocks") if each.kind == "comply"}
    found: list[ExtensionRequest] = listed(case, "deadlines.requests") if clocks else []
    return next((each for each in found if each.deadline_id in clocks and each.is_open), None)


def facts(case: Case) -> list[FactSection]:
    """Each set of evidence as it was submitted, each appeal of which the employer told, each referral to
    prosecution. Once the case's lists are read: one query where evidence was submitted, and one
    where a referral to prosecution is undecided."""
    sets: list[EvidenceSet] = [each for each in listed(case, "compliance.sets") if not each.is_draft]
    claims: list[AppealClaim] = listed(case, "compliance.claims")
    referred: list[Prosecution] = listed(case, "compliance.prosecutions")
    return [
        *_evidence(case, sets),
        *(FactSection("Appeal of which the employer told", _claim(each, case)) for each in claims),
        *(FactSection("Prosecution", _prosecution(each, case)) for each in referred),
        *_more_time(case),
    ]


def _evidence(case: Case, sets: list[EvidenceSet]) -> list[FactSection]:
    if not sets:
        return []
    items: list[EvidenceItem] = listed(case, "compliance.items")
    shown: list[EvidenceFile] = listed(case, "compliance.files")
    provisions = Provision.objects.in_bulk({each.provision_id for each in items if each.provision_id})
    names = _names(case)
    files = defaultdict(list)
    for each in shown:
        files[each.item_id].append(names.get(each.attachment_id, "a file that is no longer kept"))
    return [
        FactSection(
            f"{one}, {one.standing.lower()}",
            tuple(_set(one, [each for each in items if each.evidence_id == one.pk], provisions, files)),
        )
        for one in reversed(sets)
    ]


def _names(case: Case) -> dict[int, str]:
    kept: list[Attachment] = listed(case, "casework.files")
    return {each.pk: f"{each.name} ({each.scan_label.lower()})" for each in kept}


def _set(
    one: EvidenceSet,
    items: list[EvidenceItem],
    provisions: dict[int, Provision],
    files: dict[int, list[str]],
) -> Rows:
    rows: Rows = [("Submitted", f"{one.submitted_by}, {as_text(one.submitted_at)}")]
    for item in sorted(items, key=lambda each: _place(each, provisions)):
        title = provisions[item.provision_id].citation if item.provision_id else WHOLE
        rows.append((title, item.text))
        if files[item.pk]:
            rows.append((f"{title}: files", ", ".join(files[item.pk])))
        if item.remark:
            rows.append((f"{title}: CQC’s remark", item.remark))
    if one.about:
        rows.append(("As a whole", one.about))
    if one.returned_at:
        rows.append(
            ("Returned because", f"{one.return_reason} ({one.returned_by}, {as_text(one.returned_at)})")
        )
    if one.accepted_at:
        rows.append(("Accepted", f"{one.accepted_by}, {as_text(one.accepted_at)}"))
    return rows


def _place(item: EvidenceItem, provisions: dict[int, Provision]) -> int:
    return provisions[item.provision_id].position if item.provision_id else 0


def _claim(each: AppealClaim, case: Case) -> tuple[tuple[str | Case, object], ...]:
    rows: Rows = [
        ("State", each.standing),
        ("Lodged on", each.lodged_on),
        ("Late, with the tribunal’s leave", "Yes" if each.late_with_leave else "No"),
        ("The tribunal’s case number", each.case_number),
        ("Office copy", _names(case).get(each.office_copy_id, "")),
        ("Told by", f"{each.told_by}, {as_text(each.told_at)}"),
    ]
    if each.decision:
        rows.append(("Decided by", f"{each.decided_by}, {as_text(each.decided_at)}"))
    if each.reason:
        rows.append(("Declined because", each.reason))
    return tuple(rows)


def _prosecution(each: Prosecution, case: Case) -> tuple[tuple[str | Case, object], ...]:
    rows: Rows = [
        ("State", each.standing),
        ("Referred by", f"{each.referred_by}, {as_text(each.referred_at)}"),
        ("Why", each.reason),
        ("With a packet to another body", "Yes, see Referrals" if each.referral_id else "No"),
    ]
    if each.outcome:
        rows += [("Decided on", each.decided_on), ("Because", each.why)]
    elif said := not_standing(case, case.notice, each):
        rows.append(("Does the failure stand?", said))
    return tuple(rows)


def _more_time(case: Case) -> list[FactSection]:
    asked = asked_for_time(case)
    if asked is None:
        return []
    who = f"{asked.asked_by}, {as_text(asked.asked_at)}"
    rows: Rows = [("Asked by", who), ("Until", asked.asked_until), ("Because", asked.reason)]
    return [FactSection("More time asked for", tuple(rows))]


def undecided(case: Case, by: User) -> str:
    return "" if waiting_set(case) else NO_EVIDENCE


def returnable(case: Case, by: User) -> str:
    return undecided(case, by) or not_returnable(case, case.notice)


def time_asked(case: Case, by: User) -> str:
    return "" if asked_for_time(case) else "No request for more time is open."


def claimed(case: Case, by: User) -> str:
    return "" if open_claim(case) else NO_CLAIM


def to_refer(case: Case, by: User) -> str:
    """As ``prosecuting.not_prosecutable``, from the case's lists."""
    if refusal := not_failed(case, case.notice):
        return refusal
    return "It was referred already, and nothing was decided yet." if _undecided(case) else ""


def referred(case: Case, by: User) -> str:
    return "" if _undecided(case) else NOT_REFERRED


def reinspectable(case: Case, by: User) -> str:
    return not_reinspectable(case)


def _undecided(case: Case) -> bool:
    return any(not each.outcome for each in listed(case, "compliance.prosecutions"))
