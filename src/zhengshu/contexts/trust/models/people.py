"""Departments, the people who act, and the roles in which they do."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from zhengshu.contexts.trust.domain.kinds import AccountKind, Level
from zhengshu.foundation.vault.columns import encrypted_text
from zhengshu.kernel.actors import ADMINISTRATORS, Actor, Role
from zhengshu.kernel.identity import new_id
from zhengshu.kernel.mandates import Power


class DepartmentSet(models.QuerySet["Department"]):
    """Departments."""

    def visible_to(self, actor: Actor) -> "DepartmentSet":
        """Keep what the actor may see: departments are no secret to whoever is signed in."""
        return self if actor.is_signed_in else self.none()


class Department(models.Model):
    """An organ with a unified social credit code, a region and a level."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    region = models.CharField(max_length=12)
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    is_data_authority = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = DepartmentSet.as_manager()

    class Meta:
        db_table = "trust_department"
        indexes = [
            models.Index(fields=["region", "name"], name="trust_department_region"),
            models.Index(fields=["name", "id"], name="trust_department_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["region"],
                condition=models.Q(is_data_authority=True, is_active=True),
                name="trust_one_data_authority_a_region",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="trust_department_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=[level.value for level in Level]),
                name="trust_department_level_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """What pages show beside a person: the short name where there is one."""
        return self.short_name or self.name


class Enterprise(models.Model):
    """An enterprise or other organisation in whose name delegates act."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "trust_enterprise"

    def __str__(self) -> str:
        return self.name


class AccountSet(models.QuerySet["Account"]):
    """Accounts."""

    def visible_to(self, actor: Actor) -> "AccountSet":
        """Keep oneself, the officials of one's department, and all for the two who administer accounts and roles."""
        if actor.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            return self
        if not actor.is_signed_in:
            return self.none()
        mine = models.Q(id=actor.id)
        if actor.department_id is not None:
            mine |= models.Q(kind=AccountKind.OFFICIAL, department_id=actor.department_id)
        return self.filter(mine)


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its name, in any case."""

    def get_queryset(self) -> AccountSet:
        """Return all accounts."""
        return AccountSet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> AccountSet:
        """Return the accounts that an actor may see."""
        return self.get_queryset().visible_to(actor)

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account of a user name."""
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """A person who can sign in: an official of a department, a citizen, or an enterprise's delegate.

    There is no superuser and there are no model permissions: what an account may do is its roles.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in AccountKind])
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    person_digest = models.BinaryField(max_length=32, null=True, blank=True)
    sealed_citizen_id = models.BinaryField(null=True, blank=True)
    citizen_id = encrypted_text("sealed_citizen_id", department="department_id", former=b"trust.account:")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "trust_account"
        indexes = [
            models.Index(fields=["department", "name"], name="trust_account_department"),
            models.Index(fields=["kind", "username"], name="trust_account_kind"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="trust_account_username_once"),
            models.UniqueConstraint(
                fields=["kind", "person_digest"], name="trust_one_account_a_person_and_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=AccountKind.OFFICIAL, department__isnull=False)
                | models.Q(kind__in=[AccountKind.CITIZEN, AccountKind.DELEGATE], department__isnull=True),
                name="trust_official_has_a_department",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def everything() -> list[str]:
    """Return the scope of whoever may do everything in an enterprise's name."""
    return sorted(power.value for power in Power)


class Delegation(models.Model):
    """The power of a person to act in the name of an enterprise, for a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="delegations")
    is_legal_representative = models.BooleanField(default=False)
    scope = ArrayField(models.CharField(max_length=80), default=everything)
    """For what: `matters`, `matters:CODE` …, as `kernel.mandates` reads it."""
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "trust_delegation"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "enterprise"],
                condition=models.Q(active_to__isnull=True),
                name="trust_delegation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(active_to__isnull=True) | models.Q(active_to__gte=models.F("active_from")),
                name="trust_delegation_period",
            ),
            models.CheckConstraint(
                condition=models.Q(scope__len__gt=0), name="trust_delegation_for_something"
            ),
        ]


class RoleAssignment(models.Model):
    """A role that an account holds from one instant to another (half-open)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True, blank=True)
    assigned_by = models.UUIDField()
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "trust_role_assignment"
        indexes = [models.Index(fields=["role", "account"], name="trust_role_holders")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=models.Q(active_to__isnull=True),
                name="trust_role_once",
            ),
            models.CheckConstraint(
                condition=models.Q(active_to__isnull=True) | models.Q(active_to__gte=models.F("active_from")),
                name="trust_role_period",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="trust_role_known"
            ),
            # Whatever code or console writes here: one person holds one administrator's post at most. The trigger
            # of migration 0002 adds that an administrator holds no other role at all.
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(
                    role__in=sorted(role.value for role in ADMINISTRATORS), active_to__isnull=True
                ),
                name="trust_administrators_are_separate",
            ),
        ]
