"""Files on their way into a case: what is taken is said, and what is too large is refused before it is read."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from zhengshu.contexts.casework.domain.definitions import DocumentsRule
from zhengshu.foundation.files.keeping import FileTooLarge, KeptFile, keep_file
from zhengshu.foundation.http.requests import ActorRequest

FORM_BYTES = 64 << 10
"""What a form needs besides the file in it."""


def say_what_is_taken(field: forms.Field, rule: DocumentsRule) -> None:
    """Let a field say which kinds of files a case takes, and how large they may be."""
    kinds = ", ".join(rule.kinds)
    field.help_text = _("%(kinds)s; at most %(most)s MB.") % {"kinds": kinds, "most": rule.most_mb}
    field.widget.attrs["accept"] = ",".join(f".{kind}" for kind in rule.kinds)


def refuse_large(request: ActorRequest, rule: DocumentsRule) -> None:
    """Refuse a request that announces more than a file may have.

    Raises:
        FileTooLarge: it does.
    """
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > (rule.most_mb << 20) + FORM_BYTES:
        raise FileTooLarge(most=rule.most_mb)


def kept(upload: "UploadedFile[bytes]", rule: DocumentsRule) -> KeptFile:
    """Return an upload as a kept file, after it was judged by its content."""
    return keep_file(
        chunks=upload.chunks(),
        name=upload.name or "",
        most_bytes=rule.most_mb << 20,
        taken=[f".{kind}" for kind in rule.kinds],
    )
