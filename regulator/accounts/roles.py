"""The eight roles and what each may do: declared here, once.

A permission is a name, ``app.deed``. Staff hold one role, on the user; an employer's people hold theirs
through a membership (``regulator.organisations``), so that what they may do stops at their employer.
``SYSTEM_MAY`` is what scheduled work may do on its own.
"""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    EMPLOYER_REPORTER = "employer_reporter", "Employer reporter"
    EMPLOYER_LEAD = "employer_lead", "Employer lead"
    CASE_OFFICER = "case_officer", "Case officer"
    INSPECTOR = "inspector", "Inspector"
    ENFORCEMENT_MANAGER = "enforcement_manager", "Enforcement manager"
    ANALYST = "analyst", "Analyst"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


EMPLOYER_ROLES: Final = frozenset({Role.EMPLOYER_REPORTER, Role.EMPLOYER_LEAD})
STAFF_ROLES: Final = frozenset(Role) - EMPLOYER_ROLES

_REPORTER = frozenset(
    {
        "notifications.draft",
        "notifications.submit",
        "notifications.follow",
        "notifications.file_report",
        "notifications.withdraw",
        "notifications.ask_more_time",
        "notifications.amend",
        "organisations.see_sites",
        "organisations.see_activity",
        "casework.answer_request",
        "casework.attach",
    }
)
_LEAD = _REPORTER | {
    "inspections.follow",
    "inspections.comment",  # on the facts of draft findings
    "enforcement.follow",
    "enforcement.answer_notice",  # evidence, more time, an appeal that was lodged
    "enforcement.claim_trade_secret",
    "organisations.keep_people",
    "organisations.keep_sites",
    "organisations.keep_activity",
    "organisations.keep_details",
    "organisations.make_key",
    "organisations.set_sign_off_rule",
}
_READER = frozenset(
    {
        "desk.enter",
        "casework.read",
        "casework.break_glass",  # into a restricted case, for hours, told to its lead and to the managers
        "casework.declare_interest",
        "casework.export",
        "guidance.read",  # drafts too, and what readers said of pages
        "organisations.read",
        "legislation.read",
        "risk.read",
        "statistics.read",
        "statistics.tabulate",  # cross-tables and the quality of the data: counts, not suppressed
    }
)
_CASE_OFFICER = _READER | {
    "casework.assign",
    "casework.note",
    "casework.attach",
    "casework.link",
    "casework.refer",
    "casework.restrict",  # as the lead of the case, at once; the managers are told
    "casework.disclose",  # a bundle of everything on a case, for whoever may see it
    "casework.request_information",
    "notifications.triage",
    "notifications.review",
    "notifications.code_cause",
    "notifications.close",
    "notifications.withdraw",
    "notifications.merge",
    "notifications.decide_on_patterns",
    "notifications.reopen",
    "learning.write",  # anonymised, from a closed notification
    "inspections.open",
    "concerns.record",
    "concerns.decide",
    "retention.hold",  # on a case that they may see; releasing one is for managers
}
_INSPECTOR = _CASE_OFFICER | {
    "inspections.conduct",
    "inspections.plan",
    "inspections.record_finding",
    "inspections.approve_letter",  # that a colleague prepared
    "inspections.close",
    "guidance.write",  # a second person approves it
    "enforcement.draft",
    "enforcement.prepare_entry",  # of the register; a manager approves it
    "risk.override",  # proposed: a second person confirms it
    "risk.confirm_override",
}
_ENFORCEMENT_MANAGER = _READER | {
    "casework.note",
    "casework.attach",
    "casework.assign",
    "casework.link",
    "casework.refer",
    "casework.restrict",
    "casework.disclose",
    "casework.restrict_any",  # whoever leads it: somebody must be able to open what a lead closed
    "casework.review_views",
    "casework.manage_interests",
    "retention.read",
    "retention.hold",
    "retention.manage_holds",
    "retention.propose",
    "retention.approve",
    "concerns.record",
    "concerns.decide",
    "learning.approve",  # never one's own writing
    "inspections.plan",
    "inspections.approve_plan",
    "inspections.approve_letter",
    "guidance.approve",  # never what they wrote any part of
    "enforcement.review_legally",  # of a notice that they neither drafted nor approve
    "enforcement.approve",
    "enforcement.serve",
    "enforcement.record_appeal",
    "enforcement.decide_compliance",
    "enforcement.withdraw",
    "enforcement.prepare_entry",
    "enforcement.publish",
    "enforcement.claim_trade_secret",  # as the employer made it in writing
    "risk.override",
    "risk.confirm_override",
    "statistics.sign",  # an annual report that they neither froze nor wrote any of
    "statistics.publish",
}
_ANALYST = _READER | {
    "risk.run",
    "retention.read",
    "statistics.write",
    "statistics.sign",  # what a colleague wrote and froze
    "learning.write",
    "learning.approve",  # never one's own writing
    "guidance.write",
    "guidance.approve",  # never what they wrote any part of
}
_AUDITOR = _READER | {"audit.read", "casework.review_views", "editions.read", "retention.read"}
_ADMINISTRATOR = frozenset(
    {
        "desk.enter",
        "accounts.manage",
        "organisations.read",
        "organisations.manage",
        "organisations.add_member",
        "legislation.read",
        "legislation.manage",
        "editions.read",
        "editions.propose",
        "editions.approve",
        "retention.read",  # counts, and references of cases that are not restricted: nothing that is in one
        "retention.approve",
    }
)

GRANTS: Final[dict[Role, frozenset[str]]] = {
    Role.EMPLOYER_REPORTER: _REPORTER,
    Role.EMPLOYER_LEAD: _LEAD,
    Role.CASE_OFFICER: _CASE_OFFICER,
    Role.INSPECTOR: _INSPECTOR,
    Role.ENFORCEMENT_MANAGER: _ENFORCEMENT_MANAGER,
    Role.ANALYST: _ANALYST,
    Role.AUDITOR: _AUDITOR,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}

SYSTEM_MAY: Final = frozenset(
    {
        "notifications.advance",
        "notifications.tend_drafts",
        "notifications.look_for_patterns",
        "deadlines.remind",
        "deadlines.escalate",
        "enforcement.propose_publication",
        "enforcement.release_entry",  # that two people approved, on its day
        "organisations.make_key",  # `create_api_key`, at the command line
        "organisations.add_member",  # `load_year` and the demonstration
        "organisations.remind_of_activity",
        "risk.run",
        "casework.remind_of_views",
        "editions.begin",
        "retention.redact",  # lists that two people approved
        "accounts.manage",  # `invite_staff` and `reset_second_step`, at the command line
    }
)

UNDECIDING: Final = frozenset(
    {
        *_READER - {"casework.break_glass"},
        "casework.note",
        "casework.attach",
        "casework.assign",  # handing a case on must always be possible
        "casework.review_views",
        "casework.manage_interests",
        "risk.run",
        "audit.read",
        *_ADMINISTRATOR - {"retention.approve"},
    }
)
"""What CQC's staff may do about an employer in which they declared an interest. Everything else decides
something about it, so a permission that is not named here is refused to them."""

PERMISSIONS: Final = frozenset().union(*GRANTS.values(), SYSTEM_MAY)


def decides(permission: str) -> bool:
    """Whether a deed under ``permission`` decides about an employer, so that an interest in it forbids it."""
    return permission not in UNDECIDING


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that hold ``permission``. An unknown permission raises ``LookupError``: a typing slip
    must not read as "nobody may"."""
    if permission not in PERMISSIONS:
        raise LookupError(f"no role and no scheduled work holds {permission!r}")
    return frozenset(role for role, held in GRANTS.items() if permission in held)
