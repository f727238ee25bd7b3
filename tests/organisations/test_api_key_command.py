"""Making an API key at the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from regulator.organisations.models import ApiKey
from regulator.organisations.queries import contacts
from tests.factories import EmployerFactory, member

pytestmark = pytest.mark.django_db


def test_the_secret_is_shown_once_and_only_its_digest_is_kept() -> None:
    employer = EmployerFactory.create()
    person = member(employer)
    out = StringIO()
    call_command("create_api_key", employer.key, person.email, "Incident system", scope="write", stdout=out)
    secret = out.getvalue().strip()
    key = ApiKey.objects.get()
    assert secret.startswith("irmer_")
    assert secret not in str(ApiKey.objects.values().get())
    assert ApiKey.objects.usable(secret) == key
    assert key.scope == "write"


def test_a_person_of_another_employer_gets_no_key() -> None:
    person = member(EmployerFactory.create())
    with pytest.raises(CommandError, match="Nobody"):
        call_command("create_api_key", EmployerFactory.create().key, person.email, "Incident system")


def test_contacts_are_the_current_people_who_may_sign_in() -> None:
    employer = EmployerFactory.create()
    current, former, locked = (member(employer) for _ in range(3))
    former.memberships.update(ended_at=former.date_joined)
    locked.is_active = False
    locked.save()
    assert (
        contacts(employer, permission="notifications.follow")
        == contacts(employer.pk, permission="notifications.follow")
        == [current.email]
    )
