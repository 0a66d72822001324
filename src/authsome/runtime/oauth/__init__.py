"""What OAuth needs of the outside: the token address over the network, turns in the books, tasks that wait.

`endpoint` asks a provider, over `dial`, which connects only to addresses that a secret may be sent to; so
does `web`, for documents and clients. `registering` gets a client anew where a provider has forgotten ours.
`renewals` is what the proxy's gate holds: one task per connection and process, however many requests wait.
The rules are `connection.oauth.renew`'s; nothing here decides what becomes of a connection.
"""
