"""Programs are called what people call them."""

import pytest
from django.utils import translation

from zhengshu.contexts.trust.interfaces.programs import program_of

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} Chrome/156.0.0.0 Safari/537.36", "Chrome 156 on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {KIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge 140 on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari 17 on macOS"),
        ("Mozilla/5.0 (iPhone; OS 17_5 like Mac OS X) Version/17.5 Mobile/15E1 Safari/604.1", "Safari 17 on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14) {KIT} Chrome/116 Safari/537 MicroMessenger/8.0", "WeChat on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128 on Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)  # fmt: skip
def test_of_an_agent(agent: str, name: str) -> None:
    with translation.override("en"):
        assert program_of(agent) == name
