"""A database of the benchmark's own, and only the readers' addresses."""

from config.settings import *  # noqa: F403

DEBUG = False  # with it, every query would be kept
ROOT_URLCONF = "tests.newsletter.deliver.reader_urls"
