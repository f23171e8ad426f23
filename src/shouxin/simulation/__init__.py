"""A synthetic economy, for proofs and demos. So far: `population.py`, customers with the facts of the `standard` bundle."""

from shouxin.simulation.population import write_population

__all__ = ["write_population"]
