"""Real text with errors put in: what `check_quality` measures on."""

from tests.benchmarks.planting import facts, names, whole, wording
from tests.benchmarks.planting.base import Plant
from tests.benchmarks.planting.sowing import Sown, sow

_TOLD = (*facts.PLANTS, *names.PLANTS, *wording.PLANTS)
PLANTS: tuple[Plant, ...] = (*_TOLD, *whole.PLANTS, *whole.in_translated(_TOLD))

__all__ = ["PLANTS", "Plant", "Sown", "sow"]
