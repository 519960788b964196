from dataclasses import replace

import msgspec
import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application import studio as queries
from zhengshu.contexts.casework.application.abandon_case_draft import abandon_case_draft
from zhengshu.contexts.casework.application.decide_draft import decide_draft
from zhengshu.contexts.casework.application.drafts import (
    DraftChangedMeanwhile,
    DraftNotFound,
    DraftNotOpen,
    DraftTooLarge,
    NotADesigner,
)
from zhengshu.contexts.casework.application.retire_case_type import retire_case_type
from zhengshu.contexts.casework.application.save_draft import save_draft, save_files
from zhengshu.contexts.casework.application.start_draft import (
    TEMPLATES,
    CodeTaken,
    CodeUnfit,
    start_from_template,
    start_from_version,
    start_new,
)
from zhengshu.contexts.casework.application.submit_draft import (
    BaseSuperseded,
    DraftFaulty,
    NothingChanged,
    submit_draft,
)
from zhengshu.contexts.casework.domain.designing import MOST_BYTES, design_of
from zhengshu.contexts.casework.models import CaseTypeDraft, CaseTypeVersion, Task
from zhengshu.contexts.casework.tests.factories import AT, PACKS, person, subject
from zhengshu.contexts.casework.tests.studio import CODE, NAMES, Studio, draft, studio, submitted
from zhengshu.foundation.outbox import deliver_due
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db

State = CaseTypeDraft.State


def approved(place: Studio) -> CaseTypeVersion:
    row = submitted(place)
    decide_draft(draft_id=row.pk, outcome="approve", actor=place.reviewer, at=AT)
    return CaseTypeVersion.objects.get(code=CODE, is_current=True)


class TestStarting:
    @pytest.mark.parametrize("template", TEMPLATES)
    def test_every_template_is_faultless_under_its_new_name(self, template: str) -> None:
        row = draft(studio(), template=template)

        assert queries.faults_of(row.files()) == ()
        assert design_of(row.files()).definition["code"] == CODE
        assert queries.name_of(row.files()) == NAMES["zh-hans"]

    def test_two_drafts_of_one_code_are_refused(self) -> None:
        place = studio()
        draft(place)

        with pytest.raises(CodeTaken):
            draft(place, actor=place.stranger)

    @pytest.mark.parametrize("name", ["", "许可", "123", "---"])
    def test_a_name_without_letters_is_refused(self, name: str) -> None:
        with pytest.raises(CodeUnfit):
            start_from_template(
                template="blank", names={"zh-hans": "许可", "en": name}, actor=studio().clerk, at=AT
            )

    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.OPERATOR, Role.LEADER])
    def test_who_designs_nothing_is_refused(self, role: Role) -> None:
        place = studio()

        with pytest.raises(NotADesigner):
            draft(place, actor=person(role, department_id=place.department))

    def test_types_of_the_platform_belong_to_the_data_authority(self) -> None:
        place = studio()
        version = CaseTypeVersion.objects.get(code="case-type-publication")

        with pytest.raises(NotADesigner):
            start_from_version(version_id=version.pk, actor=place.head, at=AT)
        row = start_from_version(version_id=version.pk, actor=place.reviewer, at=AT)

        assert row.base == version
        assert row.files().contents() == version.files().contents()

    def test_a_version_loaded_before_texts_were_kept_gives_the_same_names(self) -> None:
        studio()
        version = CaseTypeVersion.objects.get(code="case-type-publication")
        known = version.files().texts

        version.source_texts = {}

        assert design_of(version.files()).texts == design_of(replace(version.files(), texts=known)).texts


class TestSaving:
    def test_keys_that_the_studio_does_not_know_stay(self) -> None:
        place = studio()
        row = draft(place)
        design = design_of(row.files())
        changed = msgspec.structs.replace(
            design, definition={**design.definition, "future": {"rule": [1, "x"]}}
        )

        saved = save_draft(draft_id=row.pk, design=changed, revision=1, actor=place.colleague, at=AT)

        assert design_of(saved.files()).definition["future"] == {"rule": [1, "x"]}
        assert saved.revision == 2
        assert saved.saved_by_name == place.colleague.name

    def test_files_that_did_not_change_keep_their_text(self) -> None:
        place = studio()
        row = draft(place)
        text = "# why\n" + row.definition
        row = save_files(
            draft_id=row.pk, files=replace(row.files(), definition=text), revision=1, actor=place.clerk, at=AT
        )

        saved = save_draft(
            draft_id=row.pk, design=design_of(row.files()), revision=2, actor=place.clerk, at=AT
        )

        assert saved.definition == text

    def test_of_two_tabs_the_second_is_told(self) -> None:
        place = studio()
        row = draft(place)
        design = design_of(row.files())
        save_draft(draft_id=row.pk, design=design, revision=1, actor=place.colleague, at=AT)

        with pytest.raises(DraftChangedMeanwhile) as refusal:
            save_draft(draft_id=row.pk, design=design, revision=1, actor=place.clerk, at=AT)

        assert place.colleague.name in refusal.value.text()

    def test_nothing_huge_is_kept(self) -> None:
        place = studio()
        row = draft(place)
        design = msgspec.structs.replace(design_of(row.files()), flow="x" * (MOST_BYTES + 1))

        with pytest.raises(DraftTooLarge):
            save_draft(draft_id=row.pk, design=design, revision=1, actor=place.clerk, at=AT)

    def test_another_department_finds_nothing(self) -> None:
        place = studio()
        row = draft(place)
        design = design_of(row.files())

        with pytest.raises(DraftNotFound):
            save_draft(draft_id=row.pk, design=design, revision=1, actor=place.stranger, at=AT)
        with pytest.raises(DraftNotFound):
            queries.draft(draft_id=row.pk, actor=place.reviewer)
        assert queries.drafts(actor=place.stranger) == ()
        assert queries.drafts(actor=place.reviewer) == ()

    def test_what_is_submitted_rests(self) -> None:
        place = studio()
        row = submitted(place)

        with pytest.raises(DraftNotOpen):
            save_draft(draft_id=row.pk, design=design_of(row.files()), revision=1, actor=place.clerk, at=AT)

    def test_the_approver_does_not_draw(self) -> None:
        place = studio()
        row = submitted(place)

        with pytest.raises(NotADesigner):
            save_draft(
                draft_id=row.pk, design=design_of(row.files()), revision=1, actor=place.reviewer, at=AT
            )


class TestPublishing:
    def test_from_a_template_to_a_running_case(self) -> None:
        place = studio()
        row = submitted(place)

        decide_draft(draft_id=row.pk, outcome="approve", actor=place.reviewer, at=AT)
        case = api.open_case(
            case_type=CODE,
            subject=subject(),
            parties={"department": place.department},
            data={},
            actor=place.clerk,
            at=AT,
        )

        row.refresh_from_db()
        version = CaseTypeVersion.objects.get(code=CODE)
        assert row.state == State.PUBLISHED
        assert (row.published, version.edition, version.is_current) == (version, 1, True)
        assert version.department_id == place.department
        assert version.published_by_name == place.reviewer.name
        assert [task.task for task in case.open_tasks] == ["acceptance"]

    def test_faults_keep_it_from_being_submitted(self) -> None:
        place = studio()
        row = draft(place)
        faulty = replace(row.files(), definition=row.definition.replace("行政许可法第四十二条", '""'))
        save_files(draft_id=row.pk, files=faulty, revision=1, actor=place.clerk, at=AT)

        with pytest.raises(DraftFaulty):
            submit_draft(draft_id=row.pk, revision=2, actor=place.clerk, at=AT)

    def test_a_return_gives_it_back_and_it_goes_on_in_the_same_case(self) -> None:
        place = studio()
        row = submitted(place)

        with pytest.raises(api.ReasonMissing):
            decide_draft(draft_id=row.pk, outcome="return", actor=place.reviewer, at=AT)
        back = decide_draft(
            draft_id=row.pk, outcome="return", reason="时限依据有误", actor=place.reviewer, at=AT
        )
        again = submit_draft(draft_id=row.pk, revision=1, actor=place.colleague, at=AT)

        assert back.state == State.DRAFTING
        assert again.state == State.SUBMITTED
        assert again.case_id == row.case_id

    def test_no_author_approves(self) -> None:
        place = studio()
        both = person(Role.DATA_OFFICER, Role.REVIEWER, department_id=place.authority)
        helper = person(Role.DATA_OFFICER, Role.REVIEWER, department_id=place.authority)
        row = draft(place, actor=both)
        save_draft(draft_id=row.pk, design=design_of(row.files()), revision=1, actor=helper, at=AT)
        submit_draft(draft_id=row.pk, revision=2, actor=both, at=AT)

        with pytest.raises(api.OwnMatter):
            decide_draft(draft_id=row.pk, outcome="approve", actor=both, at=AT)
        with pytest.raises(api.FourEyes):
            decide_draft(draft_id=row.pk, outcome="approve", actor=helper, at=AT)
        decide_draft(draft_id=row.pk, outcome="approve", actor=place.reviewer, at=AT)

    def test_the_own_department_does_not_approve(self) -> None:
        place = studio()
        row = submitted(place)

        with pytest.raises(api.NotYourTask):
            decide_draft(draft_id=row.pk, outcome="approve", actor=place.head, at=AT)

    def test_what_was_decided_in_the_inbox_is_followed(self) -> None:
        place = studio()
        row = submitted(place)
        case_id = CaseId(Task.objects.get(code="approval").case_id)
        api.complete_task(case_id=case_id, task="approval", outcome="approve", actor=place.reviewer, at=AT)

        deliver_due(at=AT)

        row.refresh_from_db()
        assert row.state == State.PUBLISHED
        assert CaseTypeVersion.objects.get(code=CODE).is_current

    def test_a_second_version_follows_and_running_cases_keep_theirs(self) -> None:
        place = studio()
        first = approved(place)
        row = start_from_version(version_id=first.pk, actor=place.colleague, at=AT)
        with pytest.raises(NothingChanged):
            submit_draft(draft_id=row.pk, revision=1, actor=place.colleague, at=AT)
        files = replace(row.files(), definition=row.definition.replace("value: 20", "value: 15"))
        save_files(draft_id=row.pk, files=files, revision=1, actor=place.colleague, at=AT)
        submit_draft(draft_id=row.pk, revision=2, actor=place.colleague, at=AT)

        decide_draft(draft_id=row.pk, outcome="approve", actor=place.reviewer, at=AT)

        versions = queries.versions(code=CODE)
        assert [(one.edition, one.is_current) for one in versions] == [(2, True), (1, False)]

    def test_a_draft_of_an_old_version_does_not_undo_a_newer_one(self) -> None:
        place = studio()
        first = approved(place)
        row = start_from_version(version_id=first.pk, actor=place.clerk, at=AT)
        files = replace(row.files(), definition=row.definition.replace("value: 20", "value: 15"))
        save_files(draft_id=row.pk, files=files, revision=1, actor=place.clerk, at=AT)
        CaseTypeVersion.objects.filter(pk=first.pk).update(is_current=False)
        CaseTypeVersion.objects.create(
            code=CODE, edition=2, digest="x", definition="", flow="", texts={}, loaded_at=AT
        )

        with pytest.raises(BaseSuperseded):
            submit_draft(draft_id=row.pk, revision=2, actor=place.clerk, at=AT)

    def test_what_is_abandoned_frees_its_code(self) -> None:
        place = studio()
        row = draft(place)

        abandon_case_draft(draft_id=row.pk, actor=place.clerk, at=AT)

        assert draft(place).pk != row.pk


class TestRetiring:
    def test_no_new_case_is_opened(self) -> None:
        place = studio()
        approved(place)

        retire_case_type(code=CODE, actor=place.head, at=AT)

        with pytest.raises(api.CaseTypeNotFound):
            api.open_case(
                case_type=CODE,
                subject=subject(),
                parties={"department": place.department},
                data={},
                actor=place.clerk,
                at=AT,
            )

    def test_only_head_or_reviewer_of_the_owner_may(self) -> None:
        place = studio()
        approved(place)
        foreign: tuple[Actor, ...] = (place.clerk, place.stranger, place.reviewer)

        for actor in foreign:
            with pytest.raises(NotADesigner):
                retire_case_type(code=CODE, actor=actor, at=AT)


class TestLists:
    def test_types_cost_the_same_number_of_queries(
        self, django_assert_max_num_queries: pytest.FixtureRequest
    ) -> None:
        place = studio()
        api.load_case_types(folder=PACKS, at=AT)

        with django_assert_max_num_queries(4):  # type: ignore[operator]  # a fixture that pytest does not type
            found = queries.case_types(actor=place.reviewer)

        assert {one.code for one in found} >= {"share-request", "catalog-publication"}
        assert all(one.may_design for one in found)
        assert not any(one.may_design for one in queries.case_types(actor=place.clerk))

    def test_an_archive_of_a_known_type_is_no_new_type(self) -> None:
        place = studio()
        files = CaseTypeVersion.objects.get(code="case-type-publication").files()

        with pytest.raises(CodeTaken):
            start_new(files=files, actor=place.reviewer, at=AT)
