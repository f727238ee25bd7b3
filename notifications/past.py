"""What notifications tell of a case's past: what was told in which version, triage, the report, the coding,
the corrective actions and the sign-offs."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist

from notifications import lifecycle, redaction
from notifications.codes import regime_of
from notifications.content import REPORT_SECTIONS, canonical, content_of, digest
from notifications.facts import told as told_facts
from notifications.models import (
    Acknowledgement,
    CorrectiveAction,
    InvestigationReport,
    Notification,
    NotificationVersion,
    SignOff,
    Strength,
)
from notifications.queries import KIND, whole
from notifications.reports import report_as_filed
from notifications.services.drafts import summary_from
from notifications.versions import as_told
from regulator.casework.chain import text_digest
from regulator.casework.desk import FactSection
from regulator.casework.evidence.chapters import present_case
from regulator.casework.evidence.kept import kept_texts
from regulator.casework.evidence.past import (
    CHAPTERS,
    TEXTS,
    Chapter,
    Said,
    State,
    Told,
    day_of,
    gap,
    iso,
    row_of,
    why_missing,
)
from regulator.casework.evidence.showing import TELLERS, WORDS
from regulator.casework.kinds import REMOVED
from regulator.casework.models import Case

UNSENT: Final = "A draft is not CQC's to read; only its digest is on record."
_DRAFTS: Final = frozenset({lifecycle.DRAFT, lifecycle.DISCARDED})
_SAID: Final = frozenset({"drafted", "draft_saved", "submitted", "amended"})


def contribute() -> None:
    CHAPTERS.register("notifications", Chapter(take, start, finish, present))
    WORDS.register("actions.strength", lambda value: str(Strength(value).label))
    WORDS.register("sign_offs.role", lambda value: str(SignOff.Role(value).label))
    WORDS.register("sign_offs.outcome", lambda value: str(SignOff.Outcome(value).label) if value else "")
    for name in ("risk", "suggested"):
        WORDS.register(f"triage.{name}", lambda value: str(Case.Risk(value).label))
    TELLERS.register("notification.told", tell)
    TELLERS.register("notification.report.sections", tell_report)
    TEXTS.register("notification", contents)
    TEXTS.register("report", reports)
    TEXTS.register("action_role", _actions("owner_role"))
    TEXTS.register("action_check", _actions("effect_check"))


def tell(case: Case, content: dict[str, Any]) -> list[FactSection]:
    """What was told, as the pages of a notification show it. Six queries at most."""
    stored = whole().filter(pk=case.pk).first()
    if stored is None:
        return []
    [read] = as_told(stored, [json.dumps(content)])
    then = content_of(read)
    regime = regime_of(then)  # follows from the days that were told then, not from those told now
    read.criteria_regime = regime.regime_of(then.criterion_code) if regime else ""
    sections: dict[str, list[tuple[str | Case, object]]] = {}
    for heading, label, text in told_facts(read):
        sections.setdefault(f"What was told: {heading.lower()}", []).append((label, text))
    return [FactSection(title, tuple(rows)) for title, rows in sections.items()]


def tell_report(case: Case, content: dict[str, Any]) -> list[FactSection]:
    """The sections of the report, each under its heading. No query."""
    rows: list[tuple[str | Case, object]] = []
    for name in (*REPORT_SECTIONS, "no_doses_reason", "no_actions_reason", "earlier_references", "cause"):
        label = str(getattr(InvestigationReport._meta.get_field(name), "verbose_name", name))
        if content.get(name):
            rows.append((label[:1].upper() + label[1:], content[name]))
    doses: list[tuple[str | Case, object]] = [
        (str(dose["person"]), f"{dose['value']} {dose['unit']}: {dose['method']}")
        for dose in content.get("dose_rows", [])
    ]
    return [FactSection("Investigation report", (*rows, *doses))]


def start(case: Case) -> State:
    if case.kind != KIND:
        return {}
    part: State = {"sha256": None, "versions": [], "told": gap(UNSENT), "report": None, "coding": None}
    part |= {"merged_into": None, "acknowledged": None}
    return {"notification": part, "triage": None, "actions": [], "sign_offs": []}


def take(state: State, told: Told) -> None:
    name = told.type.removeprefix("notifications.")
    if name == told.type or "notification" not in state:
        return
    if name == "triaged":
        _take_triage(state, told)
    elif name.startswith("action_"):
        _take_action(state["actions"], told, name)
    elif name.startswith("sign_off_"):
        _take_sign_off(state["sign_offs"], told, name.removeprefix("sign_off_"))
    elif name == "draft_removed":
        state |= {"files": [], "sign_offs": []}
        state["notification"]["sha256"] = None
    else:
        _take_part(state["notification"], told, name)


def _take_part(part: dict[str, Any], told: Told, name: str) -> None:
    """What changes the notification itself."""
    if name in _SAID:
        _take_content(part, told, name)
    elif name == "report_filed":
        _take_report(part, told)
    elif name == "cause_coded":
        coding = {"version": told.payload["version"], "cause": told.payload["cause"]}
        part["coding"] = {**coding, "by": told.by, "on": told.day}
    elif name == "acknowledged":
        part["acknowledged"] = {"by": told.by, "on": told.day}
    elif name in ("merged", "reopened"):
        part["merged_into"] = told.payload.get("into")


def _take_content(part: dict[str, Any], told: Told, name: str) -> None:
    part["sha256"] = told.payload["sha256"]
    if name in ("submitted", "amended"):
        part["told"] = Said("notification", part["sha256"], part["sha256"])
    if name == "amended":
        part["versions"].append(
            {
                "version": told.payload["version"],
                "replaced_by": told.by,
                "replaced_on": told.day,
                "sha256": told.payload["before"],
                "reason": told.text,
            }
        )


def _take_report(part: dict[str, Any], told: Told) -> None:
    sha256 = told.payload["sha256"]
    text = Said("report", sha256, sha256)
    part["report"] = {"by": told.by, "on": told.day, "sha256": sha256, "sections": text}


def _take_triage(state: State, told: Told) -> None:
    state["case"]["risk"] = told.get("risk")
    state["case"]["assignee"] = told.get("lead")
    names = ("risk", "suggested", "points", "weights", "inputs")
    state["triage"] = {name: told.get(name) for name in names}
    state["triage"] |= {"by": told.by, "on": told.day, "reason": told.text}


def _take_action(rows: list[dict[str, Any]], told: Told, name: str) -> None:
    payload, key = told.payload, told.payload["action"]
    if name == "action_added":
        rows.append(
            {
                "action": key,
                "what": told.text,
                "strength": payload["strength"],
                "owner_role": Said("action_role", key, payload.get("owner_sha256")),
                "effect_check": Said("action_check", key, payload.get("check_sha256")),
                "planned_for": payload["planned_for"],
                "by": told.by,
                "done_on": None,
                "cancelled_on": None,
                "cancelled_reason": "",
            }
        )
        return
    found = row_of(rows, "action", key)
    if name == "action_done":
        found["done_on"] = payload["done_on"]
    elif name == "action_moved":
        found["planned_for"] = payload["to"]
    elif name == "action_cancelled":
        found |= {"cancelled_on": told.day, "cancelled_reason": told.text}


def _take_sign_off(rows: list[dict[str, Any]], told: Told, name: str) -> None:
    key = told.payload["sign_off"]
    if name == "asked":
        for replaced in told.payload.get("replaces", []):
            row_of(rows, "sign_off", replaced)["cancelled_on"] = told.day
        rows.append(
            {
                "sign_off": key,
                "role": told.payload["role"],
                "by": told.by,
                "on": told.day,
                "sha256": told.payload["sha256"],
                "outcome": "",
                "decided_on": None,
                "cancelled_on": None,
            }
        )
    elif name == "cancelled":
        row_of(rows, "sign_off", key)["cancelled_on"] = told.day
    else:
        row_of(rows, "sign_off", key).update(outcome=name, decided_on=told.day)


def finish(state: State, case: Case, moment: datetime) -> None:
    """What was told becomes plain values, and gives the case's place and the line by which lists name it."""
    if "notification" not in state:
        return
    part = state["notification"]
    part["told"] = _plain(part["told"])
    if part["report"] is not None:
        part["report"]["sections"] = _plain(part["report"]["sections"])
    state["case"] |= _named(part["told"])


def _plain(text: Any) -> Any:
    return text if why_missing(text) else json.loads(text)


def _named(told: Any) -> dict[str, Any]:
    if why_missing(told):
        return dict.fromkeys(("site", "modality", "summary"), told)
    summary = summary_from(told["basis"], told["sub_modality"], told["procedure"])
    return {"site": told["site"], "modality": told["modality"], "summary": summary}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    stored = whole().filter(pk=case.pk).first()
    if stored is None:
        part = start(case)
        return part | {"case": _case(case, gap(UNSENT))}
    told = gap(UNSENT) if case.status in _DRAFTS else json.loads(canonical(content_of(stored)))
    triage = stored.triages.first()
    return {
        "case": _case(case, told),
        "notification": {
            "sha256": digest(content_of(stored)),
            "versions": [_version(each) for each in stored.versions.all()],
            "told": told,
            "report": _report(stored),
            "coding": _coding(stored),
            "merged_into": stored.merged_into_id,
            "acknowledged": _acknowledged(stored),
        },
        "triage": {
            "risk": triage.chosen,
            "suggested": triage.suggested,
            "points": triage.points,
            "weights": triage.weights,
            "inputs": triage.inputs,
            "by": triage.made_by_id,
            "on": day_of(triage.made_at),
            "reason": triage.reason,
        }
        if triage
        else None,
        "actions": [_action(each) for each in stored.actions.order_by("pk")],
        "sign_offs": [
            {
                "sign_off": each.pk,
                "role": each.role,
                "by": each.asked_by_id,
                "on": day_of(each.asked_at),
                "sha256": each.asked_sha256,
                "outcome": each.outcome,
                "decided_on": day_of(each.decided_at) if each.decided_at else None,
                "cancelled_on": day_of(each.cancelled_at) if each.cancelled_at else None,
            }
            for each in stored.sign_offs.order_by("pk")
        ],
    }


def _case(case: Case, told: Any) -> dict[str, Any]:

    part: dict[str, Any] = present_case(case)["case"]
    named = (
        {"site": case.site_id, "modality": case.modality, "summary": case.summary}
        if not why_missing(told)
        else _named(told)
    )
    return part | named


def _version(version: NotificationVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "replaced_by": version.by_id,
        "replaced_on": day_of(version.made_at),
        "sha256": version.digest,
        "reason": version.reason,
    }


def _report(stored: Notification) -> dict[str, Any] | None:
    try:
        report = stored.report
    except ObjectDoesNotExist:
        return None
    content = report_as_filed(report)
    return {
        "by": report.filed_by_id,
        "on": day_of(report.filed_at),
        "sha256": digest(content),
        "sections": json.loads(canonical(content)),
    }


def _acknowledged(stored: Notification) -> dict[str, Any] | None:
    told = Acknowledgement.objects.filter(pk=stored.pk).first()
    return {"by": told.by_id, "on": day_of(told.at)} if told else None


def _coding(stored: Notification) -> dict[str, Any] | None:
    cause = stored.cqc_cause
    if cause is None or stored.coded_at is None:
        return None
    which = {"version": cause.version_id, "cause": cause.slug}
    return {**which, "by": stored.coded_by_id, "on": day_of(stored.coded_at)}


def _action(action: CorrectiveAction) -> dict[str, Any]:
    return {
        "action": action.pk,
        "what": action.what,
        "strength": action.strength,
        "owner_role": action.owner_role,
        "effect_check": action.effect_check,
        "planned_for": action.planned_for.isoformat(),
        "by": action.added_by_id,
        "done_on": iso(action.done_on),
        "cancelled_on": day_of(action.cancelled_at) if action.cancelled_at else None,
        "cancelled_reason": action.cancelled_reason,
    }


def contents(case: Case, digests: Collection[Any]) -> dict[Any, str]:
    """What was told, by its digest: as it was kept; where that was not done yet, from the version that an
    amendment kept, or from the notification as it stands. At most four queries."""
    found = kept_texts(case, digests)
    missing = set(digests) - set(found)
    if missing:
        rows = NotificationVersion.objects.filter(notification=case.pk, digest__in=missing).exclude(
            content=""
        )
        found |= dict(rows.values_list("digest", "content"))
        missing -= set(found)
    stored = whole().filter(pk=case.pk).first() if missing else None
    if stored is not None:
        emptied = not found and redaction.says_nothing(stored)
        said = canonical(content_of(stored))
        found |= {each: REMOVED if emptied and text_digest(said) != each else said for each in missing}
    return found


def reports(case: Case, digests: Collection[Any]) -> dict[Any, str]:
    """The one report of a case: filed once and never edited. Three queries."""
    report = InvestigationReport.objects.select_related("cause").filter(pk=case.pk).first()
    if report is None:
        return {}
    content = canonical(report_as_filed(report))
    emptied = redaction.reports_nothing(report)
    return {each: REMOVED if emptied and text_digest(content) != each else content for each in digests}


def _actions(column: str) -> Any:
    def read(case: Case, keys: Collection[Any]) -> dict[Any, str]:
        rows = CorrectiveAction.objects.filter(notification=case.pk, pk__in=keys)
        return dict(rows.values_list("pk", column))

    return read
