"""What each experiment does to its scene."""

from collections.abc import Callable

from tests.faults.cluster import cluster, orphans, parts
from tests.faults.disk import disk_all, disk_record
from tests.faults.machine import clock, hosts, power
from tests.faults.scene import Scene
from tests.faults.services import locked, postgres, postgres_away, two_servers
from tests.faults.web import web
from tests.faults.workers import kill_workers

PLAYS: dict[str, Callable[[Scene], None]] = {
    "workers": kill_workers,
    "postgres": postgres,
    "postgres_away": postgres_away,
    "locked": locked,
    "two_servers": two_servers,
    "disk_record": disk_record,
    "disk_all": disk_all,
    "power": power,
    "hosts": hosts,
    "clock": clock,
    "cluster": cluster,
    "orphans": orphans,
    "parts": parts,
    "web": web,
}
