"""A provider with an authorization server, as strict as the specifications allow one to be.

`rules` is the server without a network: PKCE with S256 is demanded and verified, the redirect address is
compared byte by byte, a code works once and ends its tokens when it comes twice, refresh tokens rotate and a
used one ends the whole grant, and the client alone gets tokens without one (RFC 6749, 7636, 9207, 9700).
`devices` gives codes that are typed elsewhere, and slows down who asks about them too often (RFC 8628).
`serve` puts it behind HTTPS beside an API that takes nothing but live access tokens, and can be told to
misbehave. `described` has both say what they are (RFC 9728, RFC 8414), so that they can be found by an
address; a client is had by asking (RFC 7591). `clients` reads one that is a document at its own address.
"""
