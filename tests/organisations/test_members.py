"""Who acts for an employer: never CQC's staff, on no way in, and no key outlives what it stands on."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.organisations.models import ApiKey, Employer, Membership
from regulator.organisations.policies import NotPermitted
from regulator.organisations.queries import contacts
from regulator.organisations.services import add_member, create_api_key
from tests.factories import EmployerFactory, UserFactory, member, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer() -> Employer:
    return EmployerFactory.create()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(staff(Role.ADMINISTRATOR))
    return client


def make_staff(user: User) -> None:
    User.objects.filter(pk=user.pk).update(role=Role.INSPECTOR)


def lock(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def end(user: User) -> None:
    Membership.objects.filter(user=user).update(ended_at=clock.now())


@pytest.mark.parametrize("what", [make_staff, lock, end])
def test_a_key_dies_when_its_person_joins_the_staff_is_locked_out_or_leaves(
    employer: Employer, what: Callable[[User], None]
) -> None:
    user = member(employer)
    membership = user.memberships.get()
    key, secret = create_api_key(
        membership=membership, label="System", scope=ApiKey.Scope.READ, by=Scheduled("test")
    )
    assert ApiKey.objects.usable(secret) == key
    what(user)
    assert ApiKey.objects.usable(secret) is None
    assert contacts(employer, permission="notifications.follow") == []
    with pytest.raises(ValidationError):
        create_api_key(
            membership=Membership.objects.get(pk=membership.pk),
            label="Again",
            scope=ApiKey.Scope.READ,
            by=Scheduled("test"),
        )
    with pytest.raises(CommandError, match="Nobody"):
        call_command("create_api_key", employer.key, user.email, "Again")


def test_staff_become_nobodys_member(employer: Employer) -> None:
    with pytest.raises(ValidationError, match="staff"):
        add_member(user=staff(), employer=employer, role=Role.EMPLOYER_LEAD, by=Scheduled("test"))
    assert not Membership.objects.exists()


def test_adding_a_member_again_changes_nothing_and_a_second_role_is_refused(employer: Employer) -> None:
    user = UserFactory.create()
    first = add_member(user=user, employer=employer, role=Role.EMPLOYER_REPORTER, by=Scheduled("test"))
    assert (
        add_member(user=user, employer=employer, role=Role.EMPLOYER_REPORTER, by=Scheduled("test")) == first
    )
    with pytest.raises(ValidationError):
        add_member(user=user, employer=employer, role=Role.EMPLOYER_LEAD, by=Scheduled("test"))
    with pytest.raises(ValidationError, match="role"):
        add_member(user=UserFactory.create(), employer=employer, role=Role.INSPECTOR, by=Scheduled("test"))


def test_the_desk_adds_an_employers_person_and_no_staff(administrator: Client, employer: Employer) -> None:
    add = reverse("admin:organisations_membership_add")
    typed = {"employer": employer.pk, "role": Role.EMPLOYER_LEAD.value}
    answer = administrator.post(add, typed | {"user": staff().pk})
    assert answer.context["adminform"].form.errors["user"] == ["Nobody outside CQC’s staff has this number."]
    assert administrator.post(add, typed | {"user": UserFactory.create().pk}).status_code == 302
    assert Membership.objects.count() == 1
    assert Event.objects.get().type == "organisations.member_added"


def test_a_membership_of_somebody_on_the_staff_can_be_ended_but_not_taken_up_again(
    administrator: Client, employer: Employer
) -> None:
    user = member(employer)
    make_staff(user)
    change = reverse("admin:organisations_membership_change", args=[user.memberships.get().pk])
    typed = {"role": Role.EMPLOYER_REPORTER.value}
    assert administrator.post(change, typed | {"end_access": "on"}).status_code == 302
    ended = user.memberships.get().ended_at
    assert ended is not None
    assert Event.objects.get(type="organisations.access_ended").payload["employer"] == employer.pk
    assert administrator.get(change).status_code == 200
    assert administrator.post(change, typed).status_code == 403
    assert user.memberships.get().ended_at == ended


def test_the_desk_leaves_an_employer_its_last_lead(administrator: Client, employer: Employer) -> None:
    lead = member(employer, Role.EMPLOYER_LEAD)
    change = reverse("admin:organisations_membership_change", args=[lead.memberships.get().pk])
    for typed in ({"role": "employer_lead", "end_access": "on"}, {"role": "employer_reporter"}):
        assert "only lead" in administrator.post(change, typed, follow=True).content.decode()
    assert lead.memberships.get().role == Role.EMPLOYER_LEAD
    member(employer, Role.EMPLOYER_LEAD)
    administrator.post(change, {"role": "employer_reporter"})
    assert lead.memberships.get().role == Role.EMPLOYER_REPORTER
    assert Event.objects.get().type == "organisations.role_changed"


def test_a_lead_adds_nobody_without_an_invitation(employer: Employer) -> None:
    lead = member(employer, Role.EMPLOYER_LEAD)
    with pytest.raises(NotPermitted):
        add_member(user=UserFactory.create(), employer=employer, role=Role.EMPLOYER_REPORTER, by=lead)
