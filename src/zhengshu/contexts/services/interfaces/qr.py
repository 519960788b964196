"""Addresses as pictures that a phone reads."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(address: str) -> SafeString:
    """Return an address as a QR, drawn in SVG."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=False, omitsize=True, dark="black"
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made of an address of ours
