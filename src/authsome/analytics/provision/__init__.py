"""Authsome's dashboards in a PostHog project: what should be there, what is there, and the way between.

    wanted = everything_wanted(DASHBOARDS, with_old_names=False)
    found = await look(project, Scope())
    changes = difference(wanted, found)            # pure: one `Change` with a readable line for each
    await bring_about(project, aim, …)             # carries them out, then looks again: nothing may differ

Invariants:

- No state is kept here. What is ours carries a *mark* at the end of its description (`mark`), with its own
  id, so that a copy which somebody made in PostHog is theirs. What carries none is never written to.
- Only what we write is compared, key by key, because PostHog adds defaults of its own. An operator's tiles
  on our dashboard, their dashboards for our insights, their filters, tags and pins stay.
- Killed at any moment, the next run repairs: each change stands for itself and can be found again by its
  mark. Two runs at the same time leave a second set at worst, which the next run removes: the oldest counts.
- Nothing is believed: success is that a second look finds no difference.

To add a kind of thing: a value in `wanted` and `found`, its comparison in `difference`, its removal in
`removal`, and the calls that make it in `carry_out`, with its traps in `authsome.testing.posthog.private`.
"""
