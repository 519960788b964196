"""One small city for all tests of this package."""

from pathlib import Path

import pytest

from zhengshu.project.demo_city.build import build_city
from zhengshu.project.demo_city.tests.small import SEED, SMALL


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small city."""
    folder = tmp_path_factory.mktemp("city")
    build_city(folder=folder, persons=SMALL, seed=SEED)
    return folder
