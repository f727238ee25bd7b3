"""The investigation report over HTTP: written whole or field by field, filed once, and read back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import services
from notifications.content import REPORT_SECTIONS
from notifications.models import Cause, InvestigationReport, Notification, ReportDraft, TaxonomyVersion
from notifications.queries import report_draft, whole
from notifications.reports import MOST_ROWS, report_in_hand
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline
from tests.factories import Cast, member, notification_in
from tests.notifications.pages import browser, send
from tests.notifications.programs import WHOLE_REPORT, problem, program, stored, url

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def awaited(cast: Cast) -> Notification:
    return notification_in("awaiting_report", cast=cast)


def draft(notification: Notification) -> str:
    return url(notification, "report/draft/")


def test_a_system_writes_the_report_files_it_and_reads_it(cast: Cast, awaited: Notification) -> None:
    earlier = notification_in("submitted", cast=cast)
    client = program(cast.reporter)
    empty = client.get(draft(awaited)).json()
    assert (empty["version"], empty["saved_at"], empty["refusal"]) == (1, None, "")
    assert set(empty["missing"]) == {*REPORT_SECTIONS, "no_doses_reason", "no_actions_reason"}
    problem(client.get(url(awaited, "report/")), 404)
    typed = f" {str(earlier.case.reference).lower()} "
    body = {**WHOLE_REPORT, "version": 1, "earlier_references": [typed, str(earlier.case.reference)]}
    saved = client.put(draft(awaited), body, format="json")
    assert saved.status_code == 200, saved.content
    assert (saved.json()["version"], saved.json()["missing"]) == (2, {})
    filed = client.post(url(awaited, "report/file/"), {"version": 2}, format="json")
    assert filed.status_code == 200, filed.content
    told = filed.json()
    assert told["dose_rows"] == [WHOLE_REPORT["dose_rows"][0] | {"value": "7.500000"}]
    assert told["earlier_references"] == [earlier.case.reference]
    assert {name: told[name] for name in WHOLE_REPORT if name != "dose_rows"} == {
        name: text for name, text in WHOLE_REPORT.items() if name != "dose_rows"
    }
    assert client.get(url(awaited, "report/")).json() == told
    assert InvestigationReport.objects.get().filed_by == cast.reporter
    assert Deadline.objects.get(case=awaited.case, kind="report").met_on is not None
    after = client.get(draft(awaited)).json()
    assert (after["version"], after["what_happened"], after["missing"]) == (3, "", {})
    assert after["refusal"] == "The investigation report has been filed already."


def test_what_was_read_can_be_sent_back_as_it_is(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    client.put(draft(awaited), {**WHOLE_REPORT, "version": 1}, format="json")
    read = client.get(draft(awaited)).json()
    sent = {name: read[name] for name in (*WHOLE_REPORT, "earlier_references", "version")}
    again = client.put(draft(awaited), sent, format="json")
    assert again.status_code == 200, again.content
    told = again.json()
    assert {name: told[name] for name in sent if name != "version"} == {
        name: sent[name] for name in sent if name != "version"
    }


def test_a_field_that_is_left_out_stays_or_becomes_empty(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    client.put(draft(awaited), {**WHOLE_REPORT, "version": 1}, format="json")
    patched = client.patch(draft(awaited), {"version": 2, "learning": "More."}, format="json").json()
    assert (patched["learning"], patched["causes"]) == ("More.", WHOLE_REPORT["causes"])
    assert (patched["cause"], len(patched["dose_rows"])) == (WHOLE_REPORT["cause"], 1)
    emptied = client.patch(draft(awaited), {"version": 3, "dose_rows": [], "cause": None}, format="json")
    assert (emptied.json()["dose_rows"], emptied.json()["cause"]) == ([], None)
    whole_again = client.put(draft(awaited), {"version": 4, "learning": "Last."}, format="json").json()
    assert (whole_again["learning"], whole_again["causes"]) == ("Last.", "")


def test_page_and_program_write_the_same_draft(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    client.patch(draft(awaited), {"version": 1, "learning": "By program."}, format="json")
    colleague = browser(member(cast.employer))
    page = f"/notifications/{awaited.case.reference}/report/candour/"
    assert send(colleague, page, candour="By hand.").status_code == 302
    refused = client.patch(draft(awaited), {"version": 2, "candour": "By program."}, format="json")
    assert problem(refused, 409)["version"] == 3
    read = client.get(draft(awaited)).json()
    assert (read["learning"], read["candour"]) == ("By program.", "By hand.")


def test_the_desks_work_makes_no_draft_stale(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    client.put(draft(awaited), {**WHOLE_REPORT, "version": 1}, format="json")
    version = Notification.objects.get(pk=awaited.pk).case.version
    services.extend_report(
        notification=awaited,
        by=cast.officer,
        version=version,
        due_on=Deadline.objects.get(case=awaited.case, kind="report").due_on.replace(month=6),
        reason="An expert is ill.",
    )
    filed = client.post(url(awaited, "report/file/"), {"version": 2}, format="json")
    assert filed.status_code == 200, filed.content


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dose_rows": [{"value": "many"}]}, "dose_rows.0.value"),
        ({"dose_rows": [{"value": "1"}, {"value": "-1"}]}, "dose_rows.1.value"),
        ({"dose_rows": [{"value": "1.1234567"}]}, "dose_rows.0.value"),
        ({"dose_rows": [{"value": "123456789"}]}, "dose_rows.0.value"),
        ({"dose_rows": [{"value": "NaN"}]}, "dose_rows.0.value"),
        ({"dose_rows": [{"value": "Infinity"}]}, "dose_rows.0.value"),
        ({"dose_rows": [{"value": [1]}]}, "dose_rows.0.value"),
        ({"dose_rows": [{}, {"unit": "m" * 31}]}, "dose_rows.1.unit"),
        ({"dose_rows": [{"person": None}]}, "dose_rows.0.person"),
        ({"dose_rows": [{"person": "a\x00b"}]}, "dose_rows.0.person"),
        ({"dose_rows": [{"name": "Person A"}]}, "dose_rows.0.name"),
        ({"dose_rows": ["Person A"]}, "dose_rows.0.non_field_errors"),
        ({"dose_rows": {}}, "dose_rows.non_field_errors"),
        ({"dose_rows": "7.5"}, "dose_rows.non_field_errors"),
        ({"dose_rows": None}, "dose_rows"),
        ({"dose_rows": [{}] * (MOST_ROWS + 1)}, "dose_rows.non_field_errors"),
        ({"learning": "x" * 100_001}, "learning"),
        ({"learning": "a\x00b"}, "learning"),
        ({"learning": None}, "learning"),
        ({"learning": ["a"]}, "learning"),
        ({"cause": "no-such-cause"}, "cause"),
        ({"cause": "rt-referrer-wrong-patient"}, "cause"),
        ({"cause": ["di-referrer-wrong-patient"]}, "cause"),
        ({"cause": {}}, "cause"),
        ({"cause": "\x00"}, "cause"),
        ({"earlier_references": ["IRN-2026-00042-K"]}, "earlier_references"),
        ({"earlier_references": "IRN-2026-00042-K"}, "earlier_references"),
        ({"earlier_references": ["\x00"]}, "earlier_references.0"),
        ({"earlier_references": ["x"] * 101}, "earlier_references"),
        ({"filed_at": "2026-03-01"}, "filed_at"),
    ],
)
@pytest.mark.parametrize("method", ["put", "patch"])
def test_nonsense_is_refused_with_the_field_named(
    method: str, changes: dict[str, Any], field: str, cast: Cast, awaited: Notification
) -> None:
    client, before = program(cast.reporter), stored()
    answer = getattr(client, method)(draft(awaited), changes | {"version": 1}, format="json")
    assert set(problem(answer, 400)["errors"]) == {field}
    assert stored() == before


def test_an_unfinished_report_is_not_filed_and_what_is_missing_is_named(
    cast: Cast, awaited: Notification
) -> None:
    client = program(cast.reporter)
    rows = [{"person": "Person A", "value": "7.5"}]
    client.patch(draft(awaited), {"version": 1, "causes": "Two lists.", "dose_rows": rows}, format="json")
    missing = client.get(draft(awaited)).json()["missing"]
    before = stored()
    refused = client.post(url(awaited, "report/file/"), {"version": 2}, format="json")
    assert problem(refused, 400)["errors"] == missing
    assert {"dose_rows.0.unit", "dose_rows.0.method", "what_happened", "no_actions_reason"} <= set(missing)
    assert "causes" not in missing
    assert stored() == before


@pytest.mark.parametrize("state", ["draft", "withdrawn", "report_received", "closed"])
def test_where_none_can_be_written_none_is_kept_or_filed(state: str, cast: Cast) -> None:
    made = notification_in(state, cast=cast)
    client, before = program(cast.reporter), stored()
    assert client.get(draft(made)).json()["refusal"]
    problem(client.put(draft(made), {**WHOLE_REPORT, "version": 1}, format="json"), 409)
    problem(client.patch(draft(made), {"version": 1, "learning": "More."}, format="json"), 409)
    problem(client.post(url(made, "report/file/"), {"version": 1}, format="json"), 409)
    assert stored() == before


def test_filed_twice_with_another_key_is_filed_once(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    client.put(draft(awaited), {**WHOLE_REPORT, "version": 1}, format="json")
    first, second = (
        client.post(
            url(awaited, "report/file/"), {"version": 2}, format="json", headers={"Idempotency-Key": key}
        )
        for key in ("one", "other")
    )
    assert first.status_code == 200
    problem(second, 409)
    assert Event.objects.filter(case=awaited.case, type="notifications.report_filed").count() == 1


def test_a_cause_of_an_earlier_edition_stays_chosen(cast: Cast, awaited: Notification) -> None:
    """Of an edition that is over, and of one slug that both editions have."""
    client = program(cast.reporter)
    client.put(draft(awaited), {**WHOLE_REPORT, "version": 1}, format="json")
    chosen = Cause.objects.get(slug=WHOLE_REPORT["cause"])
    newer = TaxonomyVersion.objects.create(
        key="newer", label="Newer", effective_from="2026-03-01", source="A test"
    )
    assert newer.effective_from
    again = client.patch(draft(awaited), {"version": 2, "cause": chosen.slug}, format="json")
    assert (again.status_code, again.json()["cause"]) == (200, chosen.slug)
    other = Cause.objects.exclude(pk=chosen.pk).filter(modality=chosen.modality).first()
    assert other is not None
    refused = client.patch(draft(awaited), {"version": 3, "cause": other.slug}, format="json")
    assert set(problem(refused, 400)["errors"]) == {"cause"}


ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("1e400"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["person", "value", "unit", "method", "odd"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def test_whatever_is_sent_is_answered_and_what_is_kept_can_be_read(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        st.sampled_from(["put", "patch"]),
        st.dictionaries(st.sampled_from([*WHOLE_REPORT, "earlier_references", "odd"]), ANYTHING, max_size=4),
    )
    def sent(method: str, body: dict[str, Any]) -> None:
        version = client.get(draft(awaited)).json()["version"]
        try:
            answer = getattr(client, method)(draft(awaited), body | {"version": version}, format="json")
        except ValueError:  # NaN and the infinities are no JSON, so the client does not send them
            return
        assert answer.status_code in (200, 400), (body, answer.content)
        if answer.status_code == 200:
            assert client.get(draft(awaited)).json() == answer.json()
        else:
            problem(answer, 400)

    sent()


def test_reading_takes_as_many_queries_for_many_doses_and_actions_as_for_few(
    cast: Cast, awaited: Notification
) -> None:
    client = program(cast.reporter)
    counts = []
    for version, rows in ((1, 1), (2, 50)):
        row = WHOLE_REPORT["dose_rows"][0]
        body = {**WHOLE_REPORT, "version": version, "dose_rows": [row] * rows}
        assert client.put(draft(awaited), body, format="json").status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(draft(awaited)).json()["dose_rows"]) == rows
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
    assert client.post(url(awaited, "report/file/"), {"version": 3}, format="json").status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(url(awaited, "report/")).json()["dose_rows"]) == 50
    assert len(captured) <= 6


def test_cqc_sees_no_draft(cast: Cast, awaited: Notification) -> None:
    program(cast.reporter).patch(draft(awaited), {"version": 1, "learning": "Not for CQC."}, format="json")
    held = report_draft(awaited)
    assert report_in_hand(held).learning == "Not for CQC."
    assert held == ReportDraft.objects.get()
    assert browser(cast.officer).get(draft(awaited)).status_code == 403
    assert not hasattr(whole().get(pk=awaited.pk), "report")
