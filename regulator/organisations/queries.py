"""The reads on organisations: for other apps, and for the pages of the employer's own house."""

from django.db.models import Case, Count, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.http import Http404

from regulator import clock
from regulator.accounts.backends import may_sign_in
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.organisations.models import ApiKey, Employer, Invitation, Membership, Site
from regulator.organisations.policies import employer_roles, permit


def contacts(employer: Employer | int, *, permission: str) -> list[str]:
    """The addresses of the employer's current people who may sign in and whose role there carries
    ``permission`` (a kind's ``follow``: nobody is written to about what they may not see), in a stable
    order. One query. Raises ``LookupError`` for an unknown permission.
    """
    key = employer.pk if isinstance(employer, Employer) else employer
    roles = sorted(roles_with(permission) & EMPLOYER_ROLES)
    current = Membership.objects.filter(employer_id=key, role__in=roles, ended_at__isnull=True)
    may_sign_in = current.filter(user__is_active=True, user__role="")
    return list(may_sign_in.order_by("user_id").values_list("user__email", flat=True))


def leads(employer: Employer | int) -> list[str]:
    """The addresses of the employer's current leads who may sign in, in a stable order. One query."""
    key = employer.pk if isinstance(employer, Employer) else employer
    current = Membership.objects.filter(
        employer_id=key, role=Role.EMPLOYER_LEAD, ended_at__isnull=True, user__is_active=True, user__role=""
    )
    return list(current.order_by("user_id").values_list("user__email", flat=True))


def employers_of(user: User) -> QuerySet[Employer]:
    """The employers that a person acts for now, by name. One query."""
    return Employer.objects.filter(memberships__user=user, memberships__ended_at__isnull=True).order_by(
        "name"
    )


def own_employer(key: str, user: User, *, permission: str) -> Employer:
    """The employer known by ``key``, for one of its people whose role there carries ``permission``.

    One query. Raises ``Http404`` for everybody who does not act for it, whether or not it exists, and
    ``NotPermitted`` for one of its people in another role.
    """
    found = Employer.objects.filter(key=key, pk__in=list(employer_roles(user))).first()
    if found is None:
        raise Http404("You act for no such employer.")
    permit(user, permission, employer=found)
    return found


def people(employer: Employer) -> QuerySet[Membership]:
    """Who acts for the employer now, by name, with the number of ``keys`` that end with each. One query."""
    today = clock.today()
    unexpired = Q(api_keys__expires_on__isnull=True) | Q(api_keys__expires_on__gte=today)
    ending = Count("api_keys", filter=Q(api_keys__revoked_at__isnull=True) & unexpired)
    current = Membership.objects.filter(employer=employer, ended_at__isnull=True)
    return current.select_related("user").annotate(keys=ending).order_by("user__name", "pk")


def open_invitations(employer: Employer) -> QuerySet[Invitation]:
    """Invitations that were neither accepted nor cancelled, the newest first. One query."""
    standing = Invitation.objects.standing().filter(employer=employer)
    return standing.select_related("employer", "invited_by")


def invitation_by(token: str) -> Invitation | None:
    """The invitation whose link carries ``token``, whatever became of it. One query."""
    found = Invitation.objects.filter(digest=Invitation.digest_of(token))
    return found.select_related("employer", "invited_by").first()


def invited_person(invitation: Invitation) -> User | None:
    """Who signs in with the address that was invited, if anybody. One query."""
    return User.objects.filter(email=invitation.email).first()


def may_accept(person: User | None) -> bool:
    """Whether somebody may take an invitation up: nobody yet, or who may sign in and is not CQC's staff."""
    return person is None or (not person.role and may_sign_in(person))


def api_keys(employer: Employer) -> QuerySet[ApiKey]:
    """Every key of the employer that was ever made, the newest first, with whose it is. One query."""
    return ApiKey.objects.filter(membership__employer=employer).select_related("membership__user")


def sites(employer: Employer) -> QuerySet[Site]:
    """Every site of the employer, the open ones first, by name. One query."""
    return Site.objects.filter(employer=employer).order_by("-is_open", "name", "pk")


def those_of(modality: str, offered: QuerySet[Site]) -> QuerySet[Site]:
    """``offered`` with the sites that carry out ``modality`` first, each group by name."""
    carried_out = When(written__contains=f'"{modality}"', then=Value(0))
    written = offered.annotate(written=Cast("modalities", TextField()))
    return written.order_by(Case(carried_out, default=Value(1)), "name", "pk")
