"""What all tests of `services` share: quick passwords, an index that knows nothing yet, a town, a hall."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from zhengshu.contexts.catalog.tests import factories as catalog_factories
from zhengshu.contexts.services.application.index import INDEX
from zhengshu.contexts.services.application.keep_kiosk import KioskRecord
from zhengshu.contexts.services.application.keep_window_groups import WindowGroupRecord, form_window_group
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.hall_cast import ITEM, a_kiosk
from zhengshu.contexts.services.tests.intake_kit import ANNA, AT, INSURED, Hall


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_index() -> None:
    INDEX.forget()


@pytest.fixture
def town() -> catalog_factories.City:
    return catalog_factories.city()


@pytest.fixture
def place() -> Iterator[Hall]:
    with intake_kit.registers(**{f"id_{ANNA}": INSURED}):
        made = intake_kit.hall()
        intake_kit.offer(made, code=ITEM)
        yield made


@pytest.fixture
def group(place: Hall) -> WindowGroupRecord:
    return form_window_group(letter="a", name="综合窗口", items=[ITEM], actor=place.clerk, at=AT)


@pytest.fixture
def kiosk(place: Hall) -> KioskRecord:
    return a_kiosk(place.clerk)
