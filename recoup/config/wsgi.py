"""The WSGI entry point for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoup.config.settings")
os.environ["RECOUP_DATABASE_ROLE"] = "web"  # whatever it was started from, it never is more
application = get_wsgi_application()
