"""What a person asks for, with the words around it left out (想、怎么、要办什么)."""

import re
from typing import Final

from zhengshu.kernel.text import narrow
from zhengshu.kernel.words import words

MOST_LETTERS: Final = 100

_AROUND: Final = re.compile(
    r"(请问|你好|您好|我想要|我想|我要|我们|我家|想要|想|需要|要办什么|要办|要带什么|要什么|怎么样|怎么办|怎么|怎样|如何|"
    r"哪里|哪儿|在哪|去哪|什么|哪些|多少|多久|可以|能不能|能否|是不是|有没有|可不可以|应该|必须|有吗|行吗|对吗|吗|呢|吧|啊|呀|"
    r"办理|办|手续|流程|一下|一个|一场|一所|自己|这里|谁|找)"
)

EMPTY_LETTERS: Final = frozenset(
    "的了和与及或在到给把被让从对是有没不也就都还又很要能会去来上下里中年个我你他她它等这那为于其请用事人"
)
"""Letters that alone tell no matter from another."""

_EMPTY: Final = EMPTY_LETTERS | {
    "没有",
    "之前",
    "以后",
    "时候",
    "事情",
    "东西",
}


def core_of(question: str) -> str:
    """Return what a question is about; the whole question where nothing would be left.

    >>> core_of("请问孩子出生要办什么？")
    '孩子出生'
    """
    plain = narrow(question)[:MOST_LETTERS]
    short = " ".join(_AROUND.sub(" ", plain).strip("?？!！。,， ").split())
    return short or plain


def words_of(question: str) -> tuple[str, ...]:
    """Return the words of a question that tell one matter from another, in their order.

    >>> words_of("想开个小饭馆")
    ('开', '小', '饭馆')
    """
    return tuple(dict.fromkeys(word for word in words(core_of(question)) if word not in _EMPTY))[:16]
