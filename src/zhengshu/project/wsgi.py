"""The web process: pages and management API."""

import os
import sys
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from zhengshu.project.garbage import nothing_is_garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")

with nothing_is_garbage():
    application = get_wsgi_application()

    from zhengshu.contexts.services.api import expect_questions
    from zhengshu.foundation.vault.keys import require_keys
    from zhengshu.kernel.errors import Refused

    import_module("zhengshu.project.urls")  # or the first request would wait for all pages

try:
    require_keys()
except Refused as refusal:
    sys.exit(refusal.text())

expect_questions()
