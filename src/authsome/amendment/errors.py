"""How amendments refuse."""

from __future__ import annotations

from authsome.kit.errors import ConflictError, InvalidError, MissingError


class AmendmentGone(MissingError):
    """There is no such amendment, or it was confirmed, or an hour is over."""

    code = "amendment_gone"
    hint = "run the command again for a new page"


class ProviderChanged(ConflictError):
    """The provider was changed by somebody else since this was shown. Nothing was done."""

    code = "provider_changed"
    hint = "look at the effect again, and confirm it if you still mean it"


class ProviderBundled(ConflictError):
    """This provider came with Authsome."""

    code = "provider_bundled"
    hint = "put a definition of your own in its place with `authsome providers override NAME FILE`"


class NotBundled(ConflictError):
    """No provider of this name came with Authsome, so there is none to override."""

    code = "provider_not_bundled"
    hint = (
        "add it with `authsome providers add FILE`, or change it with `authsome providers change NAME FILE`"
    )


class OverriddenAlready(ConflictError):
    """This bundled provider is overridden already."""

    code = "provider_overridden"
    hint = "change that definition with `authsome providers change NAME FILE`"


class NameDiffers(InvalidError):
    """The definition is of another name than the provider that it is for."""

    code = "provider_name_differs"
    hint = "a provider keeps its name: write the same `name`, or register another provider with it"


class NothingAmended(ConflictError):
    """The provider is like this already."""

    code = "nothing_amended"
    hint = "compare the file with `authsome providers show NAME`"
