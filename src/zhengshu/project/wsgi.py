"""The web process: pages and management API."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")

application = get_wsgi_application()

from zhengshu.contexts.services.api import expect_questions  # noqa: E402 - Django must be set up before
from zhengshu.foundation.vault.keys import require_keys  # noqa: E402 - as above
from zhengshu.kernel.errors import Refused  # noqa: E402 - as above

try:
    require_keys()
except Refused as refusal:
    sys.exit(refusal.text())

expect_questions()
