"""What tests of messages have at hand: an office with its people, a mail server, an SMS outbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.kit.platform import free_port

from zhengshu.contexts.casework.tests import licences, mail_server
from zhengshu.contexts.casework.tests.mail_server import Box


@pytest.fixture
def place() -> licences.Office:
    """Return an office that gives licences."""
    return licences.office()


@pytest.fixture
def box(settings: LazySettings) -> Iterator[Box]:
    """Run a mail server to which the platform delivers."""
    settings.MAIL_HOST, settings.MAIL_SECURITY, settings.MAIL_SECONDS = "127.0.0.1", "none", 5
    settings.MAIL_PORT = free_port()
    with mail_server.running(Box(), port=settings.MAIL_PORT) as running:
        yield running


@pytest.fixture
def sms(settings: LazySettings, tmp_path: Path) -> Path:
    """Return the folder into which SMS are written."""
    settings.SMS_OUTBOX = str(tmp_path / "sms")
    return tmp_path / "sms"
