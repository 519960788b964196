"""What government holds of a person for an item, before he applies: his own account and certificates, no register.

A register is asked only for a draft or a case, so that a guide can say which one will be asked, and no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.certificates.api import CertificateRecord
from zhengshu.contexts.services.application.one_thing_pack import one_things
from zhengshu.contexts.services.domain.items import MaterialDraft
from zhengshu.contexts.services.domain.one_things import OneThing
from zhengshu.contexts.services.domain.vocabulary import MaterialSource
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import APPLICANTS, Actor
from zhengshu.kernel.mandates import Power
from zhengshu.kernel.masks import Mask, apply, masked_number

OF_PERSONS: Final = frozenset({"citizen-id", "person-name"})
OF_ENTERPRISES: Final = frozenset({"credit-code", "enterprise-name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is held of the reader himself.

    Attributes:
        name: his own name, as his account was verified with it; empty for officials and visitors.
        citizen_id: his citizen ID, masked.
        enterprises: name and unified social credit code of those for which he may ask.
        certificates: those that he and his enterprises hold and that are in force, the newest first.
    """

    name: str = ""
    citizen_id: str = ""
    enterprises: tuple[tuple[str, str], ...] = ()
    certificates: tuple[CertificateRecord, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is held of the reader."""
        return bool(self.name)

    def lines_of(self, material: MaterialDraft) -> tuple[str, ...]:
        """Return what is there already of a material: names and masked numbers, nothing that a register would say."""
        if material.source is MaterialSource.CERTIFICATE:
            return tuple(
                f"{one.type_name} {masked_number(one.serial)}"
                for one in self.certificates
                if one.type_code == material.certificate_type
            )
        lines: list[str] = []
        if OF_PERSONS & set(material.elements) and self.name:
            lines.append(" ".join(part for part in (self.name, self.citizen_id) if part))
        if OF_ENTERPRISES & set(material.elements):
            lines += [f"{name} {code}" for name, code in self.enterprises]
        return tuple(lines)


def own_of(*, actor: Actor, materials: Iterable[MaterialDraft], at: datetime) -> Own:
    """Return what is held of somebody who may apply; nothing of officials and visitors."""
    if not actor.is_signed_in or not actor.has(*APPLICANTS):
        return Own()
    wanted = {one.certificate_type for one in materials if one.source is MaterialSource.CERTIFICATE}
    own = certificates.own_certificates(actor=actor, at=at) if wanted else ()
    number = trust.own_citizen_id(actor=actor)
    acting = [one for one in actor.mandates if one.covers(Power.MATTERS)]
    names = trust.enterprise_names(ids=[one.enterprise_id for one in acting]) if acting else {}
    return Own(
        name=actor.name,
        citizen_id=apply(Mask.CITIZEN_ID, str(number)) if number else "",
        enterprises=tuple((names.get(one.enterprise_id, ""), one.enterprise_code) for one in acting),
        certificates=tuple(one for one in own if one.is_valid and one.type_code in wanted),
    )


def bundles_of(codes: Iterable[str]) -> tuple[OneThing, ...]:
    """Return the bundles of which at least two of the items are parts."""
    wanted = set(codes)
    return tuple(one for one in one_things() if len(wanted & {part.item for part in one.parts}) > 1)


def bundles_with(code: str) -> tuple[OneThing, ...]:
    """Return the bundles of which an item is a part."""
    return tuple(one for one in one_things() if any(part.item == code for part in one.parts))
