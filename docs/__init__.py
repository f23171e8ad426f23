"""The documents. `generate.py` writes those that follow from the code, the shipped bundles and `glossary.yaml`."""
