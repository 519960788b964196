"""The door of `certificates`: issuing, holding, checking, ending and renewing certificates, and using them."""

from zhengshu.contexts.certificates.application.end_certificate import revoke
from zhengshu.contexts.certificates.application.fill_forms import CertificateEndedMeanwhile
from zhengshu.contexts.certificates.application.issue_certificate import (
    IssuedOtherwise,
    check_contents,
    issue,
)
from zhengshu.contexts.certificates.application.keep_issuers import (
    IssuerRecord,
    IssuerUnknown,
    NotForIssuers,
    allow_seal,
    issuers,
    name_issuer,
    remove_issuer,
    types_with_a_seal,
)
from zhengshu.contexts.certificates.application.load_types import CertificateTypeNotFound, load_types
from zhengshu.contexts.certificates.application.queries import (
    CertificateNotFound,
    UseRecord,
    certificate,
    counts_by_type,
    held,
    issued_for,
    own_certificates,
    types,
    uses,
)
from zhengshu.contexts.certificates.application.records import CertificateRecord
from zhengshu.contexts.certificates.application.renewals import use_renewing_matters
from zhengshu.contexts.certificates.application.replace_certificate import renew, replace
from zhengshu.contexts.certificates.application.use_certificate import UseWithoutCase, has_valid, supply
from zhengshu.contexts.certificates.application.verify_certificate import (
    CertificateNotIssued,
    Verified,
    verify,
)
from zhengshu.contexts.certificates.domain.states import (
    CertificateEnded,
    Ending,
    EndingUnfit,
    ReasonMissing,
    Standing,
)
from zhengshu.contexts.certificates.domain.types import CertificateType, CertificateTypeFaulty, HolderKind
from zhengshu.contexts.certificates.domain.values import Holder, HolderUnfit, ValuesUnfit

__all__ = [
    "CertificateEnded",
    "CertificateEndedMeanwhile",
    "CertificateNotFound",
    "CertificateNotIssued",
    "CertificateRecord",
    "CertificateType",
    "CertificateTypeFaulty",
    "CertificateTypeNotFound",
    "Ending",
    "EndingUnfit",
    "Holder",
    "HolderKind",
    "HolderUnfit",
    "IssuedOtherwise",
    "IssuerRecord",
    "IssuerUnknown",
    "NotForIssuers",
    "ReasonMissing",
    "Standing",
    "UseRecord",
    "UseWithoutCase",
    "ValuesUnfit",
    "Verified",
    "allow_seal",
    "certificate",
    "check_contents",
    "counts_by_type",
    "has_valid",
    "held",
    "issue",
    "issued_for",
    "issuers",
    "load_types",
    "name_issuer",
    "own_certificates",
    "remove_issuer",
    "renew",
    "replace",
    "revoke",
    "supply",
    "types",
    "types_with_a_seal",
    "use_renewing_matters",
    "uses",
    "verify",
]
