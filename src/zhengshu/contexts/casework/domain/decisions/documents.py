"""A `.dmn` file as a tree: bounded, and without anything that leads out of it."""

from collections.abc import Iterator

from lxml import etree

MOST_BYTES = 2 * 1024 * 1024
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
"""DMN 1.1 to 1.6; what we read of them did not change."""
MOST_ELEMENTS = 100_000
Element = etree._Element  # noqa: SLF001 - the only name that lxml has for it


def read_tree(text: str) -> Element:
    """Return the root of a `.dmn` file.

    Raises:
        ValueError: it is too large, no XML, has a document type, or is no DMN.
    """
    if len(text.encode()) > MOST_BYTES:
        message = f"larger than {MOST_BYTES} bytes"
        raise ValueError(message)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise ValueError(str(fault)) from fault
    if getattr(root.getroottree().docinfo, "doctype", ""):
        message = "a document type is not allowed"
        raise ValueError(message)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        message = "its root is no definitions element of DMN 1.1 to 1.6"
        raise ValueError(message)
    return root


def tag(element: Element) -> str:
    """Return the name of an element of DMN; that of others with their namespace."""
    name = etree.QName(element)
    return name.localname if name.namespace in NAMESPACES else str(element.tag)


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of DMN in another one, of some names or of all."""
    for part in element.iterchildren("*"):
        name = tag(part)
        if name in names or (not names and not name.startswith("{")):
            yield part


def child(element: Element, *names: str) -> Element | None:
    """Return the first element of some names in another one."""
    return next(children(element, *names), None)


def text_in(element: Element | None) -> str:
    """Return the text in the `text` element of an element; empty where there is none."""
    found = child(element, "text") if element is not None else None
    return inner_text(found)


def inner_text(element: Element | None) -> str:
    """Return all text within an element, without comments."""
    return str(element.xpath("string()")).strip() if element is not None else ""


def line(element: Element) -> int:
    """Return the line of the file where an element begins."""
    found = str(element.sourceline)
    return int(found) if found.isdecimal() else 0


def identity(element: Element) -> str:
    """Return the id of an element, or of the nearest one around it that has an id."""
    here: Element | None = element
    while here is not None:
        if name := here.get("id", ""):
            return str(name)
        here = here.getparent()
    return ""
