"""The readers' side as it runs, with an empty view beside it to be measured against."""

from config.settings import *  # noqa: F403

DEBUG = False
BEHIND_PROXY = True  # so that each sign-up can come from a network of its own
ROOT_URLCONF = "tests.benchmarks.readers_urls"
