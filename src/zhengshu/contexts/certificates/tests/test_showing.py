"""Showing, checking and using certificates, and what people try who are not entitled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from zhengshu.contexts.certificates import api
from zhengshu.contexts.certificates.application.issue_certificate import local_midnight
from zhengshu.contexts.certificates.application.present_certificate import (
    MOST_OPEN,
    TooManyPresentations,
    look_at,
    open_presentation,
    present,
    refused_presentations,
)
from zhengshu.contexts.certificates.application.queries import uses
from zhengshu.contexts.certificates.domain.presenting import (
    PresentationExpired,
    PresentationNotFound,
    PresentationUsed,
)
from zhengshu.contexts.certificates.domain.states import CertificateNeverEnds, CertificateNotValid
from zhengshu.contexts.certificates.domain.types import Validity
from zhengshu.contexts.certificates.models import CertificateUse, Presentation
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.factories import Issuer
from zhengshu.contexts.trust.tests import seals
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.certificates import CertificateCheckWrong, CertificateNumber
from zhengshu.kernel.identity import CaseId, new_id

pytestmark = pytest.mark.django_db
PASSER_BY = Actor.anonymous(address="192.0.2.7")


@pytest.fixture
def by() -> Issuer:
    return factories.issuer("food-permit", "insured-certificate")


@pytest.fixture
def zhao() -> Actor:
    return factories.citizen()


def code(record: api.CertificateRecord, actor: Actor, *, at: datetime | None = None) -> str:
    made = present(certificate_id=record.id, actor=actor, at=at or timezone.now())
    return made.address.rstrip("/").rpartition("/")[2]


def revoke(record: api.CertificateRecord, by: Issuer, *, ending: api.Ending = api.Ending.REVOKED) -> None:
    api.revoke(
        certificate_id=record.id, ending=ending, reason="以欺骗手段取得", actor=by.approver, at=timezone.now()
    )


class TestPresenting:
    def test_shows_everything_once(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)
        token = code(record, zhao)

        seen = open_presentation(token=token, actor=PASSER_BY, at=timezone.now())

        assert (seen.id, seen.holder.number) == (record.id, factories.ZHAO.number)
        with pytest.raises(PresentationUsed) as refused:
            open_presentation(token=token, actor=PASSER_BY, at=timezone.now())
        assert ":" in str(refused.value.data["time"])
        assert refused_presentations(certificate_id=record.id, actor=zhao) == 1
        made = Presentation.objects.get(certificate_id=record.id)
        assert len(seals.noted("certificates.presentation.refused.v1", made.pk)) == 1

    def test_looking_ahead_uses_nothing_up(self, by: Issuer, zhao: Actor) -> None:
        token = code(factories.insured(by), zhao)

        for _ in range(3):
            assert look_at(token=token, actor=PASSER_BY, at=timezone.now()) == "insured-certificate"
        open_presentation(token=token, actor=PASSER_BY, at=timezone.now())

    def test_ends_after_a_minute(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)
        at = timezone.now()
        token = code(record, zhao, at=at)

        look_at(token=token, actor=PASSER_BY, at=at + timedelta(seconds=59))
        with pytest.raises(PresentationExpired):
            open_presentation(token=token, actor=PASSER_BY, at=at + timedelta(seconds=60))

    def test_by_a_made_up_code_shows_nothing(self) -> None:
        with pytest.raises(PresentationNotFound):
            open_presentation(token="A" * 22, actor=PASSER_BY, at=timezone.now())

    def test_of_somebody_elses_is_refused(self, by: Issuer, zhao: Actor) -> None:
        record = factories.food(by)

        for actor in (zhao, by.approver, PASSER_BY):
            with pytest.raises(api.CertificateNotFound):
                present(certificate_id=record.id, actor=actor, at=timezone.now())

    def test_of_a_revoked_or_expired_one_is_refused(self, by: Issuer, zhao: Actor) -> None:
        revoked, old = factories.insured(by), factories.insured(by, months="85")
        revoke(revoked, by)

        with pytest.raises(CertificateNotValid):
            present(certificate_id=revoked.id, actor=zhao, at=timezone.now())
        with pytest.raises(CertificateNotValid):
            present(certificate_id=old.id, actor=zhao, at=timezone.now() + timedelta(days=100))

    def test_tells_that_it_was_revoked_after_the_code_was_made(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)
        token = code(record, zhao)
        revoke(record, by)

        seen = open_presentation(token=token, actor=PASSER_BY, at=timezone.now())

        assert (seen.standing, seen.is_valid) == (api.Standing.ENDED, False)

    def test_is_not_made_without_end(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)
        for _ in range(MOST_OPEN):
            code(record, zhao)

        with pytest.raises(TooManyPresentations):
            code(record, zhao)

    def test_codes_are_not_kept(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)
        token = code(record, zhao)

        row = Presentation.objects.get(certificate_id=record.id)
        assert token.encode() not in bytes(row.token_digest)


class TestVerifying:
    def test_tells_strangers_what_they_may_know(self, by: Issuer) -> None:
        record = factories.insured(by)

        found = api.verify(number=record.number, actor=PASSER_BY, at=timezone.now())

        said = dict(found.facts)
        assert found.is_valid
        assert (found.holder_name, said["姓名"]) == ("赵**", "赵**")
        assert said["社会保障号码"] == "470302********1236"
        assert "望川" not in str(said)
        assert found.facts != record.facts

    def test_of_a_forged_identifier_is_refused(self, by: Issuer) -> None:
        read = CertificateNumber.parse(factories.food(by).number)
        mistyped = f"{str(read)[:-1]}{'0' if read.check != '0' else '1'}"
        forged = CertificateNumber.of(kind=read.kind, issuer=read.issuer, serial="20260101FORGED")

        with pytest.raises(CertificateCheckWrong):
            api.verify(number=mistyped, actor=PASSER_BY, at=timezone.now())
        with pytest.raises(api.CertificateNotIssued):
            api.verify(number=str(forged), actor=PASSER_BY, at=timezone.now())

    @pytest.mark.parametrize("ending", [api.Ending.REVOKED, api.Ending.CANCELLED, api.Ending.WITHDRAWN])
    def test_tells_how_it_ended(self, by: Issuer, ending: api.Ending) -> None:
        record = factories.food(by)
        revoke(record, by, ending=ending)

        found = api.verify(number=record.number, actor=PASSER_BY, at=timezone.now())

        assert (found.is_valid, found.standing, found.ending) == (False, api.Standing.ENDED, ending.value)

    def test_leads_to_the_later_version(self, by: Issuer) -> None:
        record = factories.food(by)
        later = api.replace(
            certificate_id=record.id,
            values={"projects": "热食类食品制售；自制饮品制售"},
            case_id=CaseId(new_id()),
            actor=by.approver,
            at=timezone.now(),
        )

        found = api.verify(number=record.number, actor=PASSER_BY, at=timezone.now())

        assert (found.standing, found.successor_number) == (api.Standing.REPLACED, later.number)
        assert found.ended_because == "变更换发"
        now = api.verify(number=later.number, actor=PASSER_BY, at=timezone.now())
        assert (now.is_valid, now.predecessor_number, now.ended_because) == (True, record.number, "")

    def test_tells_strangers_why_an_enterprises_ended_and_of_a_person_only_how(self, by: Issuer) -> None:
        firms, persons = factories.food(by), factories.insured(by)
        for record in (firms, persons):
            revoke(record, by)

        told = [api.verify(number=one.number, actor=PASSER_BY, at=timezone.now()) for one in (firms, persons)]

        assert [one.ended_because for one in told] == ["以欺骗手段取得", ""]
        assert [one.ending for one in told] == ["03", "03"]


class TestEnding:
    def test_is_for_the_issuers_approvers_with_a_reason(self, by: Issuer, zhao: Actor) -> None:
        record, other = factories.insured(by), factories.issuer()
        officer = replace(by.approver, roles=frozenset())

        for actor in (zhao, other.approver, officer, PASSER_BY):
            with pytest.raises(api.CertificateNotFound):
                revoke(record, replace(by, approver=actor))
        with pytest.raises(api.ReasonMissing):
            api.revoke(
                certificate_id=record.id,
                ending=api.Ending.REVOKED,
                reason=" ",
                actor=by.approver,
                at=timezone.now(),
            )
        with pytest.raises(api.EndingUnfit):
            revoke(record, by, ending=api.Ending.VOID)

    def test_happens_once_and_is_proven(self, by: Issuer) -> None:
        record = factories.food(by)
        revoke(record, by)

        with pytest.raises(api.CertificateEnded):
            revoke(record, by)
        assert seals.is_queued_for_the_log("certificates.certificate.ended.v1", record.id)


class TestVersions:
    def test_a_change_takes_the_place_of_the_former(self, by: Issuer) -> None:
        record, case_id = factories.food(by), CaseId(new_id())

        later = [
            api.replace(
                certificate_id=record.id,
                values={},
                holder_name="临江市望川餐饮集团有限公司",
                case_id=case_id,
                actor=by.approver,
                at=timezone.now(),
            )
            for _ in range(2)
        ]

        assert later[0].id == later[1].id
        assert (later[0].serial, later[0].edition) == (record.serial, 2)
        assert later[0].values["name"] == "临江市望川餐饮集团有限公司"
        assert later[0].active_to == record.active_to
        former = api.certificate(certificate_id=record.id, actor=by.approver, at=timezone.now())
        assert (former.standing, former.ending) == (api.Standing.REPLACED, "05")

    def test_a_renewal_begins_where_the_former_ends(self, by: Issuer) -> None:
        record = factories.insured(by)
        assert record.active_to is not None

        later = api.renew(
            certificate_id=record.id, case_id=CaseId(new_id()), actor=by.approver, at=timezone.now()
        )

        assert later.active_to == Validity(months=3).end(record.active_to)
        assert later.active_from == record.active_from
        assert later.is_valid

    def test_a_renewal_counts_from_the_decision_where_the_type_says_so(self, by: Issuer) -> None:
        now = timezone.now()
        record = factories.food(by, active_from=now - timedelta(days=4 * 365))

        later = api.renew(certificate_id=record.id, case_id=CaseId(new_id()), actor=by.approver, at=now)

        assert later.active_from == now
        assert later.active_to == Validity(years=5).end(local_midnight(now))
        assert (later.serial, later.edition) == (record.serial, 2)

    def test_of_one_that_has_ended_there_is_none(self, by: Issuer) -> None:
        record = factories.food(by)
        revoke(record, by)

        with pytest.raises(api.CertificateEnded):
            api.renew(
                certificate_id=record.id, case_id=CaseId(new_id()), actor=by.approver, at=timezone.now()
            )

    def test_of_one_that_never_ends_there_is_none_and_the_sentence_says_so(self) -> None:
        by = factories.issuer("medical-insurance")
        record = api.issue(
            type_code="medical-insurance",
            holder=factories.ZHAO,
            values={"insurance": "城乡居民基本医疗保险", "pool": "澄川市", "insured_on": "2026-01-01"},
            case_id=CaseId(new_id()),
            department_id=by.department_id,
            actor=factories.PLATFORM,
            at=timezone.now(),
        )

        with pytest.raises(CertificateNeverEnds):
            api.renew(certificate_id=record.id, case_id=None, actor=by.approver, at=timezone.now())

    def test_keep_their_keepers(self, by: Issuer) -> None:
        record = api.issue(
            type_code="insured-certificate",
            holder=api.Holder.person(name="赵知微"),
            keepers=(factories.ZHAO,),
            values={**factories.INSURED, "citizen_id": "360426199101010071"},
            case_id=CaseId(new_id()),
            department_id=by.department_id,
            actor=factories.PLATFORM,
            at=timezone.now(),
        )

        later = api.renew(
            certificate_id=record.id, case_id=CaseId(new_id()), actor=by.approver, at=timezone.now()
        )

        assert later.id in {one.id for one in api.held(factories.ZHAO, at=timezone.now())}


class TestUsing:
    def use(self, **changes: object) -> api.CertificateRecord | None:
        wanted: dict[str, object] = {
            "holder": factories.FIRM,
            "type_code": "food-permit",
            "fields": ("place",),
            "case_id": CaseId(new_id()),
            "purpose": "户外招牌设置",
            "actor": factories.PLATFORM,
            "at": timezone.now(),
            "who": "临江市城市管理局",
        }
        return api.supply(**{**wanted, **changes})  # type: ignore[arg-type]  # as a test changes it

    def test_hands_out_what_was_asked_for_and_counts_it(self, by: Issuer) -> None:
        record = factories.food(by)

        used = self.use()

        assert used is not None
        assert (used.id, set(used.values)) == (record.id, {"place"})
        (use,) = uses(certificate_id=record.id, actor=by.approver)
        assert (use.kind, use.who, use.fields) == ("supplied", "临江市城市管理局", ("place",))
        assert len(seals.noted("certificates.certificate.used.v1", record.id)) == 1

    def test_shows_no_fact_that_was_not_asked_for(self, by: Issuer) -> None:
        factories.food(by)

        used = self.use()

        assert used is not None
        assert [name for name, _value in used.facts] == ["经营场所"]

    def test_without_a_case_is_refused_and_not_counted(self, by: Issuer) -> None:
        record = factories.food(by)

        for changes in ({"case_id": None}, {"purpose": " "}):
            with pytest.raises(api.UseWithoutCase):
                self.use(**changes)
        assert not CertificateUse.objects.filter(certificate_id=record.id).exists()

    def test_of_an_invalid_one_gives_nothing(self, by: Issuer) -> None:
        record = factories.food(by)
        revoke(record, by)

        assert self.use() is None
        assert not api.has_valid(
            holder=factories.FIRM,
            type_code="food-permit",
            case_id=CaseId(new_id()),
            purpose="预审",
            actor=factories.PLATFORM,
            at=timezone.now(),
        )

    def test_by_a_rule_answers_yes_and_shows_nothing(self, by: Issuer) -> None:
        record = factories.food(by)

        assert api.has_valid(
            holder=factories.FIRM,
            type_code="food-permit",
            case_id=CaseId(new_id()),
            purpose="预审",
            actor=factories.PLATFORM,
            at=timezone.now(),
        )
        (use,) = uses(certificate_id=record.id, actor=by.approver)
        assert (use.kind, use.fields) == ("checked", ())
