"""Work out what an amendment leads to, without doing anything."""

from __future__ import annotations

from authsome.amendment.errors import (
    NameDiffers,
    NotBundled,
    NothingAmended,
    OverriddenAlready,
    ProviderBundled,
)
from authsome.amendment.model import Act, Amendment, Effect, Plan
from authsome.amendment.ports import AmendmentWork
from authsome.amendment.reach import flows_out_of_use, newly_reached, newly_told
from authsome.provider.catalogue import find_bundled
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.find import get_provider
from authsome.provider.model import CustomProvider, Provider
from authsome.provider.register import fitting
from authsome.provider.validate import read_definition


def plan(view: AmendmentWork, amendment: Amendment) -> Plan:
    """Raises `ProviderMissing`, `ProviderBundled`, `NotBundled`, `OverriddenAlready`, `NameDiffers`,
    `NothingAmended`, and what reading and fitting a definition raise.
    """
    before = get_provider(view, amendment.name)
    row = view.providers.find_by_name(before.name)
    _check_kind(amendment, row)
    after = _after(view, amendment)
    if after == before:  # an override may repeat the bundled definition: it then outlives the next release
        raise NothingAmended
    if after is None:
        return Plan(act=amendment.act, before=before, after=None, row=row)
    new = dict.fromkeys(str(place) for place in (*newly_reached(before, after), *newly_told(before, after)))
    return Plan(
        act=amendment.act,
        before=before,
        after=after,
        row=row,
        new_places=tuple(new),
        flows=flows_out_of_use(before, after),
    )


def measure(view: AmendmentWork, made: Plan) -> Effect:
    """How much the plan touches at this moment."""
    name = made.before.name
    flows = made.flows if made.after else None
    connections, people = view.connections.tally(name, flows=flows)
    return Effect(
        connections=connections,
        people=people,
        grants=view.grants.count_of_provider(name) if made.after is None else 0,
        auth_sessions=len(view.auth_sessions.list_open_to(name, limit=1_000)),
        has_client=view.oauth_clients.find_of(name) is not None,
    )


def _check_kind(amendment: Amendment, row: CustomProvider | None) -> None:
    if amendment.act is Act.OVERRIDE:
        if find_bundled(amendment.name) is None:
            raise NotBundled
        if row is not None:
            raise OverriddenAlready
    elif row is None:
        raise ProviderBundled


def _after(view: AmendmentWork, amendment: Amendment) -> Provider | None:
    if amendment.act is Act.REMOVE:
        return find_bundled(amendment.name)
    if amendment.definition is None:
        raise DefinitionInvalid("there is no definition to put in its place")
    wanted = read_definition(amendment.definition)
    if wanted.name != amendment.name:
        raise NameDiffers(f"the definition is of {wanted.name}, and not of {amendment.name}")
    return fitting(
        view, provider=wanted, private_addresses=amendment.private_addresses, replaces=amendment.name
    )
