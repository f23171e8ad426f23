"""The policy language: a folder of text becomes a function and a statement that decide alike.

Read `compile.py` first (the passes in order), then `tree.py` (what every expression becomes). `load.py` reads a bundle,
the `stage_*` files lower it into a plan, the `emit_*` files write it out, `check.py` looks for what its author did not mean.
"""
