"""Figures of English and Chinese text as values that compare: the one reader for ranking, writing and checking."""

from newsletter.quantities.keys import keys
from newsletter.quantities.quantity import Quantity, agrees
from newsletter.quantities.reader import quantities

__all__ = ["Quantity", "agrees", "keys", "quantities"]
