"""The scripts that every page loads share one scope: what one declares must not replace what another needs."""

import re
from collections import Counter
from pathlib import Path

import zhengshu.foundation

FOLDER = Path(zhengshu.foundation.__file__).parent / "static" / "ui"
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


class TestScripts:
    def test_of_the_frame_declare_no_name_twice(self) -> None:
        names = Counter(
            name
            for file in FOLDER.glob("*.js")
            for name in DECLARED.findall(file.read_text(encoding="utf-8"))
        )

        assert "dressed" in names
        assert [name for name, times in names.items() if times > 1] == []
