"""What may be wrong with an answer: one sentence each, which never repeats the answer."""

from typing import ClassVar

from zhengshu.kernel.errors import Kind, Refused


class AnswerMissing(Refused):
    """A field that must be filled in is empty."""

    code: ClassVar[str] = "casework.answer-missing"
    message: ClassVar[str] = "Fill in this field."


class ChoiceMissing(Refused):
    """One of the options must be chosen."""

    code: ClassVar[str] = "casework.choice-missing"
    message: ClassVar[str] = "Choose one of the options."


class TickMissing(Refused):
    """The statement must be confirmed."""

    code: ClassVar[str] = "casework.tick-missing"
    message: ClassVar[str] = "Tick this box to go on."


class FileMissing(Refused):
    """A file must be attached."""

    code: ClassVar[str] = "casework.file-missing"
    message: ClassVar[str] = "Attach a file."


class SourceSilent(Refused):
    """A field that its source fills has no value; nobody may type it."""

    code: ClassVar[str] = "casework.source-silent"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    message: ClassVar[str] = (
        "The authoritative source gave no value for this field. Try again later; it is not typed by hand."
    )


class AnswerTooShort(Refused):
    """Fewer letters than the form wants."""

    code: ClassVar[str] = "casework.answer-too-short"
    message: ClassVar[str] = "Write at least %(least)s characters; there are %(length)s."


class AnswerTooLong(Refused):
    """More letters than the form takes."""

    code: ClassVar[str] = "casework.answer-too-long"
    message: ClassVar[str] = "Write at most %(most)s characters; there are %(length)s."


class AnswerOfAnotherForm(Refused):
    """The answer does not have the form that is asked for."""

    code: ClassVar[str] = "casework.answer-of-another-form"
    message: ClassVar[str] = "This does not have the form that is asked for; see the note at the field."


class NotANumber(Refused):
    """Something else than digits, a sign and a point."""

    code: ClassVar[str] = "casework.not-a-number"
    message: ClassVar[str] = "Write a number in digits, for example 12 or 3.5."


class NumberNotWhole(Refused):
    """Something stands after the point of a number that has none."""

    code: ClassVar[str] = "casework.number-not-whole"
    message: ClassVar[str] = "Write a whole number, with nothing after the point."


class TooManyDecimals(Refused):
    """More places after the point than the field has."""

    code: ClassVar[str] = "casework.too-many-decimals"
    message: ClassVar[str] = "Write a number with at most %(decimals)s digits after the point."


class NumberTooSmall(Refused):
    """Below the least number."""

    code: ClassVar[str] = "casework.number-too-small"
    message: ClassVar[str] = "The number must be %(least)s or more."


class NumberTooLarge(Refused):
    """Above the largest number."""

    code: ClassVar[str] = "casework.number-too-large"
    message: ClassVar[str] = "The number must be %(most)s or less."


class NotAnOption(Refused):
    """The value is none of those that may be chosen."""

    code: ClassVar[str] = "casework.not-an-option"
    message: ClassVar[str] = "This is none of the options; choose one of the list."


class NotATime(Refused):
    """No time of day."""

    code: ClassVar[str] = "casework.not-a-time"
    message: ClassVar[str] = "Write the time of day as hours and minutes, for example 09:30."


class NotAnEmail(Refused):
    """No address of electronic mail."""

    code: ClassVar[str] = "casework.not-an-email"
    message: ClassVar[str] = "Write an e-mail address, for example name@example.com."


class NotAnAddress(Refused):
    """Too short for an address, or without district, street and number."""

    code: ClassVar[str] = "casework.not-an-address"
    message: ClassVar[str] = "Write the whole address: district, street or village, and number."


class NoSuchFile(Refused):
    """The file is none that was sent with this draft."""

    code: ClassVar[str] = "casework.no-such-file"
    message: ClassVar[str] = "The file was not received. Attach it again."


class SeveralFiles(Refused):
    """Only one file may be sent here."""

    code: ClassVar[str] = "casework.several-files"
    message: ClassVar[str] = "Attach one file only."


class TooFewEntries(Refused):
    """The repeated group needs more entries."""

    code: ClassVar[str] = "casework.too-few-entries"
    message: ClassVar[str] = "At least %(fewest)s entries are needed; there are %(count)s."


class TooManyEntries(Refused):
    """The repeated group has too many entries."""

    code: ClassVar[str] = "casework.too-many-entries"
    message: ClassVar[str] = "At most %(most)s entries are taken; there are %(count)s."


class UnknownAnswers(Refused):
    """Answers to questions which the form does not ask; the page is of another version, or was tampered with."""

    code: ClassVar[str] = "casework.unknown-answers"
    message: ClassVar[str] = (
        "This form does not ask for: %(names)s. Nothing was stored. Reload the page and fill it in again."
    )
