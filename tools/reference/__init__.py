"""Generators of reference pages that belong to no single part of the product.

Each module has `files()`, named in `tools.docs.GENERATORS`. They read the product's own lists (settings,
error classes, commands, event classes), so that a page cannot say what is no longer so.
"""
