"""What all refusals of the data plane are, and those of its younger parts: officials, reports."""

from typing import ClassVar

from zhengshu.kernel.errors import Kind, Refused


class CallRefused(Refused):
    """The base of all refusals of the data plane; `status` is the HTTP status of the answer."""

    code = "exchange.call-refused"
    message = "The call was refused."
    status: ClassVar[int] = 403


class OfficialUnreadable(CallRefused):
    """The official is not named by a reference of the protocol's form, or by a personal number."""

    code = "exchange.official-unreadable"
    kind = Kind.INVALID
    status = 422
    message = (
        "Zhengshu-Official must be your department's own reference of the official who asks: 3 to 64 letters, digits "
        "or _ . -, never a citizen ID, a telephone number or a name."
    )


class OfficialMissing(CallRefused):
    """The policy of the calling system demands that each call names the official who asks."""

    code = "exchange.official-missing"
    kind = Kind.INVALID
    status = 422
    message = (
        "Calls of your system must name the official who asks. Send your department's reference of the official in "
        "the header Zhengshu-Official and sign it."
    )


class ReportNotAdmitted(CallRefused):
    """The system may not hand in reports of a monitor; the security administrator admits it."""

    code = "exchange.report-not-admitted"
    kind = Kind.FORBIDDEN
    message = (
        "Your system may not hand in reports of a monitor. The platform's security administrator admits it."
    )


class ReportUnreadable(CallRefused):
    """The body is not the report that is expected, or it reports nothing."""

    code = "exchange.report-unreadable"
    kind = Kind.INVALID
    status = 422
    message = (
        "The report cannot be read. Send JSON with size, and faults or differences, as docs/protocol.md says."
    )
