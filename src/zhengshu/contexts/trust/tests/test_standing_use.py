"""Standing use: a head lets the platform seal documents of a kind; what it then may, and what it may not."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.utils import timezone

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.seals.check_sealed_file import check_sealed_file
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.models import AuditEvent, SealStandingUse, SealUse
from zhengshu.contexts.trust.tests import factories, seals
from zhengshu.foundation.seals.tests.makers import TEXT
from zhengshu.foundation.seals.texts import Sealable, Text
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import StepUpDue
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db
KIND = "certificates.standing-use-test"


@pytest.fixture
def head() -> Actor:
    return seals.official(Role.DEPARTMENT_HEAD)


@pytest.fixture
def seal_id(head: Actor) -> UUID:
    return seals.made(head)


def allow(seal_id: UUID, head: Actor) -> None:
    api.allow_standing_use(seal_id=seal_id, document_kind=KIND, actor=head, at=timezone.now())


def put(
    head: Actor,
    document_id: UUID | None = None,
    *,
    text: Text = TEXT,
    formats: frozenset[api.SealFormat] = seals.BOTH,
) -> tuple[api.SealUseRecord, ...]:
    assert head.department_id is not None
    return api.seal_by_standing_use(
        document_kind=KIND,
        document_id=document_id or new_id(),
        document=Sealable(text=text),
        department_id=head.department_id,
        formats=formats,
        actor=factories.PLATFORM,
        at=timezone.now(),
    )


class TestAllowing:
    def test_lets_the_platform_seal_with_nobody_at_hand(self, head: Actor, seal_id: UUID) -> None:
        allow(seal_id, head)
        document = new_id()

        uses = put(head, document)

        assert {use.format for use in uses} == {"pdf", "ofd"}
        for content in seals.files(document).values():
            (verdict,) = check_sealed_file(content, at=timezone.now()).verdicts
            assert (verdict.is_unchanged, verdict.is_valid) == (True, True)

    def test_is_the_heads_alone(self, head: Actor, seal_id: UUID) -> None:
        colleague = seals.official(Role.APPROVER, department_id=head.department_id)
        stranger = seals.official(Role.DEPARTMENT_HEAD)

        with pytest.raises(NotYourDuty):
            allow(seal_id, colleague)
        with pytest.raises(api.SealNotFound):
            allow(seal_id, stranger)
        with pytest.raises(StepUpDue):
            allow(seal_id, replace(head, is_assured=False))

    def test_of_another_seal_takes_the_place_of_the_former(self, head: Actor, seal_id: UUID) -> None:
        other = seals.made(head, name="临江市市场监督管理局许可专用章")
        for one in (seal_id, other, other):
            allow(one, head)

        (standing,) = api.standing_uses(document_kinds=[KIND])
        assert (standing.seal_id, SealStandingUse.objects.filter(document_kind=KIND).count()) == (other, 2)
        events = AuditEvent.objects.filter(name="trust.seal.standing-use-allowed.v1")
        assert events.filter(subject_id__in=[str(seal_id), str(other)]).count() == 2

    def test_of_a_personal_seal_is_refused(self, head: Actor) -> None:
        own = seals.made(head, kind=api.SealKind.PERSONAL, name="许可")

        with pytest.raises(api.SealNotInUse):
            allow(own, head)


class TestSealing:
    def test_without_the_heads_word_is_refused(self, head: Actor, seal_id: UUID) -> None:
        with pytest.raises(api.NoStandingUse):
            put(head)

    def test_after_it_was_taken_back_is_refused(self, head: Actor, seal_id: UUID) -> None:
        allow(seal_id, head)
        (standing,) = api.standing_uses(document_kinds=[KIND])
        for _ in range(2):
            api.end_standing_use(standing_use_id=standing.id, actor=head, at=timezone.now())

        with pytest.raises(api.NoStandingUse):
            put(head)

    def test_with_a_revoked_seal_is_refused(self, head: Actor, seal_id: UUID) -> None:
        allow(seal_id, head)
        api.revoke_seal(seal_id=seal_id, reason="遗失", actor=head, at=timezone.now())

        with pytest.raises(api.SealNotInUse):
            put(head)

    def test_happens_once_for_each_format_and_only_with_the_first_text(
        self, head: Actor, seal_id: UUID
    ) -> None:
        allow(seal_id, head)
        document, only = new_id(), frozenset({api.SealFormat.PDF})
        for _ in range(2):
            put(head, document, formats=only)

        with pytest.raises(api.DocumentOtherThanApproved):
            put(head, document, text=seals.other())
        assert SealUse.objects.filter(approval__document_id=document).count() == 1
        assert len(put(head, document)) == 2

    def test_of_a_character_that_no_font_has_is_refused(self, head: Actor, seal_id: UUID) -> None:
        allow(seal_id, head)

        with pytest.raises(api.CharactersNotSet) as refused:
            put(head, text=replace(TEXT, title="关于𫡑某的决定"))
        assert refused.value.data["characters"] == "𫡑"


class TestEnding:
    def test_is_not_for_strangers(self, head: Actor, seal_id: UUID) -> None:
        allow(seal_id, head)
        (standing,) = api.standing_uses(document_kinds=[KIND])

        with pytest.raises(api.SealNotFound):
            api.end_standing_use(
                standing_use_id=standing.id,
                actor=seals.official(Role.DEPARTMENT_HEAD),
                at=timezone.now(),
            )
        with pytest.raises(NotYourDuty):
            api.end_standing_use(
                standing_use_id=standing.id,
                actor=seals.official(department_id=head.department_id),
                at=timezone.now(),
            )
