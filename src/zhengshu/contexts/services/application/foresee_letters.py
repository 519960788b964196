"""Which characters of what a certificate would say no font has: told before anything is sent or decided.

Nobody gets a box for a name, so that a certificate with such a character is not made before a font is there; whoever
asks, and whoever accepts, shall know that early. It keeps nobody from asking or granting.
"""

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.bundle_queries import drafts_of_bundle
from zhengshu.contexts.services.application.check_grant import wanted_of
from zhengshu.contexts.services.application.issue_certificate import NothingToRenew, certificate_type
from zhengshu.contexts.services.application.offering import offered
from zhengshu.contexts.services.application.one_thing_pack import part_of_item
from zhengshu.contexts.services.models import Application
from zhengshu.foundation.seals.fonts import missing_characters
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.text import seen


def lacking_in_draft(*, draft_id: UUID, case_type: str, actor: Actor, on: date) -> str:
    """Return the characters of a draft that its certificate could not be set with, each once.

    Raises:
        DraftNotFound: there is no such draft of the actor.
    """
    keys = _said(case_type, on=on)
    if not keys:
        return ""
    questions = casework.form_questions(draft_id=draft_id, actor=actor)
    texts = [seen(text) for one in questions if one.key in keys for text in (one.value, *one.values)]
    return missing_characters([*texts, *([actor.name] if actor.department_id is None else [])])


def lacking_in_bundle(*, bundle_id: UUID, actor: Actor, on: date) -> str:
    """Return the same of all forms of one thing.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
    """
    found = (
        lacking_in_draft(draft_id=draft_id, case_type=item, actor=actor, on=on)
        for item, draft_id in drafts_of_bundle(bundle_id=bundle_id, actor=actor)
    )
    return "".join(dict.fromkeys("".join(found)))


def lacking_in_case(*, case_id: CaseId, at: datetime) -> str:
    """Return the same of what the forms of an application's case say up to now, and of whoever would hold it."""
    row = Application.objects.filter(case_id=case_id, certificate_id=None).select_related("item").first()
    if row is None:
        return ""
    with suppress(certificates.CertificateTypeNotFound, NothingToRenew):
        wanted = wanted_of(row, at=at)
        if wanted is not None:
            return missing_characters([wanted.holder.name, *wanted.values.values()])
    return ""


def _said(case_type: str, *, on: date) -> frozenset[str]:
    """Return the keys of a form that stand on the certificate of its item; none where it ends in none."""
    version = offered(case_type, on=on)
    if version is None:
        return frozenset()
    part = part_of_item(version.item.code)
    if part is not None and part.result is not None:
        return frozenset({*part.result.values.values(), part.result.holder_name})
    kind = certificates.types().get(certificate_type(version))
    return frozenset(one.code for one in kind.fields) if kind is not None else frozenset()
