"""The closed vocabularies of `trust`."""

from enum import StrEnum


class Level(StrEnum):
    """The level of government that a department belongs to."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"


class AccountKind(StrEnum):
    """What sort of person stands behind an account."""

    OFFICIAL = "official"
    CITIZEN = "citizen"
    DELEGATE = "enterprise_delegate"


class KeyAlgorithm(StrEnum):
    """How a system signs its calls (RFC 9421)."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SM3 = "hmac-sm3"
    ED25519 = "ed25519"
    SM2_SM3 = "sm2-sm3"

    @property
    def is_key_pair(self) -> bool:
        """Whether the system keeps the private key and we hold the public one; otherwise both hold a secret."""
        return self in {KeyAlgorithm.ED25519, KeyAlgorithm.SM2_SM3}


class OfficialRule(StrEnum):
    """Whether a system's calls for data must name the official who asks."""

    OPTIONAL = "optional"
    REPORTED = "reported"
    """Calls that name none are answered; the rules that watch calls count them."""
    REQUIRED = "required"
    """Calls that name none are refused."""


class SecondFactorRule(StrEnum):
    """Who has to present a second factor."""

    NONE = "none"
    ADMINISTRATORS = "administrators"
    OFFICIALS = "officials"
