"""Beginning to design a case type."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from django.conf import settings

from zhengshu.contexts.casework.application.check_case_type import read_folder
from zhengshu.contexts.casework.application.drafts import check_owner, store_files
from zhengshu.contexts.casework.application.open_case import CaseTypeNotFound
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.designing import code_from, named, prefix_from
from zhengshu.contexts.casework.models import CaseTypeDraft, CaseTypeVersion
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

TEMPLATES = ("blank", "simple-approval", "consultation", "supplement", "graded-approval")
"""What a new case type may begin with: folders in `packs/case-type-templates`."""


class CodeTaken(Refused):
    """Two case types cannot have the same code."""

    code: ClassVar[str] = "casework.code-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "There is a case type or a draft with the code “%(taken)s” already. Give another English name, or open "
        "that case type and begin a draft of it."
    )


class CodeUnfit(Refused):
    """The code of a case type is made from its English name, which needs letters."""

    code: ClassVar[str] = "casework.code-unfit"
    message: ClassVar[str] = "“%(name)s” gives no code: an English name with at least one letter is needed."


def start_from_template(
    *, template: str, names: Mapping[str, str], actor: Actor, at: datetime
) -> CaseTypeDraft:
    """Begin a new case type with a template; its code and its prefix come from its English name.

    Raises:
        CodeUnfit: the English name has no letters.
        CodeTaken: there is such a case type or draft.
        NotADesigner: the actor designs no case types.
    """
    code, prefix = code_from(names["en"]), prefix_from(names["en"])
    if template not in TEMPLATES or not code or not prefix:
        raise CodeUnfit(name=names["en"])
    files = named(template_files(template), code=code, prefix=prefix, names=names)
    return start_new(files=files, actor=actor, at=at)


def template_files(template: str) -> TypeFiles:
    """Return the files of one of the `TEMPLATES`."""
    return read_folder(Path(settings.PACKS_FOLDER) / "case-type-templates" / template)


@transaction
def start_new(*, files: TypeFiles, actor: Actor, at: datetime) -> CaseTypeDraft:
    """Begin a new case type with files of its own, such as those of an archive.

    Raises:
        CodeUnfit: the folder has no name that could be a code.
        CodeTaken: there is such a case type or draft.
        NotADesigner: the actor designs no case types.
    """
    if code_from(files.name) != files.name or not files.name:
        raise CodeUnfit(name=files.name)
    if CaseTypeVersion.objects.filter(code=files.name).exists():
        raise CodeTaken(taken=files.name)
    return _begin(files, base=None, actor=actor, at=at)


@transaction
def start_from_version(*, version_id: UUID, actor: Actor, at: datetime) -> CaseTypeDraft:
    """Begin a draft with the files of any version; it will follow the version that is current now.

    Raises:
        CaseTypeNotFound: there is no such version.
        CodeTaken: a draft of the type is open.
        NotADesigner: the type belongs to others.
    """
    version = CaseTypeVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise CaseTypeNotFound(case_type=version_id)
    base = CaseTypeVersion.objects.filter(code=version.code, is_current=True).first() or version
    return _begin(version.files(), base=base, actor=actor, at=at)


def _begin(files: TypeFiles, *, base: CaseTypeVersion | None, actor: Actor, at: datetime) -> CaseTypeDraft:
    department_id = check_owner(files.name, actor=actor)
    states = [CaseTypeDraft.State.DRAFTING, CaseTypeDraft.State.SUBMITTED]
    if CaseTypeDraft.objects.filter(code=files.name, state__in=states).exists():
        raise CodeTaken(taken=files.name)
    draft = CaseTypeDraft(code=files.name, department_id=department_id, base=base, revision=0, begun_at=at)
    store_files(draft, files, actor=actor, at=at)
    return draft
