"""Erasures as the doors ask for them: what one would do elsewhere, and the receipts of those that were."""
