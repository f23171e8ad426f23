"""The whole book."""
