"""A certificate becomes what can be sealed: its text, its PDF by its template, its OFD."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.certificates.domain.types import CertificateType
from zhengshu.contexts.certificates.domain.wording import Facts, day_in_words, paragraphs, told
from zhengshu.contexts.certificates.models import Certificate
from zhengshu.foundation.seals.texts import Ready, Sealable, Text
from zhengshu.kernel.certificates import CertificateNumber

CHECK = "扫描二维码，或在“证照查验”中输入证照标识，可查验真伪与状态。"
"""Stands on every certificate, in the language in which it has effect."""


def sealable(row: Certificate, found: CertificateType) -> Sealable:
    """Return a certificate as it is approved and sealed."""
    facts = Facts(
        type=found,
        number=CertificateNumber.parse(row.number),
        office=row.office_name,
        values=row.values,
        active_from=_local(row.active_from),
        active_to=_local(row.active_to) if row.active_to else None,
        issued_at=_local(row.issued_at),
    )
    address = check_url(row.number)
    text = Text(
        language="zh",
        title=found.names.zh,
        number=row.serial,
        paragraphs=paragraphs(facts),
        office=row.office_name,
        dated=day_in_words(facts.issued_at.date().isoformat()),
        at=facts.issued_at,
        check=CHECK,
        check_url=address,
    )
    return Sealable(
        text=text, typeset=lambda: _set(row, facts, text), write=lambda: _written(row, facts, text)
    )


def check_url(number: str) -> str:
    """Return where anybody checks a certificate by its identifier."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("certificates:verify") + f"?number={number}"


def _set(row: Certificate, facts: Facts, text: Text) -> Ready:
    """Return the PDF; Typst is loaded when it is first needed."""
    from zhengshu.foundation.seals.templates import set_template

    return set_template(
        row.version.template,
        told=told(facts, check=CHECK),
        said=_said(facts, text),
        code_url=text.check_url,
        at=text.at,
    )


def _written(row: Certificate, facts: Facts, text: Text) -> Ready:
    """Return the OFD, which looks as the PDF does."""
    from zhengshu.foundation.seals.templates import write_template

    return write_template(
        row.version.template, told=told(facts, check=CHECK), said=_said(facts, text), text=text
    )


def _said(facts: Facts, text: Text) -> tuple[str, ...]:
    return (text.title, text.number, *text.paragraphs, text.office, facts.type.foot, *facts.values.values())


def _local(at: datetime) -> datetime:
    return at.astimezone(get_default_timezone())
