"""The intercepting proxy: an agent's HTTPS request goes in, the same request with a credential goes out.

    agent ──CONNECT──► connect ──TLS with our CA──► tunnel ──► exchange ──► upstream ──TLS──► provider
                          │                            │          │            ▲
                        gate (may it?)             standing    inject,       pool, address
                                                  (still?)      scrub

An agent on another machine comes by TLS to the gateway itself (`greet`); what it says inside is the same.

What always holds:

- Nothing passes without a run token, and nothing reaches a host for which the `Gate` gave no `Passage`.
- A secret is put only into a request inside verified TLS to the very host and port of the CONNECT, at an
  address that was checked. It is never sent in the clear, and is taken out of response headers that echo it.
- Every request asks again unless nothing was committed since the last answer (`Gate.generation`), so a
  revocation holds for the next request, also on a connection that is open already. All connections of a run
  to one host share the answer, and one asks for all (`standing`).
- Heads are parsed strictly and written anew from their parts; no byte of a head is copied through.
- Bodies are streamed with back pressure. A response that breaks off breaks the agent's connection too.

The proxy knows no SQL, no HTTP API and no noun: everything it must ask is in `gate.Gate`, which the
composition root implements. To add a refusal: a class in `errors.py`, and, where its kind's status does
not fit, a line in `replies.STATUS_BY_CODE`.
"""
