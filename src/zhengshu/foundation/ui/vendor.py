"""Which files of npm packages the browser gets, and under which path: nothing else of `node_modules` is served."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFolder:
    """A folder of a package whose named files are served.

    Attributes:
        prefix: the static path under which they appear.
        folder: the folder below ``node_modules``.
        patterns: file names, with ``*`` where there are many.
    """

    prefix: str
    folder: str
    patterns: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where the folder is on this machine."""
        return Path(settings.NODE_FOLDER) / self.folder

    def files(self) -> Iterator[str]:
        """Yield the names of the served files, relative to the folder."""
        for pattern in self.patterns:
            for file in sorted(self.path.glob(pattern)):
                yield file.relative_to(self.path).as_posix()


FOLDERS = (
    VendorFolder(prefix="vendor/tabler", folder="@tabler/core/dist/css", patterns=("tabler.min.css",)),
    VendorFolder(prefix="vendor/echarts", folder="echarts/dist", patterns=("echarts.min.js",)),
    VendorFolder(
        prefix="vendor/noto-sans-sc",
        folder="@fontsource-variable/noto-sans-sc",
        patterns=("index.css", "files/*.woff2"),
    ),
    VendorFolder(
        prefix="vendor/bpmn-js",
        folder="bpmn-js/dist",
        patterns=(
            "bpmn-modeler.production.min.js",
            "assets/bpmn-js.css",
            "assets/diagram-js.css",
            "assets/bpmn-font/css/bpmn.css",
            "assets/bpmn-font/font/*",
        ),
    ),
    VendorFolder(
        prefix="vendor/dmn-js",
        folder="dmn-js/dist",
        patterns=(
            "dmn-modeler.production.min.js",
            "assets/*.css",
            "assets/dmn-font/css/dmn.css",
            "assets/dmn-font/font/*",
        ),
    ),
    VendorFolder(
        prefix="vendor/form-js",
        folder="@bpmn-io/form-js/dist",
        patterns=("form-editor.umd.js", "assets/form-js.css", "assets/form-js-editor.css"),
    ),
)
