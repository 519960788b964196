"""Which files a form takes; whether a content is of its kind is judged where files are kept."""

from typing import ClassVar

from zhengshu.contexts.casework.domain.forms.schema import Rules
from zhengshu.kernel.errors import Kind, Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20
"""Files of one draft."""

PAPERS = (".pdf", ".png", ".jpg", ".jpeg", ".ofd", ".docx", ".xlsx")
"""What a field takes that names no endings: papers and pictures of them."""


class TooManyFiles(Refused):
    """The draft holds as many files as it may."""

    code: ClassVar[str] = "casework.too-many-files"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This form holds %(most)s files already. Remove one first."


def endings_of(rules: Rules) -> tuple[str, ...]:
    """Return the endings that a field takes: its own, or those of papers."""
    return rules.endings or PAPERS
