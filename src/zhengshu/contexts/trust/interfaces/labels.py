"""The words for the closed vocabularies of `trust`, in the reader's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.domain.kinds import (
    AccountKind,
    KeyAlgorithm,
    Level,
    OfficialRule,
    SecondFactorRule,
)
from zhengshu.contexts.trust.domain.passwords import PasswordFault
from zhengshu.kernel.actors import Role
from zhengshu.kernel.levels import Assurance

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str
"""A text, or one that is translated when it is shown."""

LEVELS: Mapping[Level, Text] = {
    Level.NATIONAL: _("National"),
    Level.PROVINCE: _("Province"),
    Level.CITY: _("City"),
    Level.COUNTY: _("County or district"),
    Level.TOWN: _("Town or street"),
}

KINDS: Mapping[AccountKind, Text] = {
    AccountKind.OFFICIAL: _("Official"),
    AccountKind.CITIZEN: _("Citizen"),
    AccountKind.DELEGATE: _("Enterprise delegate"),
}

OFFICIAL_RULES: Mapping[OfficialRule, Text] = {
    OfficialRule.OPTIONAL: _("may be named"),
    OfficialRule.REPORTED: _("should be named; calls without are answered and counted"),
    OfficialRule.REQUIRED: _("must be named; calls without are refused"),
}

ALGORITHMS: Mapping[KeyAlgorithm, Text] = {
    KeyAlgorithm.HMAC_SHA256: _("HMAC-SHA256 (shared secret)"),
    KeyAlgorithm.HMAC_SM3: _("HMAC-SM3 (shared secret, national cryptography)"),
    KeyAlgorithm.ED25519: _("Ed25519 (key pair; the private key stays with you)"),
    KeyAlgorithm.SM2_SM3: _("SM2 (key pair, national cryptography; the private key stays with you)"),
}

FACTOR_RULES: Mapping[SecondFactorRule, Text] = {
    SecondFactorRule.NONE: _("Nobody"),
    SecondFactorRule.ADMINISTRATORS: _("The three administrators"),
    SecondFactorRule.OFFICIALS: _("All officials"),
}

SCOPES: Mapping[str, Text] = {
    "openid": _("That it is you, under a name made for this site alone"),
    "profile": _("Your name"),
    "department": _("The department you work for"),
    "enterprise": _("The enterprises that you may act for"),
}

ASSURANCE: Mapping[Assurance, Text] = {
    Assurance.ONE_FACTOR: _("Password or better"),
    Assurance.TWO_FACTORS: _("Two factors"),
    Assurance.BOUND_KEY: _("Passkey or security key"),
}

FAULTS: Mapping[PasswordFault, Text] = {
    PasswordFault.TOO_SHORT: _("The password is too short."),
    PasswordFault.TOO_FEW_CLASSES: _(
        "The password mixes too few kinds of characters: use capital letters, small letters, digits and signs."
    ),
    PasswordFault.CONTAINS_NAME: _("The password contains the user name."),
    PasswordFault.USED_BEFORE: _("The password was used before. Choose a new one."),
}

ROLES: Mapping[Role, Text] = {
    Role.CITIZEN: _("Citizen"),
    Role.ENTERPRISE_DELEGATE: _("Enterprise delegate"),
    Role.DATA_OFFICER: _("Data officer"),
    Role.DEPARTMENT_HEAD: _("Department head"),
    Role.REVIEWER: _("Data-authority reviewer"),
    Role.WINDOW_CLERK: _("Window clerk"),
    Role.APPROVER: _("Approver"),
    Role.OPERATOR: _("Operator"),
    Role.LEADER: _("Leader"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}


def fault_text(fault: PasswordFault) -> Text:
    """Return what is wrong with a password, in words."""
    return FAULTS[fault]


POLICY: Mapping[str, tuple[Text, Text]] = {
    "password_min_length": (_("Least length of a password"), _("Assessors ask for 8 or more.")),
    "password_min_classes": (
        _("Kinds of characters in a password"),
        _("Of capital, small, digit, sign; 3 or 4."),
    ),
    "password_history": (_("Former passwords that may not be used again"), _("Assessors ask for 5 or more.")),
    "password_age_days": (
        _("Days after which a password must be changed"),
        _("Assessors ask for 90 or fewer."),
    ),
    "lock_after_failures": (_("Failures after which a name is locked"), _("Assessors ask for 5 or fewer.")),
    "lock_minutes": (_("Minutes for which it stays locked"), _("Assessors ask for 5 to 30 or more.")),
    "idle_minutes": (
        _("Minutes without use after which one is signed out"),
        _("Assessors ask for 10 to 15."),
    ),
    "session_hours": (_("Hours after which one is signed out in any case"), _("One working day is usual.")),
    "sessions_at_once": (
        _("Sessions that one account may have at once"),
        _("A further sign-in ends the oldest."),
    ),
    "stale_after_days": (
        _("Days without sign-in after which an account is stale"),
        _("Stale accounts are listed."),
    ),
    "step_up_minutes": (
        _("Minutes for which a sign-in is young enough for sensitive acts"),
        _("Afterwards one shows again who one is, by the second factor where one has it."),
    ),
    "key_max_days": (_("Days for which a system's key is valid"), _("Afterwards the gateway refuses it.")),
    "key_overlap_max_hours": (
        _("Longest overlap of an old and a new key, in hours"),
        _("0 forbids overlaps."),
    ),
    "witness_quorum": (
        _("Witnesses who must cosign the proof log"),
        _("0 while there are none; an alarm is raised when fewer do."),
    ),
    "witness_minutes": (
        _("Minutes within which they must have cosigned"),
        _("Counted from the publication of an entry."),
    ),
    "encrypt_from_grade": (
        _("Grade from which shared data is stored encrypted"),
        _(
            "1 to 4: general data, 5: important data, 6: core data. Counts from the next delivery of each resource."
        ),
    ),
}

ENCRYPTED_COLUMNS: Mapping[str, Text] = {
    "trust_account.sealed_citizen_id": _("Citizen IDs of accounts"),
    "casework_message_choice.sealed_email": _("E-mail addresses for messages"),
    "casework_message_choice.sealed_phone": _("Mobile numbers for messages"),
    "mfa_authenticator.data": _("Secrets of second factors"),
    "exchange_correction_request.sealed": _("Claims of correction requests"),
    "casework_form_draft.sealed_answers": _("Answers in drafts of forms"),
    "casework_form_draft.sealed_supplied": _("Data supplied to drafts of forms"),
    "casework_form_answers.sealed_answers": _("Answers in sent forms"),
    "casework_form_answers.sealed_values": _("Values of sent forms"),
    "casework_form_answers.sealed_supplied": _("Data supplied to sent forms"),
}
"""What is encrypted, by table and column."""
