"""The people who sign in. Who belongs to which employer is in ``regulator.organisations``."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from regulator import clock
from regulator.accounts.roles import GRANTS, STAFF_ROLES, Role
from regulator.accounts.sessions import PortalSession as PortalSession

_STAFF_ROLE_CHOICES = [(role.value, role.label) for role in Role if role in STAFF_ROLES]


class JSONObjectOf(models.Aggregate):
    """Rows as one JSON object, of a key and a value each; NULL where there is no row."""

    function = "JSONB_OBJECT_AGG"
    arity = 2
    output_field: ClassVar[models.JSONField] = models.JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_OBJECT", **context)


class UserManager(BaseUserManager["User"]):
    def with_employer_roles(self) -> "models.QuerySet[User]":
        """People who know the employers that they act for, so that it costs no query of its own."""
        memberships = User._meta.get_field("memberships").related_model._default_manager
        current = memberships.filter(user=models.OuterRef("pk"), ended_at=None).order_by().values("user")
        held = current.annotate(held=JSONObjectOf("employer_id", "role")).values("held")
        return self.annotate(held_roles=models.Subquery(held))

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A person who can sign in by ``email``; without a password they must reset it first."""
        if not email:
            raise ValueError("a person signs in by e-mail address, so one is needed")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in.

    ``role`` is a staff role or empty. An employer's person has no role here: theirs comes with the
    membership of an employer. There is no superuser; what a person may do follows from
    ``regulator.accounts.roles`` alone.
    """

    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody signs in with this e-mail address already."},
    )
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40, blank=True, choices=_STAFF_ROLE_CHOICES)
    is_active = models.BooleanField("may sign in", default=True)
    is_demonstration = models.BooleanField(
        default=False, help_text="An invented person of the demonstration, who works for nobody."
    )
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Rises by one when an administrator changes this person."
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_in_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
            models.CheckConstraint(
                condition=models.Q(role="") | models.Q(role__in=sorted(STAFF_ROLES)),
                name="accounts_user_role_is_a_staff_role",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether the staff desk opens for this person (asked by Django's admin)."""
        return bool(self.role)

    @property
    def is_superuser(self) -> bool:
        return False

    @cached_property
    def employer_roles(self) -> dict[int, Role]:
        """The employers this person acts for, by primary key, with the role in each: as read with the person
        (``with_employer_roles``), otherwise one query. ``regulator.organisations`` owns the memberships."""
        if "held_roles" in vars(self):
            held: dict[str, str] = vars(self)["held_roles"] or {}
            return {owner: Role(held[str(owner)]) for owner in sorted(map(int, held))}
        current = self.memberships.filter(ended_at=None).order_by("pk")
        return {owner: Role(role) for owner, role in current.values_list("employer_id", "role")}

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Every role this person holds: the staff role, or those that memberships bring."""
        return frozenset({Role(self.role)} if self.role else self.employer_roles.values())

    @property
    def staff_grants(self) -> frozenset[str]:
        """The permissions that the staff role carries; none for an employer's person."""
        return GRANTS[Role(self.role)] if self.role and self.is_active else frozenset()

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Whether the staff role carries ``perm`` (asked by Django's admin). What an employer's person
        may do depends on the employer: ask ``regulator.organisations.policies.may``."""
        return perm in self.staff_grants

    def has_module_perms(self, app_label: str) -> bool:
        return any(grant.startswith(f"{app_label}.") for grant in self.staff_grants)
