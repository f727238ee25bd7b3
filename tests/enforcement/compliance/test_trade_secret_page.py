"""The employer's page on which it claims that the register would tell a trade secret, and what the page of
the notice says of the claim from then on."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from enforcement import services as enforcing
from enforcement.gate import services as gate
from enforcement.gate.models import Claim
from enforcement.models import Notice
from notifications.forms.questions import LONGEST_TEXT
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Attachment, Case, Event
from tests.enforcement.compliance.test_pages import opened, page
from tests.enforcement.gate.stage import entry_of
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member
from tests.notifications.pages import browser, problems, text

Travel = time_machine.Traveller
SAID = "How the shielding of the vault is made, which nobody else can make."
LINK = "Claim that the public register would tell a trade secret"


def claim(scene: Scene, notice: Notice, by: Any = None, **typed: Any) -> Any:
    """The page, sent."""
    sent = {"version": notice.case.version, "text": SAID, **typed}
    return browser(by or scene.lead).post(page("trade_secret", notice), sent)


def test_the_page_says_until_when_and_what_happens_then(scene: Scene) -> None:
    notice = scene.notice("served")
    assert f"{LINK}</a>, until 17 March 2025" in opened(scene, notice)
    said = opened(scene, notice, "trade_secret")
    for words in (
        "17 March 2025",
        "14 days after the day of service, 3 March 2025.",
        "short form of the entry only",
        "appeal to the Secretary of State",
        "it binds you, and each of its dates stands",
    ):
        assert words in said, words


def test_a_claim_is_kept_with_its_file_and_the_notice_says_so(scene: Scene) -> None:
    notice = scene.notice("served")
    file = SimpleUploadedFile("shielding.txt", b"The process.")
    assert claim(scene, notice, file=file).status_code == 302
    made = Claim.objects.get()
    assert (made.text, made.claimed_on, made.recorded_by) == (SAID, clock.today(), scene.lead)
    assert made.file == Attachment.objects.of_the_employer().get(case=notice.pk)
    said = opened(scene, notice)
    for words in ("You claimed on 3 March 2025", "the short entry only", "You claimed a trade secret", SAID):
        assert words in said, words
    assert "shielding.txt" in said
    assert LINK not in said
    assert first_broken_link() is None


def test_a_claim_of_the_last_day_puts_the_short_entry_on_the_register(scene: Scene, travel: Travel) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=14))
    assert LINK in opened(scene, notice)
    assert claim(scene, notice).status_code == 302
    travel.shift(timedelta(days=9))
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert (entry.form, entry.description) == ("short", "")


def test_a_late_claim_is_refused_in_words_and_loses_nothing(scene: Scene, travel: Travel) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=15))
    answer = claim(scene, notice)
    assert answer.status_code == 400
    assert any("The last day was 17 March 2025" in each for each in problems(answer))
    assert SAID in text(answer)
    assert not Claim.objects.exists()
    assert LINK not in opened(scene, notice)
    assert browser(scene.lead).get(page("trade_secret", notice)).status_code == 302


def test_a_second_claim_is_refused_in_words_and_loses_nothing(scene: Scene) -> None:
    notice = scene.notice("served")
    claim(scene, notice)
    notice.case.refresh_from_db()
    answer = claim(scene, notice, text="Another thing.")
    assert answer.status_code == 409
    assert problems(answer) == ["A claim is on record already."]
    assert "Another thing." in text(answer)
    assert Claim.objects.get().text == SAID
    assert browser(scene.lead).get(page("trade_secret", notice)).status_code == 302


def test_an_overtaken_version_is_told_and_can_be_sent_again(scene: Scene) -> None:
    notice = scene.notice("served")
    scene._ask_time(notice)
    answer = claim(scene, notice, version=notice.case.version - 1)
    assert answer.status_code == 409
    assert SAID in text(answer)
    assert not Claim.objects.exists()
    assert f'name="version" value="{notice.case.version}"' in text(answer)
    assert claim(scene, notice).status_code == 302


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"text": ""}, 400, "Enter what the entry would tell, and why it is a trade secret"),
        ({"text": " \n"}, 400, "Enter what the entry would tell, and why it is a trade secret"),
        ({"text": "a" * (LONGEST_TEXT + 1)}, 400, "characters or fewer"),
        ({"text": "Ask the patient, 943 476 5919."}, 400, "identifies nobody"),
        ({"version": ""}, 400, "problem"),
        ({"version": "9" * 40}, 400, "problem"),
    ],
)
def test_nonsense_is_refused_beside_its_box(
    scene: Scene, typed: dict[str, str], status: int, words: str
) -> None:
    notice = scene.notice("served")
    before = Event.objects.count(), Case.objects.get(pk=notice.pk).version
    answer = claim(scene, notice, **typed)
    assert answer.status_code == status
    assert words in text(answer)
    assert not Claim.objects.exists()
    assert (Event.objects.count(), Case.objects.get(pk=notice.pk).version) == before


def test_a_reason_why_nobody_is_identified_lets_it_through(scene: Scene) -> None:
    notice = scene.notice("served")
    typed = {"text": "Lot 943 476 5919 of the alloy.", "identifies_nobody": "It is the number of a lot."}
    assert claim(scene, notice, **typed).status_code == 302
    assert "Lot 943 476 5919" in Claim.objects.get().text


def test_nobody_else_claims(scene: Scene) -> None:
    notice = scene.notice("served")
    stranger = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    for by, status in ((stranger, 404), (scene.reporter, 403), (scene.manager, 403), (scene.inspector, 403)):
        assert browser(by).get(page("trade_secret", notice)).status_code == status
        assert claim(scene, notice, by).status_code == status
    assert browser().get(page("trade_secret", notice)).status_code == 302
    assert not Claim.objects.exists()


@pytest.mark.parametrize("state", ["withdrawn", "cancelled"])
def test_on_a_notice_that_no_longer_stands_nothing_is_claimed(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    assert LINK not in opened(scene, notice)
    assert browser(scene.lead).get(page("trade_secret", notice)).status_code == 302
    answer = claim(scene, notice)
    assert answer.status_code == 409
    assert problems(answer) == ["A claim is made on a notice that was served."]


def test_the_notice_says_what_becomes_of_the_claim(scene: Scene, travel: Travel) -> None:
    notice = scene.notice("safe_entry_served")
    said = opened(scene, notice)
    for words in ("Carry out the review.", "until <strong>17 March 2025</strong>", "it becomes the entry"):
        assert words in said, words
    travel.shift(timedelta(days=15))
    assert "ended on 17 March 2025" in opened(scene, notice)
    scene.do(notice, gate.decide_claim, outcome="full", decided_on=clock.today())
    assert "an entry of the register says what CQC drafted and sent to you, once" in opened(scene, notice)


def test_the_notice_says_that_the_secretary_of_state_decides_and_that_the_short_entry_stays(
    scene: Scene,
) -> None:
    notice = scene.notice("safe_entry_served")
    scene.do(notice, gate.record_secretary_appeal, appealed_on=clock.today())
    assert "You appealed to the Secretary of State on 3 March 2025, who decides." in opened(scene, notice)
    scene.do(notice, gate.decide_claim, outcome="short", decided_on=clock.today())
    assert "the register shows no more than the short entry" in opened(scene, notice)


def test_the_notice_says_that_a_claim_is_open_again_since_the_tribunal_changed_the_notice(
    scene: Scene,
) -> None:
    notice = scene.notice("safe_entry_served")
    scene.do(notice, enforcing.record_appeal, lodged_on=clock.today())
    changed = {"changes": "A second physicist.", "required_action": "Have a second physicist check."}
    scene.do(notice, enforcing.dispose_appeal, outcome="modified", on=clock.today(), **changed)
    said = opened(scene, notice)
    assert "so your claim is open again since 3 March 2025" in said
    assert "CQC will send you an entry" in said
    assert "Carry out the review." not in said


def test_a_claim_that_staff_recorded_is_shown_to_the_employer(scene: Scene) -> None:
    notice = scene.notice("served")
    scene.do(notice, gate.claim_trade_secret, claimed_on=clock.today(), text="As it came by letter.")
    said = opened(scene, notice)
    assert "As it came by letter." in said
    assert LINK not in said


def test_a_notice_on_which_a_secret_was_claimed_did_reach_the_employer(scene: Scene) -> None:
    notice = scene.notice("secret_claimed")
    with pytest.raises(NotAllowedNow, match="did reach"):
        scene.do(notice, enforcing.fail_service, failed_on=clock.today(), reason="Returned by post.")


def test_the_pages_cost_the_same_whatever_hangs_on_the_notice(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    notice, lead = scene.notice("served"), browser(scene.lead)
    for _ in range(2):
        with django_assert_max_num_queries(20):
            assert lead.get(page("detail", notice)).status_code == 200
        with django_assert_max_num_queries(10):
            assert lead.get(page("trade_secret", notice)).status_code == 200
        for _ in range(3):
            scene._write_evidence(notice)
            scene._submit_evidence(notice)
            scene._return_evidence(notice)
    scene._claim_secret(notice)
    with django_assert_max_num_queries(20):
        assert lead.get(page("detail", notice)).status_code == 200
