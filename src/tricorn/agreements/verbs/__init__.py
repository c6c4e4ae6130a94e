"""Every change to agreements: one function each, imported from here."""

from tricorn.agreements.verbs.activate import Activated, activate

__all__ = ["Activated", "activate"]
