"""Why a decision is not read or not taken."""

from typing import ClassVar

from zhengshu.kernel.errors import Kind, Refused


class OutsideFeel(Refused):
    """An expression of a decision uses what our part of FEEL does not have; rewrite it as rules of a table."""

    code: ClassVar[str] = "casework.outside-feel"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "“%(text)s” is outside of the language of decisions: %(what)s."


class NotDecidable(Refused):
    """A decision met values that its rules do not allow, or that we do not compute; says which."""

    code: ClassVar[str] = "casework.not-decidable"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "The decision cannot be taken: %(what)s."
