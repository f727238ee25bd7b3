"""Triage as the desk does it: the suggestion, following it, another risk for a reason, and what is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from notifications import services
from notifications.models import Notification, TriageAssessment
from notifications.queries import a_year_before, like_events, whole
from notifications.triage.weighing import Inputs, read_weights, weigh
from regulator import clock
from regulator.casework.models import Case, Event, EventText
from regulator.casework.services.identifiers import IdentifiersFound
from tests.factories import Cast, SiteFactory, a_cause, notification_in
from tests.notifications.pages import browser

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def sent(cast: Cast) -> Notification:
    return notification_in("submitted", cast=cast, number_exposed=1)


def band_of(notification: Notification) -> Case.Risk:
    read = whole().prefetch_related("case__deadlines").get(pk=notification.pk)
    return Case.Risk(int(services.suggested(read)[1].band))


def another(risk: Case.Risk) -> Case.Risk:
    return Case.Risk.LOW if risk == Case.Risk.HIGH else Case.Risk.HIGH


def triage(notification: Notification, cast: Cast, risk: Case.Risk, **more: Any) -> None:
    version = notification.case.version
    services.triage(notification=notification, by=cast.officer, version=version, risk=risk, **more)


def test_the_suggested_risk_needs_no_reason_and_keeps_none(cast: Cast, sent: Notification) -> None:
    band = band_of(sent)
    triage(sent, cast, band, reason="Typed, but not needed.")
    kept = TriageAssessment.objects.get()
    assert (kept.suggested, kept.chosen, kept.reason, kept.made_by) == (band, band, "", cast.officer)
    assert not EventText.objects.filter(event__type="notifications.triaged").exists()


def test_another_risk_is_refused_without_a_reason_and_says_what_was_suggested(
    cast: Cast, sent: Notification
) -> None:
    band = band_of(sent)
    with pytest.raises(ValidationError) as refused:
        triage(sent, cast, another(band), reason="  ")
    assert f"the suggestion is {band.label.lower()}." in refused.value.message_dict["reason"][0]
    assert not TriageAssessment.objects.exists()
    assert Case.objects.get(pk=sent.pk).status == "submitted"


def test_another_risk_with_a_reason_is_kept_and_recorded_on_the_chain(cast: Cast, sent: Notification) -> None:
    band = band_of(sent)
    triage(sent, cast, another(band), reason="Three like it elsewhere.")
    kept = TriageAssessment.objects.get()
    assert (kept.suggested, kept.chosen, kept.reason) == (band, another(band), "Three like it elsewhere.")
    event = Event.objects.get(type="notifications.triaged")
    assert (event.payload["suggested"], event.payload["risk"]) == (band, another(band))
    assert event.payload["inputs"] == kept.inputs
    assert "Three like it" not in str(event.payload)


def test_what_is_kept_gives_the_suggestion_again(cast: Cast, sent: Notification) -> None:
    triage(sent, cast, band_of(sent))
    kept = TriageAssessment.objects.get()
    from notifications.triage.weighing import KINDS

    inputs = Inputs(**{name: KINDS[name](value) for name, value in kept.inputs.items()})  # type: ignore[arg-type]
    again = weigh(inputs, read_weights())
    assert (int(again.band), again.points, again.version) == (kept.suggested, kept.points, kept.weights)


def test_a_reason_that_identifies_somebody_is_refused(cast: Cast, sent: Notification) -> None:
    with pytest.raises(IdentifiersFound):
        triage(sent, cast, another(band_of(sent)), reason="Mrs Smithson, 943 476 5919")
    assert not TriageAssessment.objects.exists()
    reason, why = "The code 943 476 5919 is that of the guidance.", "It is the invented number."
    triage(sent, cast, another(band_of(sent)), reason=reason, identifies_nobody=why)
    assert TriageAssessment.objects.get().reason == reason


def test_the_database_holds_no_override_without_a_reason(cast: Cast, sent: Notification) -> None:
    triage(sent, cast, band_of(sent))
    chosen = int(another(band_of(sent)))
    with pytest.raises(IntegrityError), transaction.atomic():
        TriageAssessment.objects.update(chosen=chosen)


def test_a_replayed_past_keeps_its_risk_and_says_that_nobody_weighed_it(
    cast: Cast, sent: Notification
) -> None:
    with clock.at(clock.now()):
        triage(sent, cast, another(band_of(sent)))
    assert TriageAssessment.objects.get().reason == "The risk as it was recorded when this happened."


def test_like_events_are_those_of_the_site_in_the_year_before(cast: Cast) -> None:
    site, elsewhere = SiteFactory.create_batch(2, employer=cast.employer)
    cause = a_cause("diagnostic_imaging")
    here: dict[str, Any] = {"cast": cast, "site": site, "reporter_cause": cause}
    mine = notification_in("submitted", **here)
    assert like_events(mine) == 0
    for state, changes in (
        ("submitted", here),
        ("closed", here),
        ("draft", here),
        ("withdrawn", here),
        ("not_notifiable", here),
        ("submitted", {**here, "site": elsewhere}),
        ("submitted", {**here, "reporter_cause": other_cause(cause.pk)}),
        ("submitted", {**here, "cast": Cast(), "site": None}),
    ):
        notification_in(state, **changes)
    assert like_events(Notification.objects.get(pk=mine.pk)) == 2


def other_cause(pk: int) -> Any:
    from notifications.models import Cause

    own = Cause.objects.get(pk=pk)
    return Cause.objects.filter(modality=own.modality).exclude(rollup=own.rollup)[0]


def test_cqcs_own_coding_counts_before_the_reporters_view(cast: Cast) -> None:
    cause, coded = a_cause("diagnostic_imaging"), other_cause(a_cause("diagnostic_imaging").pk)
    mine, other = (notification_in("submitted", cast=cast, reporter_cause=cause) for _ in range(2))
    assert like_events(mine) == 1
    coding = {"cqc_cause": coded, "coded_at": clock.now(), "coded_by": cast.officer}
    Notification.objects.filter(pk=other.pk).update(**coding)
    assert like_events(mine) == 0


def test_the_year_before_ends_on_the_same_day_of_last_year(cast: Cast) -> None:
    cause = a_cause("diagnostic_imaging")
    mine, other = (notification_in("submitted", cast=cast, reporter_cause=cause) for _ in range(2))
    discovered = mine.discovered_on
    assert discovered is not None
    for days, counted in ((0, 1), (1, 0)):
        day = a_year_before(discovered) - timedelta(days=days)
        Notification.objects.filter(pk=other.pk).update(
            occurred_on=day, discovered_on=day, occurred_until=None
        )
        assert like_events(mine) == counted
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)


def test_recurrence_weighs_in_the_suggestion(cast: Cast) -> None:
    cause = a_cause("diagnostic_imaging")
    mine = notification_in("submitted", cast=cast, reporter_cause=cause)
    notification_in("submitted", cast=cast, reporter_cause=cause)
    read = whole().prefetch_related("case__deadlines").get(pk=mine.pk)
    assert services.suggested(read)[0].recurrence.value == "once"


def test_lateness_weighs_from_the_first_day_after_the_fourteen(cast: Cast) -> None:
    for days, late in ((14, "no"), (15, "yes")):
        discovered = clock.today() - timedelta(days=days)
        made = notification_in("submitted", cast=cast, discovered_on=discovered, occurred_on=discovered)
        read = whole().prefetch_related("case__deadlines").get(pk=made.pk)
        assert services.suggested(read)[0].late.value == late


# The desk ------------------------------------------------------------------------------------------


def deed(notification: Notification) -> str:
    return f"/desk/casework/case/{notification.pk}/do/triage/"


def read(client: Client, notification: Notification) -> dict[str, Any]:
    form = client.get(deed(notification)).context["read"]
    return {f"read-{name}": form[name].value() for name in ("version", "seen")}


def test_the_desk_shows_the_suggestion_with_its_reasons_and_has_it_chosen(
    cast: Cast, sent: Notification
) -> None:
    form = browser(cast.officer).get(deed(sent)).context["form"]
    _, suggestion = services.suggested(whole().prefetch_related("case__deadlines").get(pk=sent.pk))
    assert form.fields["risk"].initial == int(suggestion.band)
    assert suggestion.reasons
    for reason in suggestion.reasons:
        assert reason.sentence in form.fields["risk"].help_text


def test_the_desk_asks_for_the_reason_beside_its_box_and_keeps_the_choice(
    cast: Cast, sent: Notification
) -> None:
    client, other = browser(cast.officer), another(band_of(sent))
    typed = read(client, sent) | {"risk": str(int(other)), "comment": "Kept."}
    answer = client.post(deed(sent), typed)
    assert answer.status_code == 400
    form = answer.context["form"]
    assert "Say why, as the suggestion is" in form.errors["reason"][0]
    assert (form["risk"].value(), form["comment"].value()) == (str(int(other)), "Kept.")
    assert client.post(deed(sent), typed | {"reason": "Known site."}).status_code == 302
    assert TriageAssessment.objects.get().reason == "Known site."


def test_what_was_told_meanwhile_changes_the_suggestion_and_is_not_followed_unseen(
    cast: Cast, sent: Notification
) -> None:
    """Between the page and the button another rule comes to weigh: the former choice now needs a reason."""
    client = browser(cast.officer)
    typed = read(client, sent) | {"risk": str(int(band_of(sent)))}
    Notification.objects.filter(pk=sent.pk).update(harm="death")
    Case.objects.filter(pk=sent.pk).update(version=F("version"))
    answer = client.post(deed(sent), typed)
    assert answer.status_code == 400
    assert "the suggestion is high" in answer.context["form"].errors["reason"][0]


def test_the_page_of_the_case_says_what_was_suggested_and_why_another_was_chosen(
    cast: Cast, sent: Notification
) -> None:
    client = browser(cast.officer)
    address = f"/desk/casework/case/{sent.pk}/"
    assert "Suggested risk" in client.get(address).content.decode()
    triage(sent, cast, another(band_of(sent)), reason="Three like it elsewhere.")
    page = client.get(address).content.decode()
    assert "Three like it elsewhere." in page
    assert (
        "Three like it elsewhere."
        not in browser(cast.reporter).get(f"/notifications/{sent.case.reference}/").content.decode()
    )
