"""Shouxin (授信), an open credit-granting system: which products a customer may have, how much, at what price, and why.

The folders are wings, lowest first: foundation, engines, infra, book, desk, simulation, faces. A module imports only
from its own wing and from lower ones. To see what the system does, begin at `shouxin.engines.policy`.
"""

__version__ = "0.1.0"
