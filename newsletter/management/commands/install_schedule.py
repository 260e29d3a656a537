"""Put the tick on the queue's schedule, once."""

from typing import Any

from django.core.management.base import BaseCommand

from newsletter import schedules


class Command(BaseCommand):
    help = "Install the one recurring job, a tick a minute. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        schedules.install()
        self.stdout.write("the tick is installed: start `manage.py work`")
