"""A run is one command behind the proxy, from `authsome run` to its end.

    live ──▶ ended: completed | failed | signalled | lost

Invariants: only a claimed identity starts one, and only the same identity ends it; its token is a SECRET that
opens the proxy and nothing else, and only its digest is kept; the program's name stays here and its
arguments are never asked for, because people put secrets into them; it ends exactly once.

A run lives as long as it is renewed. Renewing is bookkeeping (a lease named `lease_name(run.id)`, held by the
run's id, for `LEASE_LIFE`), so it writes no event and no registry row: `authsome run` renews every
`RENEW_EVERY` by a signed request, the proxy asks for a live lease besides the token, and `lost.sweep` ends
the runs whose lease ran out, when the machine under them was switched off.
"""
