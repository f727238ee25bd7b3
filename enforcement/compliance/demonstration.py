"""Two notices of the demonstration, on its invented employer: one whose evidence CQC returned, and one for
which more time is asked. The entry of the first is on the register; that of the second waits for approval."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from enforcement import services as enforcing
from enforcement.compliance import services
from enforcement.compliance.queries import parts_of
from enforcement.gate import services as gate
from enforcement.models import Notice
from enforcement.services.reviewing import CHECKS
from regulator import clock
from regulator.accounts import demonstration
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer, Modality

REGULATIONS: Final = "IR(ME)R 2017"
PROPOSED_AFTER: Final = timedelta(days=22)
"""The time for appeal is over on the 22nd day after service."""


@dataclass(frozen=True, slots=True)
class NoticeScene:
    """One notice of the demonstration: served so many days ago, on which provisions, and what was filed."""

    key: str
    served_days_ago: int
    references: tuple[str, ...]
    required_action: str
    asks_for_time: bool = False


NOTICES: Final = (
    NoticeScene(
        "notice-evidence-returned",
        40,
        ("6(5)(b)", "17(4)"),
        "Review every written procedure of the department, and audit whether they are followed.",
    ),
    NoticeScene(
        "notice-more-time-asked",
        25,
        ("15(2)",),
        "Put a programme of quality assurance in place for the fluoroscopy equipment.",
        asks_for_time=True,
    ),
)


def play_notices(employer: Employer, people: Mapping[Role, User]) -> None:
    """The notices that are not there yet, each step at its own moment of the recent past."""
    for scene in NOTICES:
        if not Case.objects.filter(source_key=f"demonstration:{scene.key}").exists():
            _play(scene, employer, people)


def _play(scene: NoticeScene, employer: Employer, people: Mapping[Role, User]) -> None:
    lead, manager = people[Role.EMPLOYER_LEAD], people[Role.ENFORCEMENT_MANAGER]
    # In London's time, in which days are counted: 22 of them hold however the clocks change between.
    served = timezone.localtime(clock.now()) - timedelta(days=scene.served_days_ago)
    with clock.at(served):
        notice = _served(scene, employer, people[Role.INSPECTOR], manager)
    with clock.at(served + PROPOSED_AFTER):
        enforcing.propose_publication(notice=notice, by=Scheduled("enforcement.propose_publication"))
    notice.case.refresh_from_db()
    if not scene.asks_for_time:
        with clock.at(served + PROPOSED_AFTER + timedelta(hours=2)):
            _do(notice, gate.approve_entry, demonstration.second_manager())
    if scene.asks_for_time:
        with clock.at(clock.now() - timedelta(days=1)):
            until = clock.today() + timedelta(days=75)
            reason = "The test equipment is ordered and comes in six weeks."
            _do(notice, services.ask_more_time, lead, asked_until=until, reason=reason)
        return
    with clock.at(clock.now() - timedelta(days=6)):
        for part in parts_of(notice, None):
            said = "The procedures were reviewed in the department’s meeting."
            _do(notice, services.write_evidence, lead, part=part.key, text=said)
        _do(notice, services.submit_evidence, lead, about="The board has seen this evidence.")
    with clock.at(clock.now() - timedelta(days=2)):
        reason = "The audit is not among it: send its result."
        _do(notice, services.return_evidence, manager, reason=reason)


def _served(scene: NoticeScene, employer: Employer, inspector: User, manager: User) -> Notice:
    in_force = Provision.objects.in_force_on(clock.today()).filter(instrument=REGULATIONS)
    notice = enforcing.draft_notice(
        employer=employer,
        site=employer.sites.first(),
        modality=Modality.DIAGNOSTIC_IMAGING,
        notice_type=Notice.Type.IMPROVEMENT,
        provisions=list(in_force.filter(reference__in=scene.references)),
        breach_on=clock.today(),
        by=inspector,
        opinion="The employer is contravening the provisions named in this notice.",
        reasons="No record of the work was found on the day of the inspection.",
        required_action=scene.required_action,
        compliance_days=56,
        origin=Case.Origin.DEMONSTRATION,
        source_key=f"demonstration:{scene.key}",
    )
    _do(notice, enforcing.propose, inspector)
    cited = [breach.provision for breach in notice.breaches.select_related("provision")]
    second = demonstration.second_manager()
    _do(notice, enforcing.pass_review, second, provisions=cited, checks=list(CHECKS))
    _do(notice, enforcing.approve, manager)
    _do(
        notice,
        enforcing.serve,
        manager,
        served_on=clock.today(),
        served_time=timezone.localtime(clock.now()).time(),
        method=Notice.ServiceMethod.BY_HAND,
        address="The registered office of the employer (invented)",
        office="The chief executive’s office (invented)",
        leaflet_included=True,
        compliance_on=clock.today() + timedelta(days=56),
    )
    return notice


def _do(notice: Notice, deed: Callable[..., object], by: User, **given: object) -> None:
    """One deed at the version that stands."""
    deed(notice=notice, by=by, version=notice.case.version, **given)
