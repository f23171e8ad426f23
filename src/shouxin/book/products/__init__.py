"""The catalogue: policy bundles stored by content hash, and which of them holds from which day on.

Read `service.py` first. A facility names the bundle under which it was offered, and keeps to it.
"""

from shouxin.book.products.service import BundleNotActive, SinceBeforeToday, activate, active_bundle, bundle_of

__all__ = ["BundleNotActive", "SinceBeforeToday", "activate", "active_bundle", "bundle_of"]
