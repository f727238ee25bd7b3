"""Every route and every deed of the desk × each role × each state of a case, against the committed table.

What the roles and lifecycles say (``permission_table``) is compared with ``permission_table.csv``, with what
each button answers, and with what each address answers. A new route, deed or state without a row fails. Where
the table changes on purpose, the failing test says where it left the new file.
"""

import csv
import io
import itertools
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, GRANTS, Role
from regulator.casework.admin.site import CaseAdmin
from regulator.casework.desk import EVERYDAY, DeskAction, action_named
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.casework.queue.registries import BULK_DEEDS
from regulator.casework.queue.together import tick
from regulator.casework.visibility import interest_refusal, remember_interest
from regulator.organisations.policies import has_interest
from tests.desk import permission_table as table
from tests.desk.permission_table import ROLES, Row, Stage
from tests.enforcement.scene import MORNING
from tests.platform.test_routes import filled, routes

pytestmark = pytest.mark.django_db
MANY = "on many: "
ALLOWED = {200, 302, 404, 405}
"""What an address answers to whoever its route lets in: the row that it names may not exist."""
HTTP = {
    table.OTHER_KIND: 404,
    table.YES: 200,
    table.NOT_THEIRS: 403,
    table.UNSEEN: 404,
    table.INTERESTED: 409,
    table.OTHER_STATE: 409,
    table.NOT_NOW: 409,
}


@pytest.fixture(scope="module")
def rows(stage: Stage) -> list[Row]:
    return list(stage.rows())


class Browsers:
    """A browser for each person and day: a session does not last for weeks."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.open: dict[tuple[Role, datetime], Client] = {}

    def of(self, role: Role, on: datetime = MORNING) -> Client:
        self.stage.travel.move_to(on)
        if (role, on) not in self.open:
            client = self.open[role, on] = Client(raise_request_exception=False)
            client.force_login(self.stage.people[role])
        return self.open[role, on]


@pytest.fixture
def browsers(stage: Stage) -> Browsers:
    return Browsers(stage)


def desk_routes() -> dict[str, str]:
    """An address of each route of the desk, by the name that the table has for it."""
    found = {}
    for where, _ in routes(get_resolver()):
        if where.startswith("desk/"):
            name = where.removeprefix("desk/")
            name = "(app list)" if "app_label" in name else "(anything else)" if "<url>" in name else name
            found[name] = "/desk/nowhere" if name == "(anything else)" else filled(where)
    return found


def written(rows: list[Row]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([table.HEADINGS, *(row.cells() for row in rows)])
    return file.getvalue()


def test_the_committed_table_is_what_the_roles_and_lifecycles_say(rows: list[Row], tmp_path: Path) -> None:
    made, kept = written(rows), table.FILE.read_text(encoding="utf-8")
    new = tmp_path / table.FILE.name
    new.write_text(made, encoding="utf-8")
    differing = sorted(set(made.splitlines()) ^ set(kept.splitlines()))
    assert made == kept, f"{new} has the table as it is now; it differs in:\n" + "\n".join(differing[:20])


def test_every_route_of_the_desk_stands_in_the_table() -> None:
    assert set(desk_routes()) == set(table.route_permissions())


def test_every_deed_stands_in_the_table_in_every_state(rows: list[Row]) -> None:
    found = {(row.what, row.standing.kind, row.standing.case.status) for row in rows if row.standing}
    wanted = {
        (f"deed: {name}", kind, state)
        for kind, name in table.deeds()
        for state in KINDS.get(kind).lifecycle.states
    }
    wanted |= {
        (f"on many: {name}", kind, state)
        for name in BULK_DEEDS
        for kind in table.KIND_NAMES
        for state in KINDS.get(kind).lifecycle.states
    }
    assert wanted - found == set()


def test_every_deed_is_somebodys_in_some_state(rows: list[Row]) -> None:
    """A deed that nobody can ever do says nothing about who may."""
    done = (row for row in rows if row.standing and table.YES in row.answers.values())
    able = {(row.what, row.standing.kind) for row in done if row.standing}
    assert {(f"deed: {name}", kind) for kind, name in table.deeds()} - able == set()


def test_a_deed_asks_for_the_permission_of_its_transition() -> None:
    for kind, name in table.deeds():
        action = next(each for each in (action_named(Case(kind=kind), name),) if each)
        if action.transition:
            taken = KINDS.get(kind).lifecycle.transitions[action.transition]
            assert taken.permission == action.permission, (kind, name)


def test_every_button_answers_as_the_table_says(stage: Stage, rows: list[Row]) -> None:
    wrong = []
    for standing, role in itertools.product(stage.standings, ROLES):
        stage.travel.move_to(standing.on)
        refused = unreadable(standing.case, stage.people[role])
        for row in (each for each in rows if each.standing is standing and each.deed):
            answer = refused or answered(row, standing.case, stage.people[role])
            if answer != row.answers[role]:
                wrong.append((*row.cells()[:3], role.value, row.answers[role], answer))
    stage.travel.move_to(MORNING)
    assert wrong == []


def unreadable(case: Case, someone: User) -> str:
    """Why nothing of the case is for this person, in the table's words. It knows their interest from now
    on, as the page's does."""
    if not someone.role or CaseAdmin.read_permission not in someone.staff_grants:
        return table.NOT_THEIRS
    if not Case.objects.for_user(someone).filter(pk=case.pk).exists():
        return table.UNSEEN
    remember_interest(case, someone, has_interest(someone, case.employer_id))
    return ""


def answered(row: Row, case: Case, someone: User) -> str:
    """What the desk says of the row's deed on a case that the person may read, in the table's words."""
    if row.what.startswith(MANY):
        deed = BULK_DEEDS.get(row.deed)
        return table.OTHER_KIND if deed.misfit(case) else said(deed.action, case, someone)
    action = action_named(case, row.deed)
    assert action is not None
    return said(action, case, someone)


def said(action: DeskAction, case: Case, someone: User) -> str:
    refusal = action.refusal(case, someone)
    if not refusal:
        return table.YES
    if refusal == "Your role does not include this.":
        return table.NOT_THEIRS
    if refusal == interest_refusal(case, action.permission, someone):
        return table.INTERESTED
    if action.transition and refusal.startswith("Only a case that is “"):
        return table.OTHER_STATE
    return table.NOT_NOW


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_the_table_says(
    browsers: Browsers, rows: list[Row], role: Role
) -> None:
    addresses, client = desk_routes(), browsers.of(role)
    wrong = []
    for row in (each for each in rows if each.standing is None):
        address = addresses[row.what.removeprefix("/desk/")]
        if "logout" in address:
            continue
        status = client.get(address).status_code
        if not (status in ALLOWED if row.answers[role] == table.YES else status == 403):
            wrong.append((row.what, row.answers[role], status))
    assert wrong == []


def test_a_visitor_signs_in_first(stage: Stage, rows: list[Row]) -> None:
    addresses = desk_routes()
    for row in (each for each in rows if each.standing is None and each.permission != table.PUBLIC):
        answer: Any = Client().get(addresses[row.what.removeprefix("/desk/")])
        assert answer.status_code == 302, row.what
        assert answer["Location"].startswith(f"{reverse('account_login')}?next="), row.what


def samples(rows: list[Row], role: Role) -> Iterator[Row]:
    """Each deed once: on a case where the role may do it, else where somebody else may, else on any."""
    best: dict[tuple[str, str], tuple[int, Row]] = {}
    for row in rows:
        if row.standing is None or not row.deed:
            continue
        rank = 0 if row.answers[role] == table.YES else 1 if table.YES in row.answers.values() else 2
        kind = "" if row.deed in EVERYDAY or row.what.startswith(MANY) else row.standing.kind
        if (row.what, kind) not in best or rank < best[row.what, kind][0]:
            best[row.what, kind] = (rank, row)
    return (row for _, row in best.values())


@pytest.mark.parametrize("role", ROLES)
def test_every_deeds_page_answers_each_role_as_the_table_says(
    stage: Stage, browsers: Browsers, rows: list[Row], role: Role
) -> None:
    wrong = []
    for row in samples(rows, role):
        assert row.standing is not None
        address, asked = page_of(row)
        expected = HTTP[row.answers[role]]
        if row.what.startswith(MANY):
            expected = 200 if {"casework.read", row.permission} <= GRANTS[role] else 403
        status = browsers.of(role, row.standing.on).get(address, asked).status_code
        if status != expected:
            wrong.append((*row.cells()[:3], row.answers[role], status))
    stage.travel.move_to(MORNING)
    assert wrong == []


def page_of(row: Row) -> tuple[str, dict[str, str]]:
    standing = row.standing
    assert standing is not None
    if row.what.startswith(MANY):
        return reverse("admin:casework_case_together", args=[row.deed]), {"case": tick(standing.case)}
    return reverse("admin:casework_case_do", args=[standing.case.pk, row.deed]), {}


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_case_is_hidden_as_the_table_says(
    stage: Stage, browsers: Browsers, rows: list[Row], role: Role
) -> None:
    """The case's own page for one case of each kind and answer; its timeline, deeds and files for each that
    is hidden."""
    asked: set[tuple[str, str, bool]] = set()
    for row in (each for each in rows if each.what == "see the case"):
        standing, answer = row.standing, row.answers[role]
        assert standing is not None
        key = (standing.kind, answer, standing.case.is_restricted)
        if key in asked:
            continue
        asked.add(key)
        client = browsers.of(role, standing.on)
        page = reverse("admin:casework_case_change", args=[standing.case.pk])
        assert client.get(page).status_code == HTTP[answer], row.cells()
        if answer != table.YES:
            for more in ("timeline/", "do/note/", "files/1/"):
                assert client.get(f"{page}{more}").status_code == HTTP[answer], (row.cells(), more)


def test_nobody_of_an_employer_enters(rows: list[Row]) -> None:
    for row in rows:
        if row.permission != table.PUBLIC:
            assert {row.answers[role] for role in EMPLOYER_ROLES} == {table.NOT_THEIRS}
