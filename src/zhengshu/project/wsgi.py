"""The web process: pages and management API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")

application = get_wsgi_application()
