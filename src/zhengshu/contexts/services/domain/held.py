"""What the government holds already, so that nobody is asked for it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhengshu.kernel.text import narrow

_BRACKETS = re.compile(r"[（(〔\[][^）)〕\]]*[）)〕\]]")
_NUMBER = re.compile(r"号码?$")
_ENDING = re.compile(
    r"(原件|复印件|影印件|扫描件|电子版|电子件|正本|副本|正副本|照片|截图|正反面|双面|首页|本人页|户主页|材料|文件|资料"
    r"|或|和|与|及|、|/|\d+份|[一二两三]份)+$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who holds the value of a data element.

    Attributes:
        element: the element's code.
        element_name: what it is called.
        resource_code: the resource that is its authoritative source.
        resource: what the resource is called.
        provider: the department that provides it.
    """

    element: str
    element_name: str
    resource_code: str
    resource: str
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is known of holdings, however a material may name them.

    Attributes:
        holdings: element → who holds it, for the elements with an authoritative source.
        names: name or synonym of an element → the element.
        documents: what a document is called → the elements that it tells.
        certificates: types of e-certificates that are issued here.
        endless: types of e-certificates that are valid for ever.
    """

    holdings: Mapping[str, Holding] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    certificates: frozenset[str] = frozenset()
    endless: frozenset[str] = frozenset()

    def of_material(self, *, name: str, elements: Iterable[str] = ()) -> Holding | None:
        """Return who holds what a material tells, or None where nobody is known to.

        A material tells the elements that it names; else the element or the document by whose name it is called,
        also with what people put around it (申请人身份证复印件, 经营者身份证号).
        """
        told = tuple(elements) or self._elements_of(name)
        return next((self.holdings[element] for element in told if element in self.holdings), None)

    def _elements_of(self, name: str) -> tuple[str, ...]:
        plain = plain_name(name)
        if plain in self.names:
            return (self.names[plain],)
        numbered = _NUMBER.sub("", plain)
        ends = [document for document in self.documents if numbered.endswith(document)]
        return self.documents[max(ends, key=len)] if ends else ()


def plain_name(name: str) -> str:
    """Return the name of a material without brackets and without how many copies are wanted of it.

    >>> plain_name("法定代表人 身份证（正反面）原件及复印件1份")
    '法定代表人身份证'
    """
    short = "".join(_BRACKETS.sub("", narrow(name)).split())
    return _ENDING.sub("", short.strip("《》“”\"'。；;,，"))
