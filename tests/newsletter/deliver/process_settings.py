"""Settings of a worker process: database and small templates in a folder of the test's own."""

from config.settings import *  # noqa: F403
from config.settings import VAR_DIR

ROOT_URLCONF = "tests.newsletter.deliver.reader_urls"
EMAIL_TIMEOUT = 150  # longer than a test holds a mail back
SMTP_CONNECTIONS = 1
_engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [VAR_DIR]}
TEMPLATES = [_engine, {**_engine, "NAME": "mjml"}]
