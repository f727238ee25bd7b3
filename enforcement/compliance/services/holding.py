"""Holding a notice for what its employer files, or for what CQC answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from enforcement.binding import is_suspended
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, SERVED, UNDER_APPEAL
from enforcement.models import Notice
from enforcement.services.holding import holding
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted

ANSWER: Final = "enforcement.answer_notice"
"""The permission under which an employer's people answer a notice: their leads'."""
DECIDE: Final = "enforcement.decide_compliance"
_OVER: Final = "This notice no longer binds you, so nothing needs to be shown about it."
_SUSPENDED: Final = (
    "Your appeal suspends this notice. You can send evidence once the appeal has ended, if the notice stands."
)


_WAITS: Final = (
    "The appeal suspends this notice. Its evidence waits until the appeal has ended, and CQC’s time to "
    "answer it runs then."
)


@contextmanager
def keeping(
    notice: Notice, permission: str, *, by: Actor, version: int | None
) -> Iterator[tuple[Case, User]]:
    """Hold the case for a deed of a person who holds ``permission``. Raises ``NotPermitted``."""
    with holding(notice, version=version) as held:
        permit_on(held, permission, by)
        if not isinstance(by, User):
            raise NotPermitted("A notice is answered by people.")
        yield held, by


def not_fileable(case: Case, notice: Notice) -> str:
    """Why no evidence may be filed now, in plain English. An appeal lodged within its period suspends an
    improvement notice; a prohibition binds meanwhile, so that its employer may show that it was remedied
    (HSWA 1974 s24), and one whose period was over may show that it complied late. One query at most."""
    if case.redacted_at is not None:
        return case.why_empty
    if case.status == COMPLIED or notice.complied_on is not None:
        return "CQC has recorded that you complied, so it needs no more evidence."
    if _suspended_by_its_appeal(case, notice):
        return _SUSPENDED
    return "" if case.status in (SERVED, NOT_COMPLIED, UNDER_APPEAL) else _OVER


def not_returnable(case: Case, notice: Notice) -> str:
    """Why evidence that waits is not returned now, in plain English: while an appeal suspends an improvement
    notice the employer could file no other, and no day for compliance runs. One query at most."""
    return _WAITS if _suspended_by_its_appeal(case, notice) else ""


def _suspended_by_its_appeal(case: Case, notice: Notice) -> bool:
    return case.status == UNDER_APPEAL and is_suspended(notice)
