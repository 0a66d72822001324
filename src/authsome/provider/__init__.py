"""A provider is a service that secrets are for: which hosts it has and how a request carries the secret.

Bundled providers are data files in `bundled/`, described from their public documentation; custom ones are
registered by an admin from a file of the same form and lie in the registry.

Invariants: for a host and port there is at most one provider, the most specific of the custom ones, else of
the bundled ones; a custom provider takes neither the name nor a host of a bundled one, unless an admin puts
it in the place of that one (`amendment/`); a pattern is anchored at a dot (`*.example.com` never covers
`evil-example.com`); a secret travels by https only, in a header or a query parameter that is its own; a
private address is reached only where an admin listed exactly that host and port.

To add a bundled provider: a JSON file named after it, with the page that says so and the day it was read.
"""
