"""Rules of their own for tables of these tests."""

import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from zhengshu.contexts.quality.tests import factories


@pytest.fixture
def test_pack(tmp_path: Path, settings: Settings) -> Path:
    """Put a small pack in force; standards and score model stay those of the platform."""
    folder = tmp_path / "packs"
    real = settings.PACKS_FOLDER
    for name in ("catalog", "scoring", "rectification", "calendar"):
        shutil.copytree(real / name, folder / name)
    shutil.copytree(real / "case-types" / "data-rectification", folder / "case-types" / "data-rectification")
    settings.PACKS_FOLDER = factories.pack(folder)
    settings.QUALITY_PACK = "test"
    return folder
