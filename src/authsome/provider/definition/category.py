"""What a provider is for: a closed list, so that people find a service without knowing its name."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from authsome.provider.errors import DefinitionInvalid

MOST_CATEGORIES = 3


class Category(StrEnum):
    """In the order in which they are shown."""

    AI = "ai"
    SEARCH = "search"
    CODE = "code"
    HOSTING = "hosting"
    MONITORING = "monitoring"
    DATA = "data"
    FILES = "files"
    PRODUCTIVITY = "productivity"
    PROJECTS = "projects"
    COMMUNICATION = "communication"
    SALES = "sales"
    MARKETING = "marketing"
    SUPPORT = "support"
    PAYMENTS = "payments"
    FINANCE = "finance"
    COMMERCE = "commerce"
    DESIGN = "design"
    MEDIA = "media"
    SOCIAL = "social"
    PLACES = "places"

    @property
    def heading(self) -> str:
        """As people read it."""
        return _HEADINGS[self]


_HEADINGS = {
    Category.AI: "AI models",
    Category.SEARCH: "Search and the web",
    Category.CODE: "Code",
    Category.HOSTING: "Cloud and hosting",
    Category.MONITORING: "Monitoring",
    Category.DATA: "Databases and data",
    Category.FILES: "Files",
    Category.PRODUCTIVITY: "Calendars, notes and forms",
    Category.PROJECTS: "Projects and issues",
    Category.COMMUNICATION: "Messages and calls",
    Category.SALES: "Customers and sales",
    Category.MARKETING: "Marketing and mail",
    Category.SUPPORT: "Support",
    Category.PAYMENTS: "Payments",
    Category.FINANCE: "Accounting and banks",
    Category.COMMERCE: "Shops",
    Category.DESIGN: "Design",
    Category.MEDIA: "Sound, pictures and video",
    Category.SOCIAL: "Social networks",
    Category.PLACES: "Maps and weather",
}


def read_categories(given: Any) -> tuple[Category, ...]:
    """The key `categories`; the first is where the provider is listed. Raises `DefinitionInvalid`."""
    known = {category.value: category for category in Category}
    well_formed = isinstance(given, list) and len(given) <= MOST_CATEGORIES
    if not well_formed or not all(isinstance(one, str) and one in known for one in given):
        raise DefinitionInvalid(f"categories must be a list of up to {MOST_CATEGORIES} of {', '.join(known)}")
    if len(set(given)) != len(given):
        raise DefinitionInvalid("categories names the same one twice")
    return tuple(known[one] for one in given)
