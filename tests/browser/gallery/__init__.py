"""Every page with its sample values, in a real browser: to look at, and to hold to what a page promises."""

from __future__ import annotations
