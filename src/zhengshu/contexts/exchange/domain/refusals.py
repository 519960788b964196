"""Why the gateway turns a call down: stable codes, HTTP statuses, and sentences that say what to do."""

from zhengshu.contexts.exchange.domain.refusals_base import (
    CallRefused,
    OfficialMissing,
    OfficialUnreadable,
    ReportNotAdmitted,
    ReportUnreadable,
)
from zhengshu.kernel.errors import Kind

# --- before the signature is known to be right: an unknown caller learns nothing ------------------------------


class SignatureMissing(CallRefused):
    """The call carries no signature; sign it as docs/protocol.md describes."""

    code = "exchange.signature-missing"
    kind = Kind.FORBIDDEN
    status = 401
    message = "The call is not signed. Send the headers Signature-Input and Signature (RFC 9421) made with your key."


class SignatureUnreadable(CallRefused):
    """The signature headers are not written as RFC 9421 demands."""

    code = "exchange.signature-unreadable"
    kind = Kind.INVALID
    status = 401
    message = "The signature cannot be read: %(reason)s. Write it as RFC 9421 describes."


class SignatureIncomplete(CallRefused):
    """The signature leaves out something that must be signed."""

    code = "exchange.signature-incomplete"
    kind = Kind.INVALID
    status = 401
    message = "The signature must also cover: %(missing)s. Add them to Signature-Input and sign again."


class SignatureWrong(CallRefused):
    """The key is unknown, or the signature is not that of this call made with this key."""

    code = "exchange.signature-wrong"
    kind = Kind.FORBIDDEN
    status = 401
    message = (
        "The signature does not fit the call, or the key is not known here. Check the key id, the secret and "
        "that nothing changes the call after it was signed."
    )


class TooManyFailures(CallRefused):
    """Too many calls without a right signature came from this address."""

    code = "exchange.too-many-failures"
    kind = Kind.FORBIDDEN
    status = 429
    message = "Too many calls from this address could not be authenticated. Wait a minute and check the key."


class HeadersTooLarge(CallRefused):
    """The address and headers of the call are larger than any call of the protocol."""

    code = "exchange.headers-too-large"
    kind = Kind.INVALID
    status = 431
    message = "Address and headers may have %(most)s bytes together. Send less."


class BodyTooLarge(CallRefused):
    """The body is larger than any call of the protocol."""

    code = "exchange.body-too-large"
    kind = Kind.INVALID
    status = 413
    message = "A body may have %(most)s bytes. Ask for less at once."


class CallTooSlow(CallRefused):
    """The call did not arrive completely in time."""

    code = "exchange.call-too-slow"
    kind = Kind.INVALID
    status = 408
    message = "The call did not arrive completely within %(seconds)s seconds. Send it again."


# --- the signature is right, the call is not -------------------------------------------------------------------


class SignatureTooOld(CallRefused):
    """The signature was made too long ago, has expired, or comes from the future."""

    code = "exchange.signature-too-old"
    kind = Kind.FORBIDDEN
    status = 401
    message = (
        "The signature was made more than %(seconds)s seconds before or after our time, or it has expired. "
        "Set the clock of your system and sign the call again."
    )


class KeyExpired(CallRefused):
    """The key was replaced, revoked, or is not valid yet."""

    code = "exchange.key-expired"
    kind = Kind.FORBIDDEN
    status = 401
    message = "The key is not valid now. Use the key that replaced it, or have a new one issued."


class CallReplayed(CallRefused):
    """A call with this nonce was made before."""

    code = "exchange.call-replayed"
    kind = Kind.CONFLICT
    status = 409
    message = "A call with this nonce was made before. Sign each call anew, with a new nonce."


class BodyChanged(CallRefused):
    """The body is not the one whose digest was signed."""

    code = "exchange.body-changed"
    kind = Kind.INVALID
    status = 401
    message = (
        "The body is not the one whose Content-Digest was signed. Send exactly the bytes that you signed."
    )


class NoSuchAddress(CallRefused):
    """The protocol has no such address."""

    code = "exchange.no-such-address"
    kind = Kind.NOT_FOUND
    status = 404
    message = "The protocol has no such address. See docs/protocol.md for those that exist."


class MethodNotAllowed(CallRefused):
    """The address is called with another method."""

    code = "exchange.method-not-allowed"
    kind = Kind.INVALID
    status = 405
    message = "This address is called with %(method)s."


class PurposeMissing(CallRefused):
    """The call does not say what it is for."""

    code = "exchange.purpose-missing"
    kind = Kind.INVALID
    status = 422
    message = "The call names no purpose. Send the purpose code of your grant in the header Zhengshu-Purpose."


class CaseUnreadable(CallRefused):
    """The case reference is too long or not percent-encoded."""

    code = "exchange.case-unreadable"
    kind = Kind.INVALID
    status = 422
    message = "Zhengshu-Case must be a case number of at most 200 letters, percent-encoded where not ASCII."


class ParameterUnknown(CallRefused):
    """A parameter that the protocol does not know, or one that is given twice."""

    code = "exchange.parameter-unknown"
    kind = Kind.INVALID
    status = 422
    message = "The parameter %(parameter)s is unknown, unreadable or given twice. Take it out."


class KeyMissing(CallRefused):
    """The call does not say whose rows it asks for."""

    code = "exchange.key-missing"
    kind = Kind.INVALID
    status = 422
    message = "The call names no key. Give at least one of: %(columns)s."


class KeyUnknown(CallRefused):
    """Rows cannot be asked for by this column."""

    code = "exchange.key-unknown"
    kind = Kind.INVALID
    status = 422
    message = "Rows cannot be asked for by %(column)s. Use one or more of: %(columns)s."


class ValueUnreadable(CallRefused):
    """A value is not of its column's type."""

    code = "exchange.value-unreadable"
    kind = Kind.INVALID
    status = 422
    message = "The value for %(column)s cannot be read. Expected: %(expected)s."


class PageUnreadable(CallRefused):
    """A page size or cursor that we did not give."""

    code = "exchange.page-unreadable"
    kind = Kind.INVALID
    status = 422
    message = "limit must be 1 to %(most)s, and cursor the value of next in the answer before."


class BodyUnreadable(CallRefused):
    """The body is not the JSON document that the operation expects."""

    code = "exchange.body-unreadable"
    kind = Kind.INVALID
    status = 422
    message = 'The body cannot be read. Send JSON: {"key": {"<column>": "<value>"}, "values": {"<field>": "<value>"}}.'


# --- what was granted ------------------------------------------------------------------------------------------


class ResourceNotGranted(CallRefused):
    """The resource does not exist or your system holds no grant for it; both look the same."""

    code = "exchange.resource-not-granted"
    kind = Kind.FORBIDDEN
    message = "There is no such resource, or it is not granted to your system. Request it in the catalogue."


class GrantRevoked(CallRefused):
    """The provider took the grant back."""

    code = "exchange.grant-revoked"
    kind = Kind.FORBIDDEN
    message = "The grant was revoked. Ask the provider for the reason; a new request may be made."


class GrantExpired(CallRefused):
    """The validity of the grant is over."""

    code = "exchange.grant-expired"
    kind = Kind.FORBIDDEN
    message = "The grant has expired. Request the resource again."


class GrantNotActiveYet(CallRefused):
    """The validity of the grant begins later."""

    code = "exchange.grant-not-active-yet"
    kind = Kind.FORBIDDEN
    message = "The grant is not valid yet. Call again when its validity has begun."


class OperationNotGranted(CallRefused):
    """The grant opens another operation, for instance verification only."""

    code = "exchange.operation-not-granted"
    kind = Kind.FORBIDDEN
    message = "The grant does not allow %(operation)s. It allows: %(granted)s."


class PurposeNotGranted(CallRefused):
    """The resource was granted for another purpose."""

    code = "exchange.purpose-not-granted"
    kind = Kind.FORBIDDEN
    message = "The purpose %(purpose)s is not granted. Call for a granted purpose, or request this one."


class CaseMissing(CallRefused):
    """The grant demands that each call names the case it serves."""

    code = "exchange.case-missing"
    kind = Kind.FORBIDDEN
    message = "The grant demands a case. Send the number of the case in the header Zhengshu-Case and sign it."


class FieldNotGranted(CallRefused):
    """The resource was granted without this field."""

    code = "exchange.field-not-granted"
    kind = Kind.FORBIDDEN
    message = "The field %(field)s is not granted. Leave it out, or request it."


class QuotaPerSecondUsedUp(CallRefused):
    """More calls in this second than the grant allows, over all gateways together."""

    code = "exchange.quota-per-second-used-up"
    kind = Kind.UNAVAILABLE
    status = 429
    message = "The quota of this second is used up. Wait a second and call again, more evenly."


class QuotaPerDayUsedUp(CallRefused):
    """More calls today than the grant allows, over all gateways together."""

    code = "exchange.quota-per-day-used-up"
    kind = Kind.UNAVAILABLE
    status = 429
    message = "The quota of this day is used up. Call again tomorrow, or request a larger quota."


class ReceiptNotFound(CallRefused):
    """No such call, or one of other parties."""

    code = "exchange.receipt-not-found"
    kind = Kind.NOT_FOUND
    status = 404
    message = "There is no record of such a call in which your department took part."


class ReceiptNotLoggedYet(CallRefused):
    """The call's entry is not published in the log yet; the promise in its answer says by when it will be."""

    code = "exchange.receipt-not-logged-yet"
    kind = Kind.UNAVAILABLE
    status = 503
    message = "The record of the call is not in the published log yet. Ask again in a few seconds."


# --- not the caller's fault ------------------------------------------------------------------------------------


class ResourceNotReady(CallRefused):
    """The provider's data are not published, or were published in another form than was granted."""

    code = "exchange.resource-not-ready"
    kind = Kind.UNAVAILABLE
    status = 503
    message = "The data of the resource are not available in the form that was granted. Tell the provider."


class AnswerTooSlow(CallRefused):
    """The rows could not be read in time."""

    code = "exchange.answer-too-slow"
    kind = Kind.UNAVAILABLE
    status = 503
    message = "The rows could not be read in time. Ask by a more selective key, or call again later."


class GatewayNotFresh(CallRefused):
    """The gateway cannot confirm that grants and keys are up to date, so it refuses every call."""

    code = "exchange.gateway-not-fresh"
    kind = Kind.UNAVAILABLE
    status = 503
    message = "The gateway cannot confirm what is granted at this moment. Call again in a few seconds."


class RecordNotWritten(CallRefused):
    """The record of the call could not be written, so the call is not answered."""

    code = "exchange.record-not-written"
    kind = Kind.UNAVAILABLE
    status = 503
    message = (
        "The record of the call could not be written, so it is not answered. Call again in a few seconds."
    )


class GatewayOverloaded(CallRefused):
    """More calls are under way than the gateway can answer in time."""

    code = "exchange.gateway-overloaded"
    kind = Kind.UNAVAILABLE
    status = 503
    message = "Too many calls are under way. Call again in a few seconds."


class GatewayFault(CallRefused):
    """A fault of the gateway itself; the operator finds it in the log by the time of the call."""

    code = "exchange.gateway-fault"
    kind = Kind.UNAVAILABLE
    status = 500
    message = "The gateway failed. Tell the operator of the platform the time of the call."


OK = "ok"
"""The verdict of a call that got what it asked for."""

BY_CODE: dict[str, type[CallRefused]] = {refusal.code: refusal for refusal in CallRefused.__subclasses__()}
"""Every refusal by its code, which is also the verdict in the record of the call."""

__all__ = [
    "BY_CODE",
    "OK",
    "CallRefused",
    "OfficialMissing",
    "OfficialUnreadable",
    "ReportNotAdmitted",
    "ReportUnreadable",
]
