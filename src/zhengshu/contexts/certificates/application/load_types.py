"""Loading types of certificates from a folder of content."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from zhengshu.contexts.certificates.domain.types import CertificateTypeFaulty, read_type
from zhengshu.contexts.certificates.events import CertificateTypeLoaded
from zhengshu.contexts.certificates.models import CertificateTypeVersion
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class CertificateTypeNotFound(Refused):
    """There is no type of certificate of this code."""

    code: ClassVar[str] = "certificates.type-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no type of certificate with the code %(type)s."


@transaction
def load_types(*, folder: Path, at: datetime) -> tuple[str, ...]:
    """Load every type in a folder; return the codes of those whose current version changed.

    Loading is idempotent: the same files are the same version. Certificates keep the version they were issued by.

    Raises:
        CertificateTypeFaulty: a type has a fault; nothing is loaded then.
    """
    read = [_read(place.parent) for place in sorted(folder.glob("*/type.yaml"))]
    return tuple(code for code, definition, template in read if _load(code, definition, template, at=at))


def current_version(type_code: str) -> CertificateTypeVersion:
    """Return the version by which certificates of a type are issued now.

    Raises:
        CertificateTypeNotFound: there is no such type.
    """
    row = CertificateTypeVersion.objects.filter(code=type_code, is_current=True).first()
    if row is None:
        raise CertificateTypeNotFound(type=type_code)
    return row


def _read(place: Path) -> tuple[str, str, str]:
    definition = (place / "type.yaml").read_text(encoding="utf-8")
    template = place / "template.typ"
    if not template.is_file():
        raise CertificateTypeFaulty(folder=place.name, fault="template.typ: missing")
    return read_type(definition, folder=place.name).code, definition, template.read_text(encoding="utf-8")


def _load(code: str, definition: str, template: str, *, at: datetime) -> bool:
    digest = sha256(f"{len(definition)}\n{definition}{template}".encode()).hexdigest()
    versions = CertificateTypeVersion.objects.select_for_update().filter(code=code)
    known = versions.filter(digest=digest).first()
    if known is not None and known.is_current:
        return False
    versions.filter(is_current=True).update(is_current=False)
    if known is not None:
        versions.filter(pk=known.pk).update(is_current=True)
    else:
        last = versions.order_by("-edition").values_list("edition", flat=True).first() or 0
        known = CertificateTypeVersion.objects.create(
            code=code, edition=last + 1, digest=digest, definition=definition, template=template, loaded_at=at
        )
    publish(
        CertificateTypeLoaded(
            at=at,
            actor=Actor.platform("certificates.load"),
            subject=Subject("certificate_type", str(known.pk), code),
            digest=digest,
        )
    )
    return True
