"""Every write of the notifications API alike: who may, once for its key, stale, nonsense, never by halves."""

import re
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.chain import first_broken_link
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.models import Event
from regulator.organisations.models import ApiKey
from regulator.organisations.services import revoke_api_key
from tests.factories import EmployerFactory, member, person
from tests.notifications.addresses import Scene
from tests.notifications.programs import WRITES, Write, key_of, problem, program, stored, url, with_secret
from tests.platform.test_routes import routes

pytestmark = pytest.mark.usefixtures("reference")

DEEDS: Final = {name: write for name, write in WRITES.items() if write.method == "post"}
OF_ONE: Final = {name: write for name, write in WRITES.items() if write.state}
VERSIONED: Final = {name: write for name, write in OF_ONE.items() if write.shape == "json"}
WITH_WORDS: Final = {name: write for name, write in WRITES.items() if write.text}
NAMED: Final = "It was Mr Patel."
WHY: Final = "An invented name of the training material."


def each(writes: dict[str, Write]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("write", writes.values(), ids=list(writes))


def ready(write: Write) -> tuple[Scene, str, dict[str, Any]]:
    """A scene in which it can be done, the address, and the body."""
    scene = Scene()
    address = write.address(scene)
    write.prepare(scene)
    return scene, address, write.body(scene)


def test_every_write_of_the_api_is_in_the_table() -> None:
    told = {
        (method, re.sub(r"\{\w+\}", "*", write.path))
        for write in WRITES.values()
        for method in [write.method]
    }
    found = set()
    for where, entry in routes(get_resolver()):
        view: Any = entry.callback
        if "^notifications/" in where and hasattr(view, "actions"):
            path = re.sub(r"\(\?P<\w+>[^)]*\)", "*", where.partition("^notifications/")[2]).strip("$")
            found |= {
                (method, path.removeprefix("*/")) for method in view.actions if method not in ("get", "head")
            }
    assert found == told


@each(WRITES)
@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_each_is_done_for_reporter_and_lead(role: Role, write: Write) -> None:
    scene, address, body = ready(write)
    client, before = program(person(role, scene.cast.employer)), stored()
    done = write.send(client, address, body)
    assert done.status_code == write.status, done.content
    assert stored() != before
    assert first_broken_link() is None


@each(WRITES)
def test_a_key_that_only_reads_a_revoked_one_a_strangers_and_a_session_without_its_token_write_nothing(
    write: Write,
) -> None:
    scene, address, body = ready(write)
    reads = program(scene.cast.reporter, ApiKey.Scope.READ)
    stranger = program(member(EmployerFactory.create(), Role.EMPLOYER_LEAD))
    key, secret = key_of(scene.cast.reporter)
    revoke_api_key(key=key, by=Scheduled("test"))
    before = stored()
    assert "only read" in problem(write.send(reads, address, body), 403)["detail"]
    answer = write.send(with_secret(secret), address, write.body(scene))
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"
    if write.state:
        problem(write.send(stranger, address, write.body(scene)), 404)
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.cast.reporter)
    kind = {"content_type": "application/json"} if write.shape == "json" else {}
    refused = getattr(client, write.method)(address, write.body(scene), **kind)
    assert "CSRF" in problem(refused, 403)["detail"]
    assert stored() == before


@each(DEEDS)
def test_the_same_key_does_it_once_and_answers_alike(write: Write) -> None:
    scene, address, body = ready(write)
    _, secret = key_of(scene.cast.reporter)
    first = write.send(with_secret(secret, once="one"), address, body)
    after = stored()
    if write.shape == "multipart":
        body = write.body(scene)
    again = write.send(with_secret(secret, once="one"), address, body)
    assert (first.status_code, again.status_code) == (write.status, write.status), first.content
    assert again.json() == first.json()
    assert (first.get("Idempotency-Replayed"), again.get("Idempotency-Replayed")) == (None, "true")
    assert stored() == after


@each(DEEDS)
def test_the_key_of_another_body_is_refused_and_a_refusal_leaves_it_free(write: Write) -> None:
    scene, address, body = ready(write)
    _, secret = key_of(scene.cast.reporter)
    client = with_secret(secret, once="one")
    before = stored()
    problem(write.send(client, address, {"nonsense": "1"}), 400)
    assert stored() == before
    assert write.send(client, address, body).status_code == write.status
    after = stored()
    other: dict[str, Any] = {"nonsense": "1"}
    if write.shape == "multipart":  # a file is read before the key is asked about
        other = {"file": SimpleUploadedFile("log.txt", b"Another log.")}
    problem(write.send(client, address, other), 422)
    assert stored() == after


@each(VERSIONED)
def test_a_stale_version_is_told_the_current_one(write: Write) -> None:
    scene, address, body = ready(write)
    client, before = program(scene.cast.reporter), stored()
    for stale in {1, body["version"] - 1, body["version"] + 1, 2_147_483_647} - {0, body["version"]}:
        refused = write.send(client, address, body | {"version": stale})
        assert problem(refused, 409)["version"] == body["version"]
    assert stored() == before


@each(VERSIONED)
def test_what_is_no_object_is_refused(write: Write) -> None:
    scene, address, _ = ready(write)
    client, before = program(scene.cast.reporter), stored()
    nonsense: list[Any] = [[], "text", 7, None, True, [{}]]
    for wrong in nonsense:
        problem(write.send(client, address, wrong), 400)
    assert stored() == before


@each(WRITES)
def test_a_field_that_is_not_there_is_named(write: Write) -> None:
    scene, address, body = ready(write)
    client, before = program(scene.cast.reporter), stored()
    answer = write.send(client, address, body | {"patient_name": "nobody"})
    assert problem(answer, 400)["errors"] == {"patient_name": ["There is no such field."]}
    assert stored() == before


@each({name: write for name, write in VERSIONED.items() if name != "create"})
def test_without_a_version_it_is_named(write: Write) -> None:
    scene, address, body = ready(write)
    client, before = program(scene.cast.reporter), stored()
    del body["version"]
    answer = write.send(client, address, body)
    assert set(problem(answer, 400)["errors"]) == {"version"}
    assert stored() == before


@each(WITH_WORDS)
def test_a_name_is_refused_with_its_place_until_there_is_a_reason(write: Write) -> None:
    scene, address, body = ready(write)
    client = program(scene.cast.reporter)
    before = stored()
    refused = problem(write.send(client, address, body | {write.text: NAMED}), 400)
    assert [(found["field"], found["kind"]) for found in refused["identifiers"]] == [(write.text, "name")]
    assert stored() == before
    said = body | {write.text: NAMED, "identifies_nobody": WHY}
    assert write.send(client, address, said).status_code == write.status
    assert IdentifierConfirmation.objects.get().reason == WHY


def test_an_end_of_access_between_two_calls_is_the_end() -> None:
    scene = Scene()
    reporter = member(scene.cast.employer)
    client = program(reporter)
    draft = scene.case("draft")
    assert client.get(url(draft)).status_code == 200
    reporter.memberships.update(ended_at=reporter.memberships.get().since)
    events = Event.objects.count()
    problem(client.patch(url(draft), {"version": 1, "anatomy": "Chest"}, format="json"), 401)
    assert Event.objects.count() == events
