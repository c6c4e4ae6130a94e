"""One promise running: elapsed, remaining, due, breached, and why."""

from .explanation import WHO, Explanation, Stop
from .running import Clock
from .terms import Holder, Terms, Wait

__all__ = ["WHO", "Clock", "Explanation", "Holder", "Stop", "Terms", "Wait"]
