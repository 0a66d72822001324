"""The two places to go: everything that is wanted there, or nothing that is ours."""

from __future__ import annotations

from functools import partial

from authsome.analytics.provision.bring_about import Aim
from authsome.analytics.provision.difference import difference
from authsome.analytics.provision.look import Actions, look
from authsome.analytics.provision.project import Project
from authsome.analytics.provision.removal import removal
from authsome.analytics.provision.wanted import Wanted


def towards(project: Project, wanted: Wanted) -> Aim:
    """What `plan` compares and `apply` brings about. Actions are looked at only where they are wanted."""
    return Aim(
        look=partial(
            look,
            project,
            actions=Actions.NOT if wanted.actions is None else Actions.NEEDED,
            events=wanted.events,
            properties=wanted.properties,
        ),
        changes=partial(difference, wanted),
    )


def away(project: Project) -> Aim:
    """What `destroy` brings about, whatever version made it."""
    return Aim(
        look=partial(look, project, actions=Actions.IF_ALLOWED, events=None, properties=None), changes=removal
    )
