"""Service items, their versions with materials, and the themes by which people look for them."""

from collections.abc import Collection
from datetime import date
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from zhengshu.contexts.services.domain.vocabulary import ItemState, MaterialSource, ThemeKind, VersionState
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.identity import new_id

OFFERED = (ItemState.PUBLISHED.value, ItemState.RETIRED.value)
"""What everybody may read: a retired item says that it is no more, and since when."""


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Themes; they are published content."""

    def visible_to(self, actor: Actor) -> Self:  # noqa: ARG002 - everybody may see them
        """Return all of them."""
        return self


class Theme(models.Model):
    """A life event or a topic."""

    code = models.SlugField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in ThemeKind])
    is_for_people = models.BooleanField()
    is_for_enterprises = models.BooleanField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField()

    objects = ThemeQuerySet.as_manager()

    class Meta:
        db_table = "services_theme"
        ordering = ["kind", "position", "code"]


class ServiceItemQuerySet(models.QuerySet["ServiceItem"]):
    """Items, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what is or was offered; what never was, for its own department and the data authority's reviewers."""
        if actor.is_platform:
            return self
        seen = Q(state__in=OFFERED)
        if actor.has(*OFFICIALS) and actor.department_id is not None:
            seen |= Q(department_id=actor.department_id)
        if actor.has(Role.REVIEWER):
            seen |= Q(authority_id=actor.department_id) | Q(department_id=None)
        return self.filter(seen)

    def of_ids(self, ids: Collection[UUID]) -> Self:
        """Return some rows; hundreds of ids are one value, which Django's own `id__in` writes out one by one."""
        if not ids:
            return self.none()
        array = Value(list(ids), output_field=ArrayField(models.UUIDField()))
        return self.filter(
            Func(
                F("id"),
                array,
                template="(%(expressions)s))",
                arg_joiner=" = ANY (",
                output_field=models.BooleanField(),
            )
        )


class ServiceItem(models.Model):
    """One item: its identity, and the face that lists and searches show, taken from the version in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=80, unique=True)
    basic_code = models.CharField(max_length=40, blank=True)
    implementation_code = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=500)
    name_en = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    department_id = models.UUIDField(null=True, blank=True)
    department_name = models.CharField(max_length=200)
    authority_id = models.UUIDField(null=True, blank=True)
    level = models.CharField(max_length=1)
    kind = models.CharField(max_length=2)
    audiences = ArrayField(models.CharField(max_length=1))
    case_kind = models.CharField(max_length=1)
    case_type = models.CharField(max_length=80, blank=True)
    is_online = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in ItemState])
    themes: "models.ManyToManyField[Theme, models.Model]" = models.ManyToManyField(
        Theme, related_name="items", blank=True
    )
    current = models.ForeignKey(
        "ItemVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="current_for"
    )
    origin = models.CharField(max_length=20)
    content_digest = models.CharField(max_length=64, blank=True)
    all_words = SearchVectorField(null=True)
    meaning = models.BinaryField(null=True)
    meaning_digest = models.CharField(max_length=64, blank=True)
    meaning_at = models.DateTimeField(null=True, blank=True, db_index=True)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.TextField(blank=True)

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        db_table = "services_item"
        ordering = ["name", "code"]
        indexes = [
            GinIndex(fields=["all_words"], name="services_item_words", fastupdate=False),
            models.Index(fields=["department_id", "state"], name="services_item_department"),
            models.Index(fields=["state", "name", "code"], name="services_item_by_name"),
            models.Index(fields=["implementation_code"], name="services_item_implementation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ItemState.RETIRED.value)
                | (Q(retired_at__isnull=False) & ~Q(retired_reason="")),
                name="services_retired_has_reason",
            ),
        ]


class ItemVersionQuerySet(models.QuerySet["ItemVersion"]):
    """Versions, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what was published; what is in the making, for its own department and reviewers."""
        if actor.is_platform:
            return self
        seen = Q(state=VersionState.PUBLISHED.value)
        if actor.has(*OFFICIALS) and actor.department_id is not None:
            seen |= Q(item__department_id=actor.department_id)
        if actor.has(Role.REVIEWER):
            seen |= Q(item__authority_id=actor.department_id) | Q(item__department_id=None)
        return self.filter(seen)

    def in_force(self, on: date) -> Self:
        """Keep those in force on a day."""
        ends = Q(effective_to=None) | Q(effective_to__gt=on)
        return self.filter(ends, state=VersionState.PUBLISHED.value, effective_from__lte=on)


class ItemVersion(models.Model):
    """What an organ declared at one time. A trigger keeps a published version as it is, but for its last day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in VersionState])
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    elements = models.JSONField()
    statutory_value = models.PositiveIntegerField(null=True, blank=True)
    statutory_unit = models.CharField(max_length=20, blank=True)
    promised_value = models.PositiveIntegerField(null=True, blank=True)
    promised_unit = models.CharField(max_length=20, blank=True)
    cause = models.TextField(blank=True)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    submitted_by = models.UUIDField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    published_by = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        db_table = "services_item_version"
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="services_version_number_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=["draft", "submitted"]),
                name="services_one_version_open",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="services_version_ends_after_begin",
            ),
        ]


class Material(models.Model):
    """One material of one version."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=500)
    source = models.CharField(
        max_length=20, choices=[(source.value, source.value) for source in MaterialSource]
    )
    certificate_type = models.CharField(max_length=80, blank=True)
    resource = models.CharField(max_length=80, blank=True)
    is_required = models.BooleanField(default=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "services_material"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="services_material_position_once"),
            models.CheckConstraint(
                condition=~Q(source=MaterialSource.CERTIFICATE.value) | ~Q(certificate_type=""),
                name="services_certificate_is_named",
            ),
        ]
