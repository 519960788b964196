"""The everyday words that the packs declare."""

from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from zhengshu.contexts.services.domain.everyday import Everyday
from zhengshu.kernel.errors import Refused


class EverydayWordsNotReadable(Refused):
    """The content that says how people call matters is missing or not of its form; mend the file that is named."""

    code = "services.everyday-words-not-readable"
    message = "%(file)s cannot be read: %(fault)s"


@cache
def everyday_words() -> Everyday:
    """Return the everyday words of this process; an edited file is read by the next one.

    Raises:
        EverydayWordsNotReadable: the file is missing or not of its form.
    """
    return read_everyday_words(Path(settings.PACKS_FOLDER) / "everyday-words.yaml")


def read_everyday_words(file: Path) -> Everyday:
    """Read everyday words from a file.

    Raises:
        EverydayWordsNotReadable: the file is missing or not of its form.
    """
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=Everyday)
    except (OSError, msgspec.MsgspecError) as fault:
        raise EverydayWordsNotReadable(file=file.name, fault=str(fault)) from fault
