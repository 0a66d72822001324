"""Do registry, event log, rollups and PostHog say the same? Compare, and mend what can be mended.

    registry ◄─ rows ─► event log ◄─ rollup ─► rollups
                            ▲
                            └──── posthog ───► PostHog's counts, then ids where they differ

- `difference` says what can differ; `registry`, `rollup` and `posthog` each compare one pair, in pages, and
  `compare` has all three compared.
- `restore` writes the facts that rows lack; `mend` does that, rebuilds rollups and puts lost facts back.
- `job` is where it is asked for and answered, `confirm` how, and `work` does it on one of the servers.

Invariants: comparing changes nothing. Mending writes a fact under the uuid and time that it had, so doing it
twice, or being killed while doing it, is harmless; it deletes nothing, neither here nor at PostHog; and what
it sends again lies in a consent window. Nothing here holds more than a page, or one day's facts of one kind.
"""
