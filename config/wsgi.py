"""The WSGI entry point."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from subscribers.redaction import WithoutTokens

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# gunicorn keeps logs of its own with whole addresses: of failed requests always, of all where it is asked to.
for name in ("gunicorn.error", "gunicorn.access"):
    logging.getLogger(name).addFilter(WithoutTokens())
