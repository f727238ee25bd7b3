"""The employer's own house: people, invitations sent, details, API keys and sites."""

from datetime import date, timedelta
from typing import Any, Final

from django.core.cache import cache

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations import services
from regulator.organisations.models import ApiKey, Employer, Invitation, Membership, Modality, Site
from tests.factories import EmployerFactory, SiteFactory, UserFactory, member
from tests.journeys.stage import Radio, answer
from tests.journeys.states import (
    CONFLICT,
    EMPTY,
    FILLED,
    REFUSED,
    Reach,
    State,
    Visit,
    lead,
    opens,
    overtaken,
    sent,
)
from tests.journeys.states.drafting import LONG


def house(visit: Visit, **changes: Any) -> tuple[Employer, User]:
    """A new employer with a lead, who is signed in."""
    employer = EmployerFactory.create(**changes)
    user = member(employer, Role.EMPLOYER_LEAD)
    visit.become(user)
    cache.clear()
    return employer, user


def alone(route: str, **changes: Any) -> Reach:
    """The page of an employer that has nothing but its lead."""
    return lambda visit: visit.open(route, key=house(visit, **changes)[0].key)


def leading_two(visit: Visit) -> None:
    _, user = house(visit, name=LONG)
    Membership.objects.create(user=user, employer=EmployerFactory.create(), role=Role.EMPLOYER_LEAD)
    visit.open("organisations:home")


def crowded(visit: Visit) -> None:
    """More people than a page shows, and three invitations: sent, and with the link ended."""
    employer, user = house(visit, name=LONG)
    for number in range(26):
        person = UserFactory.create(
            name=f"Radiation protection supervisor {number}",
            email=f"radiation.protection.supervisor.{number}@{employer.key}.northmoor.example.invalid",
            last_login=clock.now() if number % 2 else None,
        )
        Membership.objects.create(user=person, employer=employer, role=Role.EMPLOYER_REPORTER)
    with clock.at(clock.now() - timedelta(days=8)):
        invited(employer, user, "late@example.invalid")
    invited(employer, user, "medical.physics.and.radiation.protection@northmoor.example.invalid")
    visit.open("organisations:people", key=employer.key)


def invited(
    employer: Employer, by: User, email: str = "colleague@example.invalid", role: Role = Role.EMPLOYER_LEAD
) -> Invitation:
    return services.invite(employer=employer, name="Colleague", email=email, role=role, by=by)


def own_membership(visit: Visit) -> dict[str, Any]:
    employer, user = house(visit)
    return {"key": employer.key, "pk": user.memberships.get().pk}


def last_lead(route: str, answers: Any = None) -> Reach:
    """The only lead tries to step down."""

    def reach(visit: Visit) -> None:
        visit.open(route, **own_membership(visit))
        answer(visit.page, answers or {})
        visit.send()
        visit.refused()

    return reach


def with_key(visit: Visit) -> None:
    employer, user = house(visit)
    services.create_api_key(
        membership=user.memberships.get(), label="Theatres", scope=ApiKey.Scope.READ, by=user
    )
    visit.open("organisations:end", key=employer.key, pk=user.memberships.get().pk)


def keys(visit: Visit) -> None:
    """Keys that work, that were revoked, and that have ended."""
    employer, user = house(visit)
    mine = user.memberships.get()
    for label, ends in (("Incident system, theatres", None), ("Trial", date(2026, 3, 31)), ("Old", None)):
        services.create_api_key(
            membership=mine, label=label, scope=ApiKey.Scope.WRITE, expires_on=ends, by=user
        )
    services.revoke_api_key(key=ApiKey.objects.get(label="Old", membership=mine), by=user)
    visit.open("organisations:keys", key=employer.key)


def made_key(visit: Visit) -> None:
    employer, _ = house(visit)
    visit.open("organisations:key_new", key=employer.key)
    answer(visit.page, {"Which system will use it?": "Incident system, theatres"})
    visit.page.get_by_label("May read", exact=True).check()
    visit.send()


def changed_address(visit: Visit) -> None:
    employer, user = house(visit)
    visit.open("organisations:address", key=employer.key)
    services.set_chief_executive_email(
        employer=employer, email="new@example.invalid", was=employer.chief_executive_email, by=user
    )
    answer(visit.page, {"Email address of the chief executive’s office": "third@example.invalid"})
    visit.send()
    visit.refused()


def sites(visit: Visit) -> None:
    """Open and closed, with all that can be said of one, and with nothing."""
    employer, _ = house(visit, name=LONG)
    SiteFactory.create(
        employer=employer,
        name="The Northmoor and Little Hollowick Infirmary and Cancer Centre",
        postcode="NM1 4QX",
        cqc_location_id="1-123456789",
        modalities=list(Modality.values),
    )
    SiteFactory.create(employer=employer, name="Annexe", is_open=False)
    SiteFactory.create(employer=employer)
    visit.open("organisations:sites", key=employer.key)


def sites_of_a_reporter(visit: Visit) -> None:
    SiteFactory.create(employer=visit.scene.cast.employer, postcode="NM1 4QX")
    visit.open("organisations:sites", key=visit.scene.cast.employer.key)


def own_key(visit: Visit) -> str:
    return str(visit.scene.cast.employer.key)


def site(visit: Visit) -> int:
    made: Site = SiteFactory.create(
        employer=visit.scene.cast.employer, modalities=[Modality.RADIOTHERAPY], postcode="NM1 4QX"
    )
    return made.pk


def renamed_by_a_colleague(visit: Visit) -> None:
    latest = Site.objects.latest("pk")
    details = services.SiteDetails("Northmoor West", latest.postcode, "", [])
    services.change_site(site=latest, details=details, by=visit.scene.lead(), version=latest.version)


def closed_site(visit: Visit) -> int:
    made: Site = SiteFactory.create(employer=visit.scene.cast.employer, is_open=False)
    return made.pk


PEOPLE, KEY_NEW, SITE = "organisations:people", "organisations:key_new", "organisations:site"
STATES: Final = (
    State("organisations:home", FILLED, leading_two),
    State(PEOPLE, EMPTY, alone(PEOPLE)),
    State(PEOPLE, FILLED, crowded),
    State("organisations:role", FILLED, opens("organisations:role"), lead),
    State(
        "organisations:role",
        REFUSED,
        last_lead("organisations:role", {"Role": Radio("Employer reporter")}),
    ),
    State("organisations:end", FILLED, opens("organisations:end"), lead),
    State("organisations:end", "with a key", with_key),
    State("organisations:end", f"{REFUSED}, the last lead", last_lead("organisations:end")),
    State("organisations:invite", EMPTY, opens("organisations:invite"), lead),
    State("organisations:invite", REFUSED, sent("organisations:invite"), lead),
    State("organisations:invitation_resend", FILLED, opens("organisations:invitation_resend"), lead),
    State("organisations:invitation_cancel", FILLED, opens("organisations:invitation_cancel"), lead),
    State(
        "organisations:details",
        EMPTY,
        alone("organisations:details", chief_executive_email=""),
    ),
    State(
        "organisations:details",
        FILLED,
        alone("organisations:details", name=LONG, ods_code="RN5", cqc_provider_id="1-123456789"),
    ),
    State("organisations:address", FILLED, alone("organisations:address")),
    State(
        "organisations:address",
        REFUSED,
        sent("organisations:address", {"Email address of the chief executive’s office": "nonsense"}),
        lead,
    ),
    State("organisations:address", CONFLICT, changed_address),
    State("organisations:keys", EMPTY, alone("organisations:keys")),
    State("organisations:keys", FILLED, keys),
    State(KEY_NEW, EMPTY, alone(KEY_NEW)),
    State(KEY_NEW, REFUSED, sent(KEY_NEW), lead),
    State(KEY_NEW, "made", made_key),
    State("organisations:key_revoke", FILLED, opens("organisations:key_revoke"), lead),
    State("organisations:sites", EMPTY, alone("organisations:sites")),
    State("organisations:sites", FILLED, sites),
    State("organisations:sites", "as a reporter", sites_of_a_reporter),
    State("organisations:site_new", EMPTY, alone("organisations:site_new")),
    State("organisations:site_new", REFUSED, sent("organisations:site_new", {"Postcode": "nowhere"}), lead),
    State(SITE, FILLED, opens(SITE), lead),
    State(SITE, REFUSED, sent(SITE, {"Name of the site": "", "Postcode": "nowhere"}), lead),
    State(
        SITE,
        CONFLICT,
        overtaken(
            SITE,
            renamed_by_a_colleague,
            {"Name of the site": "Northmoor East"},
            key=own_key,
            pk=site,
        ),
        lead,
    ),
    State("organisations:site_close", FILLED, opens("organisations:site_close"), lead),
    State(
        "organisations:site_reopen",
        FILLED,
        opens("organisations:site_reopen", key=own_key, pk=closed_site),
        lead,
    ),
)
