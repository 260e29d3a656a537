"""Run the queue, watched: what systemd or a container starts."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from newsletter import schedules, watch

log = logging.getLogger(__name__)

AGAIN = 2.0  # seconds before it begins anew: one that can't begin at all must not spin


class Command(BaseCommand):
    help = (
        "Run the queue (django-q2's cluster), and begin it anew where it stands still or ends. Nothing happens by "
        "itself without it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        if not schedules.is_installed():
            self.stderr.write("the tick isn't installed, so nothing falls due: `manage.py install_schedule`")
        while not self.is_stopping:
            cluster = watch.Cluster()
            trouble = ""
            while not self.is_stopping and not (trouble := cluster.trouble()):
                time.sleep(watch.LOOK)
            if not trouble:
                cluster.stop()
                return
            log.error("the queue's cluster begins anew: %s", trouble)
            cluster.give_up()
            time.sleep(AGAIN)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """SIGTERM or Ctrl-C: let the tasks in hand end."""
        self.is_stopping = True
