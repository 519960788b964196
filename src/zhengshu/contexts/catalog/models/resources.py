"""Resources, their versions and items."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.expressions import Combinable, CombinedExpression, Expression

from zhengshu.contexts.catalog.domain.facets import PACKED
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.identity import new_id

ANNOUNCED = (State.PUBLISHED.value, State.RETIRED.value)
SEEN_BY_ALL = (State.PUBLISHED.value, State.SUPERSEDED.value, State.RETIRED.value)
UNDER_REVIEW = (State.SUBMITTED.value, State.APPROVED.value)


def packed_facets() -> Expression:
    """Return the expression by which the database packs the facets; `domain.facets.pack` is its twin."""
    whole: Expression = Value(0)
    weight = 1
    for column, values in PACKED.items():
        numbers = values if column != "grade" else tuple(int(value) for value in values)
        cases = [When(**{column: value}, then=Value(digit * weight)) for digit, value in enumerate(numbers)]
        digit_of_column = Case(*cases, default=Value(0), output_field=models.IntegerField())
        whole = CombinedExpression(whole, Combinable.ADD, digit_of_column)
        weight *= len(values)
    return whole


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Resources, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what was announced, for officials; unpublished entries for their own department and reviewers."""
        if actor.is_platform:
            return self
        if not actor.has(*OFFICIALS):
            return self.none()
        seen = Q(state__in=ANNOUNCED) | Q(department_id=actor.department_id)
        if actor.has(Role.REVIEWER):
            seen |= Q(authority_id=actor.department_id, state__in=UNDER_REVIEW)
        return self.filter(seen)


class Resource(models.Model):
    """One entry of the catalogue: its identity, and the face that lists and searches show.

    The face repeats facts of the published version, or of the first draft while nothing is published, so that
    lists and facets read one narrow table.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=30, unique=True)
    department_id = models.UUIDField()
    authority_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])
    facets = models.GeneratedField(
        expression=packed_facets(), output_field=models.IntegerField(), db_persist=True
    )
    category = models.CharField(max_length=20)
    classification = models.CharField(max_length=12)
    sharing_class = models.CharField(max_length=20)
    opening_class = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField()
    update_cycle = models.CharField(max_length=20)
    format_category = models.CharField(max_length=20)
    has_personal = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    name = models.CharField(max_length=100)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.TextField(blank=True)
    published = models.ForeignKey(
        "ResourceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="published_for"
    )
    opened = models.ForeignKey(
        "ResourceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="opened_for"
    )
    all_words = SearchVectorField()

    objects = ResourceQuerySet.as_manager()

    class Meta:
        db_table = "catalog_resource"
        ordering = ["-changed_at", "code"]
        indexes = [
            GinIndex(fields=["all_words"], name="catalog_resource_words", fastupdate=False),
            models.Index(fields=["department_id", "state"], name="catalog_resource_department"),
            models.Index(fields=["facets", "department_id", "state"], name="catalog_resource_facets"),
            models.Index(fields=["-changed_at", "code"], name="catalog_resource_newest"),
            models.Index(fields=["name", "code"], name="catalog_resource_by_name"),
        ]


class ResourceVersionQuerySet(models.QuerySet["ResourceVersion"]):
    """Versions, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Return published versions for officials; the one in the making for its department and reviewers."""
        if actor.is_platform:
            return self
        if not actor.has(*OFFICIALS):
            return self.none()
        seen = Q(state__in=SEEN_BY_ALL) | Q(resource__department_id=actor.department_id)
        if actor.has(Role.REVIEWER):
            seen |= Q(resource__authority_id=actor.department_id, state__in=UNDER_REVIEW)
        return self.filter(seen)


class ResourceVersion(models.Model):
    """What a department declared at one time. A trigger keeps a published version as it is for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])

    name = models.CharField(max_length=100)
    summary = models.TextField()
    classification = models.CharField(max_length=12)
    format_category = models.CharField(max_length=20)
    format_type = models.CharField(max_length=2000)
    update_cycle = models.CharField(max_length=20)
    sharing_class = models.CharField(max_length=20)
    sharing_methods = ArrayField(models.CharField(max_length=20))
    sharing_scope = models.TextField(blank=True)
    sharing_purposes = models.TextField(blank=True)
    withheld_reason = models.TextField(blank=True)
    sharing_basis = models.TextField(blank=True)
    opening_class = models.CharField(max_length=20)
    opening_conditions = models.TextField(blank=True)
    duty_basis = models.TextField(blank=True)
    keywords = ArrayField(models.CharField(max_length=100), default=list)
    related_codes = ArrayField(models.CharField(max_length=30), default=list)
    system = models.ForeignKey("InformationSystem", on_delete=models.PROTECT, null=True, blank=True)

    cause = models.TextField(blank=True)
    cause_on = models.DateField(null=True, blank=True)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    case_id = models.UUIDField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    is_secrecy_assessed = models.BooleanField(default=False)
    is_personal_assessed = models.BooleanField(default=False)
    assessment_note = models.TextField(blank=True)
    approved_by = models.CharField(max_length=100, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=100, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ResourceVersionQuerySet.as_manager()

    class Meta:
        db_table = "catalog_resource_version"
        ordering = ["resource", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="catalog_version_number_once"),
            models.CheckConstraint(
                condition=~Q(sharing_class="withheld") | (~Q(withheld_reason="") & ~Q(sharing_basis="")),
                name="catalog_withheld_has_reason_and_basis",
            ),
            models.CheckConstraint(
                condition=~Q(sharing_class="conditional") | (~Q(sharing_scope="") & ~Q(sharing_purposes="")),
                name="catalog_conditional_has_scope_and_purposes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SEEN_BY_ALL) | Q(is_secrecy_assessed=True, is_personal_assessed=True),
                name="catalog_published_was_assessed",
            ),
        ]


class ResourceItem(models.Model):
    """One item of one version."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ResourceVersion, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    column = models.CharField(max_length=63)
    data_type = models.CharField(max_length=20)
    length = models.PositiveIntegerField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField()
    personal = models.CharField(max_length=20)
    element_code = models.CharField(max_length=60, blank=True)
    code_table = models.CharField(max_length=60, blank=True)
    is_key = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    description = models.TextField(blank=True)

    class Meta:
        db_table = "catalog_resource_item"
        ordering = ["version", "position"]
        indexes = [models.Index(fields=["element_code"], name="catalog_item_element")]
        constraints = [
            models.UniqueConstraint(fields=["version", "column"], name="catalog_item_column_once"),
            models.UniqueConstraint(fields=["version", "name"], name="catalog_item_name_once"),
            models.UniqueConstraint(fields=["version", "position"], name="catalog_item_position_once"),
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=6), name="catalog_item_grade_range"),
            models.CheckConstraint(
                condition=Q(column__regex=r"^[a-z][a-z0-9_]{0,62}$"), name="catalog_item_column_form"
            ),
        ]


class CodeCounter(models.Model):
    """The last running number given under a classification code."""

    classification = models.CharField(primary_key=True, max_length=12)
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "catalog_code_counter"
