"""Saving what was designed so far."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.drafts import (
    check_change,
    check_revision,
    locked_draft,
    store_files,
)
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.designing import Design, files_of
from zhengshu.contexts.casework.models import CaseTypeDraft
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def save_draft(*, draft_id: UUID, design: Design, revision: int, actor: Actor, at: datetime) -> CaseTypeDraft:
    """Keep what the studio drew; a draft with faults is kept like any other.

    Raises:
        DraftNotFound: the actor may not see such a draft.
        NotADesigner: it belongs to another department.
        DraftNotOpen: it was submitted or closed.
        DraftChangedMeanwhile: somebody saved it since `revision`.
        DraftTooLarge: it is larger than any case type.
    """
    draft = locked_draft(draft_id=draft_id, actor=actor)
    return _save(draft, files_of(design, before=draft.files()), revision=revision, actor=actor, at=at)


@transaction
def save_files(
    *, draft_id: UUID, files: TypeFiles, revision: int, actor: Actor, at: datetime
) -> CaseTypeDraft:
    """Keep files as texts: those of an archive, or YAML that an expert wrote. Raises what `save_draft` raises."""
    draft = locked_draft(draft_id=draft_id, actor=actor)
    return _save(draft, files, revision=revision, actor=actor, at=at)


def _save(
    draft: CaseTypeDraft, files: TypeFiles, *, revision: int, actor: Actor, at: datetime
) -> CaseTypeDraft:
    check_change(draft, actor=actor)
    check_revision(draft, revision=revision)
    store_files(draft, files, actor=actor, at=at)
    return draft
