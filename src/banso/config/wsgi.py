"""Django as WSGI; the ASGI front (asgi.py) stands before it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
application = get_wsgi_application()
