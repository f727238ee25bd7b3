"""When the portal refuses to start, and how it tells whether it is up."""

import os
import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from regulator.runtime import portal


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind((portal.HOST, 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((portal.HOST, 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_is_refused_before_anything_is_prepared(taken_port: int) -> None:
    with pytest.raises(CommandError, match=f"Port {taken_port} .* is taken .* --port {taken_port + 1}"):
        call_command("run_portal", port=taken_port, stdout=StringIO())


def test_a_second_portal_in_the_same_folder_is_refused(settings: LazySettings, free_port: int) -> None:
    with (
        portal.sole_use(Path(settings.VAR_DIR)),
        pytest.raises(CommandError, match="Another portal is running"),
    ):
        call_command("run_portal", port=free_port, stdout=StringIO())


def test_a_port_where_nobody_listens_does_not_answer(free_port: int) -> None:
    assert not portal.answers(free_port)


def test_links_lead_to_the_port_on_which_the_portal_stands(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_URL", "put back afterwards")
    monkeypatch.delenv("PORTAL_URL")
    settings.PORTAL_URL = "http://localhost:8000"
    portal.stand_at(8123)
    assert settings.PORTAL_URL == os.environ["PORTAL_URL"] == "http://localhost:8123"


def test_links_lead_to_the_public_address_where_one_is_given(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_URL", "https://portal.example")
    settings.PORTAL_URL = "https://portal.example"
    portal.stand_at(8123)
    assert settings.PORTAL_URL == os.environ["PORTAL_URL"] == "https://portal.example"


def test_web_worker_and_beat_are_three_programs() -> None:
    assert [program.name for program in portal.programs(8000)] == ["web", "worker", "beat"]


def test_sign_ins_name_role_address_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    demonstration = ModuleType("demonstration")
    demonstration.PASSWORD = "a password"  # type: ignore[attr-defined]
    demonstration.SIGN_INS = (  # type: ignore[attr-defined]
        SimpleNamespace(email="officer@example.invalid", role_label="Case officer", where="/desk/"),
        SimpleNamespace(email="lead@example.invalid", role_label="Employer lead", where="/"),
    )
    monkeypatch.setattr(portal, "find_spec", lambda name: object())
    monkeypatch.setattr(portal, "import_module", lambda name: demonstration)
    assert portal.demonstration_sign_ins() == [
        "Demonstration sign-ins, all with the password a password",
        "Case officer   officer@example.invalid  /desk/",
        "Employer lead  lead@example.invalid     /",
    ]
