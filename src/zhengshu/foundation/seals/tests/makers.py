"""A test authority with its seal maker, users and timestamp authority; of everything one for each scheme."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from zhengshu.foundation.crypto.certificates import Certificate, Terms, issue_certificate
from zhengshu.foundation.crypto.signatures import Scheme, SigningKey
from zhengshu.foundation.seals.ofd_sealing import OfdSeal, seal_ofd
from zhengshu.foundation.seals.ofd_writing import write_ofd
from zhengshu.foundation.seals.pdf_sealing import PdfSeal, seal_pdf
from zhengshu.foundation.seals.pictures import draw_seal
from zhengshu.foundation.seals.stamps import SealKind, SealTerms, make_seal
from zhengshu.foundation.seals.texts import Text
from zhengshu.foundation.seals.timestamps import Office, TimestampAuthority
from zhengshu.foundation.seals.typesetting import typeset

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
SM2, P256 = Scheme.SM2_SM3, Scheme.ECDSA_P256

TEXT = Text(
    language="zh",
    title="准予行政许可决定书",
    number="XK-20261128-0001",
    paragraphs=("某某有限公司：", "你单位2026年11月20日的申请符合法定条件，决定准予许可。" * 6),
    office="临江市市场监督管理局",
    dated="2026年11月28日",
    at=NOW,
    check="请在“验证盖章文件”页面核验。",
    check_url="https://linjiang.example/trust/seals/verify/",
)


@dataclass
class Authority:
    """Roots and what they have issued."""

    name: str = "临江市测试根"
    clock: Callable[[], datetime] = lambda: NOW
    keys: dict[Scheme, SigningKey] = field(default_factory=dict)
    roots: dict[Scheme, Certificate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for scheme in (SM2, P256):
            key = SigningKey.generate(scheme)
            terms = Terms(
                subject={"country_name": "CN", "common_name": self.name},
                active_from=NOW - YEAR,
                active_to=NOW + 20 * YEAR,
                is_authority=True,
            )
            self.keys[scheme] = key
            self.roots[scheme] = issue_certificate(terms, key=key.public, issuer=None, issuer_key=key)

    @property
    def trusted(self) -> tuple[Certificate, ...]:
        return tuple(self.roots.values())

    def issue(
        self,
        name: str,
        scheme: Scheme,
        *,
        active_from: datetime = NOW - timedelta(days=30),
        active_to: datetime = NOW + YEAR,
        extended: tuple[str, ...] = (),
    ) -> tuple[SigningKey, Certificate]:
        key = SigningKey.generate(scheme)
        terms = Terms(
            subject={"country_name": "CN", "organization_name": "临江市", "common_name": name},
            active_from=active_from,
            active_to=active_to,
            extended_usages=extended,
        )
        certificate = issue_certificate(
            terms, key=key.public, issuer=self.roots[scheme], issuer_key=self.keys[scheme]
        )
        return key, certificate

    def stamper(self) -> TimestampAuthority:
        offices = {
            scheme: Office(
                *self.issue("时间戳", scheme, extended=("time_stamping",), active_to=NOW + 9 * YEAR),
                (self.roots[scheme],),
            )
            for scheme in (SM2, P256)
        }
        return TimestampAuthority(offices, clock=self.clock)

    def pdf_seal(self, *, name: str = TEXT.office, active_to: datetime = NOW + YEAR) -> PdfSeal:
        key, user = self.issue(name, P256, active_to=active_to)
        return PdfSeal(
            key=key,
            user=user,
            above=(self.roots[P256],),
            name=name,
            picture=picture(),
            width_mm=42,
            height_mm=42,
            field="Seal1",
        )

    def ofd_seal(self, *, name: str = TEXT.office, active_to: datetime = NOW + YEAR) -> OfdSeal:
        key, user = self.issue(name, SM2, active_to=active_to)
        maker_key, maker = self.issue("制章中心", SM2)
        seal = make_seal(
            SealTerms(
                id="3301000001",
                kind=SealKind.ORGAN,
                name=name,
                users=(user,),
                made_at=NOW - timedelta(days=20),
                active_from=NOW - timedelta(days=20),
                active_to=active_to,
                picture=picture(),
                width_mm=42,
                height_mm=42,
            ),
            maker=maker,
            maker_key=maker_key,
        )
        return OfdSeal(seal=seal, user=user, key=key, width_mm=42, height_mm=42)

    def sealed_pdf(self, seal: PdfSeal | None = None) -> bytes:
        text = typeset(TEXT)
        return seal_pdf(
            text.pdf, place=text.place, seal=seal or self.pdf_seal(), reason="准予", ask=self.stamper().answer
        )

    def sealed_ofd(self, seal: OfdSeal | None = None) -> bytes:
        text = write_ofd(TEXT)
        return seal_ofd(
            text.ofd,
            place=text.place,
            seal=seal or self.ofd_seal(),
            ask=self.stamper().answer,
            at=self.clock(),
        )


@lru_cache
def picture() -> bytes:
    return draw_seal(kind=SealKind.ORGAN, name=TEXT.office, caption="行政审批专用章")
