"""Settings of every process of an experiment: the real ones, with small mail templates in a folder of its own."""

import os

from config.settings import *  # noqa: F403
from config.settings import TEMPLATES as _REAL
from config.settings import VAR_DIR

DEBUG = False  # it would keep every statement
EMAIL_TIMEOUT = 5
_small = os.environ.get("FAULTS_TEMPLATES", VAR_DIR)
_engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [_small]}
TEMPLATES = [{**_REAL[0], "DIRS": [_small, *_REAL[0]["DIRS"]]}, {**_engine, "NAME": "mjml"}]
