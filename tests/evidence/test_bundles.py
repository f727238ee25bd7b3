"""Disclosure bundles: what is in one, that it can be proved, and that nothing half made is handed over."""

import hashlib
import io
import json
import random
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from pypdf import PdfReader

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence import bundles, packing
from regulator.casework.evidence.bundles import ask_bundle, make_due, record_download, remove_old
from regulator.casework.models import Attachment, Case, DisclosureBundle, Event, RestrictedView
from regulator.casework.scanning import scan_pending
from regulator.casework.services import IdentifiersFound, restrict
from regulator.casework.tasks import make_bundles, remove_bundles
from regulator.organisations.policies import NotPermitted
from regulator.outbox.delivery import deliver_due
from tests.casework.closing import interest_of
from tests.enforcement.scene import MORNING, Scene
from tests.evidence.lives import LIVES, LifeOfANotification, walk
from tests.factories import person, staff

WHY = "The tribunal asked for it."
State = DisclosureBundle.State


@pytest.fixture
def life(scene: Scene, travel: time_machine.Traveller) -> LifeOfANotification:
    """A notification with two clean files and one that waits, letters, notes and a report."""
    life = LifeOfANotification(scene, random.Random(5), travel)
    life.risk = Case.Risk.MEDIUM
    for deed in (life.submit, life.triage, life.report, life.note, life.attach, life.attach):
        travel.shift(timedelta(hours=5))
        deed()
    scan_pending()
    deliver_due()
    life.attach()
    return life


def ask(life: LifeOfANotification, by: User | None = None) -> DisclosureBundle:
    return ask_bundle(case=life.case, by=by or life.officer, reason=WHY)


def made(life: LifeOfANotification) -> DisclosureBundle:
    asked = ask(life)
    assert make_due() == 1
    asked.refresh_from_db()
    return asked


def content(bundle: DisclosureBundle) -> bytes:
    with bundle.file.open("rb") as file:
        return bytes(file.read())


def unpacked(bundle: DisclosureBundle, folder: Path) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content(bundle))) as archive:
        archive.extractall(folder)
        return {name: archive.read(name) for name in archive.namelist()}


def types(case: Case) -> list[str]:
    return list(case.events.order_by("sequence").values_list("type", flat=True))


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def address(bundle: DisclosureBundle, then: str = "") -> str:
    return f"/desk/casework/case/{bundle.case_id}/bundles/{bundle.pk}/{then}"


def test_a_bundle_holds_the_paper_the_clean_files_and_what_proves_them(
    life: LifeOfANotification, tmp_path: Path
) -> None:
    bundle = made(life)
    files = unpacked(bundle, tmp_path)
    reference = str(life.case.reference)
    kept = list(life.case.attachments.order_by("pk"))
    assert list(files) == [
        f"{reference}.pdf",
        "case.json",
        "files/001-log.txt",
        "files/002-log.txt",
        "manifest.json",
        "manifest.sha256",
    ]
    assert hashlib.sha256(files["files/002-log.txt"]).hexdigest() == kept[1].sha256
    checked = subprocess.run(
        ["/usr/bin/sha256sum", "--check", "--strict", "manifest.sha256"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count(": OK") == len(files) - 1
    manifest = json.loads(files["manifest.json"])
    head = Event.objects.get(sequence=bundle.up_to)
    assert (manifest["head"]["sequence"], manifest["head"]["hash"]) == (head.sequence, head.hash)
    [left_out] = manifest["left_out"]
    assert left_out["sha256"] == kept[2].sha256
    assert "waiting to be checked" in left_out["why"]
    assert json.loads(files["case.json"])["case"]["status"] == life.case.status
    assert (bundle.sha256, bundle.size) == (hashlib.sha256(content(bundle)).hexdigest(), len(content(bundle)))
    assert first_broken_link() is None


def test_the_paper_is_ordered_with_an_index_of_page_numbers_and_tagged(
    life: LifeOfANotification, tmp_path: Path
) -> None:
    files = unpacked(made(life), tmp_path)
    paper = PdfReader(io.BytesIO(files[f"{life.case.reference}.pdf"]))
    pages = [page.extract_text() for page in paper.pages]
    text = "\n".join(pages)
    marked: Any = paper.root_object["/MarkInfo"]
    assert marked["/Marked"]
    assert b"pdfuaid" in files[f"{life.case.reference}.pdf"]
    titles = [
        "Facts and coding",
        "Clocks",
        "Texts and other records",
        "Letters as they were sent",
        "Timeline",
    ]
    places = [text.rindex(title) for title in [*titles, "Attachments"]]
    assert places == sorted(places)
    for title in titles:
        assert title in pages[0] + pages[1], title
    for words in (
        "The operator exposed a patient who had no referral.",
        "Two lists were open at once.",
        "Rang back",
        "File the investigation report",
        "Report filed",
        "waiting to be checked",
        "Letter 1:",
    ):
        assert words in " ".join(text.split()), words
    assert [each.title for each in paper.outline if not isinstance(each, list)]


@pytest.mark.parametrize("kind", LIVES)
def test_every_kind_of_case_can_be_bundled(
    scene: Scene, travel: time_machine.Traveller, kind: str, tmp_path: Path
) -> None:
    life = LIVES[kind](scene, random.Random(11), travel)
    walk(lambda: life.case, life.whole(20), travel)
    if life.case.is_restricted:
        life.lift()
    asked = ask_bundle(case=life.case, by=life.manager, reason=WHY)
    assert make_bundles() == 1
    asked.refresh_from_db()
    assert len(unpacked(asked, tmp_path)) >= 4


def test_the_same_case_gives_the_same_bytes_whenever_it_is_made(
    life: LifeOfANotification, travel: time_machine.Traveller
) -> None:
    up_to, case = types(life.case), life.case
    last = case.events.order_by("-sequence")[0].sequence
    digests = set()
    for _ in range(2):
        target = io.BytesIO()
        packing.pack(target, case=life.case, up_to=last, asker=life.officer, progress=lambda *_: None)
        digests.add(hashlib.sha256(target.getvalue()).hexdigest())
        travel.shift(timedelta(days=3))
        life.note()
        life.assign()
    assert len(digests) == 1
    assert len(types(life.case)) > len(up_to)


def test_what_happens_after_it_was_asked_for_is_not_in_it(life: LifeOfANotification, tmp_path: Path) -> None:
    asked = ask(life)
    life.note()
    make_due()
    asked.refresh_from_db()
    assert len(json.loads(unpacked(asked, tmp_path)["case.json"])["notes"]) == 2


def test_asking_needs_the_permission_a_reason_and_names_nobody(life: LifeOfANotification) -> None:
    for role in Role:
        who = person(role, life.scene.employer)
        if role in roles_with("casework.disclose"):
            continue
        with pytest.raises(NotPermitted):
            ask(life, who)
    with pytest.raises(ValidationError, match="Give a reason"):
        ask_bundle(case=life.case, by=life.officer, reason=" ")
    with pytest.raises(IdentifiersFound):
        ask_bundle(case=life.case, by=life.officer, reason="About 943 476 5919.")
    interest_of(life.officer, life.scene.employer)
    with pytest.raises(NotPermitted, match="interest"):
        ask(life)
    assert not DisclosureBundle.objects.exists()


def test_one_at_a_time_for_a_case(life: LifeOfANotification) -> None:
    ask(life)
    with pytest.raises(NotAllowedNow, match="being made already"):
        ask(life, life.manager)
    make_due()
    ask(life, life.manager)
    assert DisclosureBundle.objects.count() == 2


def test_two_workers_on_one_bundle_make_one(
    life: LifeOfANotification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first packs: it finds nothing to do."""
    asked, pack = ask(life), packing.pack
    others = []

    def packing_while_another_comes(*args: Any, **arguments: Any) -> None:
        others.append(make_due())
        pack(*args, **arguments)

    monkeypatch.setattr(bundles, "pack", packing_while_another_comes)
    assert make_due() == 1
    assert others == [0]
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == (State.READY, 1)
    assert types(life.case).count("casework.bundle_made") == 1


class Killed(BaseException):
    """The worker's process ends: nothing after this runs."""


@pytest.mark.parametrize("where", ["pack", "_forget_former", "writing"])
def test_a_worker_that_dies_leaves_nothing_half_and_the_next_one_finishes(
    life: LifeOfANotification, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    asked = ask(life)

    def die(*args: Any, **arguments: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(bundles, where, die)
        with pytest.raises(Killed):
            make_due()
    asked.refresh_from_db()
    assert (asked.state, asked.file.name, asked.sha256) == (State.RUNNING, "", "")
    assert signed_in(life.officer).post(address(asked, "download/")).status_code == 409
    assert make_due() == 0
    travel.shift(bundles.LEASE + timedelta(seconds=1))
    assert make_due() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == (State.READY, 2)
    assert hashlib.sha256(content(asked)).hexdigest() == asked.sha256


def test_what_a_killed_worker_had_stored_is_removed_by_the_next(
    life: LifeOfANotification, travel: time_machine.Traveller
) -> None:
    asked = ask(life)
    held = bundles._claim(asked.pk)
    assert held is not None
    left = held.stored_as(1)
    held.file.storage.delete(left)  # of another test's bundle of that number
    assert held.file.storage.save(left, ContentFile(b"half")) == left
    travel.shift(bundles.LEASE + timedelta(seconds=1))
    assert make_due() == 1
    asked.refresh_from_db()
    assert asked.file.name != left
    assert not held.file.storage.exists(left)


def test_a_worker_taken_for_dead_cannot_make_it_ready(
    life: LifeOfANotification, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, pack = ask(life), packing.pack

    def slowly(*args: Any, **arguments: Any) -> None:
        monkeypatch.setattr(bundles, "pack", pack)
        pack(*args, **arguments)
        travel.shift(bundles.LEASE + timedelta(seconds=1))
        assert make_due() == 1

    monkeypatch.setattr(bundles, "pack", slowly)
    assert make_due() == 0
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == (State.READY, 2)
    assert hashlib.sha256(content(asked)).hexdigest() == asked.sha256
    assert types(life.case).count("casework.bundle_made") == 1


def test_a_fault_puts_it_off_and_the_third_gives_it_up_with_words(
    life: LifeOfANotification, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(life)

    def full(*args: Any, **arguments: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(bundles, "pack", full)
    for state in (State.WAITING, State.WAITING, State.FAILED):
        assert make_due() == 0
        asked.refresh_from_db()
        assert asked.state == state
    assert "No space left" in asked.words
    assert b"It could not be made." in signed_in(life.officer).get(address(asked)).content
    assert types(life.case)[-1] == "casework.bundle_failed"
    monkeypatch.undo()
    assert make_due() == 0
    assert made(life).is_there


def test_workers_that_keep_dying_are_given_up_as_well(
    life: LifeOfANotification, travel: time_machine.Traveller
) -> None:
    asked = ask(life)
    for _ in range(bundles.MOST_ATTEMPTS):
        assert bundles._claim(asked.pk) is not None
        travel.shift(bundles.LEASE + timedelta(seconds=1))
    assert make_due() == 0
    asked.refresh_from_db()
    assert (asked.state, asked.words) == (State.FAILED, "The worker stopped during each attempt.")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda kept: kept.file.storage.delete(kept.file.name), packing.GONE),
        (lambda kept: Path(kept.file.path).write_bytes(b"other"), packing.ALTERED),
        (lambda kept: Attachment.objects.filter(pk=kept.pk).update(scan="infected"), "infected"),
    ],
)
def test_a_file_that_cannot_be_passed_on_is_left_out_and_named(
    life: LifeOfANotification, tmp_path: Path, spoil: Callable[[Attachment], object], why: str
) -> None:
    spoil(life.case.attachments.order_by("pk")[0])
    files = unpacked(made(life), tmp_path)
    assert "files/001-log.txt" not in files
    assert "files/002-log.txt" in files
    manifest = json.loads(files["manifest.json"])
    assert why in manifest["left_out"][0]["why"]


def test_a_large_file_is_never_held_whole(
    life: LifeOfANotification, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = life.case.attachments.order_by("pk")[0]
    largest = []
    whole = packing.PIECE * 9 + 5
    Path(kept.file.path).write_bytes(b"x" * whole)
    Attachment.objects.filter(pk=kept.pk).update(size=whole)
    event = life.case.events.filter(type="casework.file_attached").order_by("sequence")[0]
    sha256 = hashlib.sha256(b"x" * whole).hexdigest()
    plan = packing._planned

    def as_if_attached_so(case: Case, state: dict[str, Any]) -> Any:
        state["files"][0] |= {"sha256": sha256, "size": whole}
        return plan(case, state)

    copy = packing._Packer.copy

    def measured(self: Any, path: str, pieces: Any, expected: str | None = None) -> None:
        def seen() -> Any:
            for piece in pieces:
                if path.startswith("files/"):
                    largest.append(len(piece))
                yield piece

        copy(self, path, seen(), expected)

    monkeypatch.setattr(packing, "_planned", as_if_attached_so)
    monkeypatch.setattr(packing._Packer, "copy", measured)
    assert len(unpacked(made(life), tmp_path)["files/001-log.txt"]) == whole
    assert max(largest) == packing.PIECE
    assert event.payload["attachment"] == kept.pk


def test_progress_is_told_while_it_is_made(
    life: LifeOfANotification, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, pack, shown = ask(life), packing.pack, []
    client = signed_in(life.officer)

    def watched(*args: Any, progress: Any, **arguments: Any) -> None:
        def step(percent: int, words: str) -> None:
            progress(percent, words)
            page = client.get(address(asked)).content.decode()
            shown.append((percent, f"{percent}%" in page and words in page))

        pack(*args, progress=step, **arguments)

    monkeypatch.setattr(bundles, "pack", watched)
    assert make_due() == 1
    assert all(told for _, told in shown)
    assert [percent for percent, _ in shown] == sorted(percent for percent, _ in shown)
    assert len(shown) >= 5


def test_each_download_is_recorded_and_kept_by_nothing(life: LifeOfANotification) -> None:
    bundle = made(life)
    client = signed_in(life.officer)
    assert client.get(address(bundle, "download/")).status_code == 405
    for times in (1, 2):
        answer = client.post(address(bundle, "download/"))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == content(bundle)  # type: ignore[attr-defined]
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert types(life.case).count("casework.bundle_downloaded") == times
    last = life.case.events.order_by("-sequence")[0]
    assert (last.actor, last.payload) == (life.officer, {"bundle": bundle.pk, "sha256": bundle.sha256})


@pytest.mark.parametrize("role", Role)
def test_who_sees_a_bundle_and_who_takes_it_away(life: LifeOfANotification, role: Role) -> None:
    bundle = made(life)
    client = signed_in(person(role, life.scene.employer))
    denied = role in EMPLOYER_ROLES or role == Role.ADMINISTRATOR
    assert client.get(address(bundle)).status_code == (403 if denied else 200)
    listed = client.get(f"/desk/casework/case/{bundle.case_id}/bundles/")
    assert listed.status_code == (403 if denied else 200)
    taken = client.post(address(bundle, "download/"))
    assert taken.status_code == (200 if role in roles_with("casework.disclose") else 403)


def test_a_bundle_of_a_restricted_case_is_for_those_named_and_each_look_is_recorded(
    life: LifeOfANotification,
) -> None:
    bundle, case = made(life), life.case
    restrict(case=case, by=life.manager, version=case.version, reason="Told.", people=[life.officer])
    stranger = signed_in(staff(Role.INSPECTOR))
    assert stranger.get(address(bundle)).status_code == 404
    assert stranger.post(address(bundle, "download/")).status_code == 404
    client = signed_in(life.officer)
    assert client.post(address(bundle, "download/")).status_code == 200
    assert [each.what for each in RestrictedView.objects.all()] == ["casework_case_bundle_download"]


def test_a_bundle_is_found_on_its_own_case_alone(life: LifeOfANotification) -> None:
    bundle = made(life)
    other = life.scene.inspection("on_site").case
    wrong = f"/desk/casework/case/{other.pk}/bundles/{bundle.pk}/"
    client = signed_in(life.officer)
    assert client.get(wrong).status_code == 404
    assert client.post(f"{wrong}download/").status_code == 404
    assert client.get(address(bundle).replace(f"/{bundle.pk}/", f"/{10**30}/")).status_code == 404


def test_whoever_declared_an_interest_takes_nothing_away(life: LifeOfANotification) -> None:
    bundle = made(life)
    interest_of(life.officer, life.scene.employer)
    client = signed_in(life.officer)
    assert b"You have declared an interest" in client.get(address(bundle)).content
    assert client.post(address(bundle, "download/")).status_code == 403
    assert "casework.bundle_downloaded" not in types(life.case)


def test_after_thirty_days_the_file_goes_and_the_row_stays(
    life: LifeOfANotification,
    travel: time_machine.Traveller,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    bundle = made(life)
    stored, storage = bundle.file.name, bundle.file.storage
    travel.shift(timedelta(days=29))
    assert remove_old() == 0
    travel.shift(timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_bundles() == 1
    assert remove_old() == 0
    bundle.refresh_from_db()
    assert (bundle.state, bundle.file.name, bundle.removed_at) == (State.READY, "", clock.now())
    assert not storage.exists(str(stored))
    assert types(life.case)[-1] == "casework.bundle_removed"
    client = signed_in(life.officer)
    assert b"Its file was removed" in client.get(address(bundle)).content
    assert client.post(address(bundle, "download/")).status_code == 409
    with pytest.raises(NotAllowedNow):
        record_download(bundle=bundle, by=life.officer)


def test_asking_on_the_desk_wakes_a_worker_and_leads_to_the_list(
    life: LifeOfANotification, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("regulator.hint.wake", woken.append)
    client, case = signed_in(life.officer), life.case
    deed = f"/desk/casework/case/{case.pk}/do/bundle/"
    assert client.get(deed).status_code == 200
    data = {"read-version": case.version, "read-seen": 0, "reason": WHY}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(deed, data).status_code == 302
    assert {"casework.index_cases", "casework.make_bundles"} <= set(woken)
    asked = DisclosureBundle.objects.get()
    assert asked.asked_at.date() >= MORNING.date()
    page = client.get(f"/desk/casework/case/{case.pk}/bundles/").content.decode()
    assert "Waiting to be made" in page
    assert WHY in client.get(address(asked)).content.decode()
    assert client.post(deed, data).status_code == 409
