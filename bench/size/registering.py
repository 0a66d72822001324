"""Whether registrations suffer while numbers are kept: in turns with and without, on real servers."""

from __future__ import annotations

from functools import partial
from statistics import median

from authsome.kit.clock import SystemClock
from bench.figure import Figure, Scale, middle_half
from bench.history.fill import fill
from bench.history.plan import Plan
from bench.load import Load, Put, generator
from bench.servers import Target, end_pending, folder, server
from bench.signed import registrations
from bench.size.grown import apart, project
from bench.size.served import served

CLIENTS, BACKLOG = 8, 200_000
AIM = "no difference, > 0.9x"


def registering(scale: Scale) -> list[Figure]:
    with generator() as put:
        return [_everyday(put, scale), _with_backlog(put, scale)]


def _everyday(put: Put, scale: Scale) -> Figure:
    """Each registration is counted soon after, or never."""
    with server(AUTHSOME_TELEMETRY="local") as counting, server(AUTHSOME_TELEMETRY="off") as silent:
        pairs = []
        for number in range(scale.rounds + 1):
            order = (counting, silent) if number % 2 else (silent, counting)
            taken = {target.pid: _register(put, target, scale) for target in order}
            pairs.append((taken[counting.pid], taken[silent.pid]))
    return _figure("registrations while their numbers are kept", "a server that keeps none", pairs[1:])


def _with_backlog(put: Put, scale: Scale) -> Figure:
    """Registrations during a rebuild, and before and after it."""
    with folder() as home:
        data = home / "server"
        data.mkdir(mode=0o700)
        apart(partial(fill, data, Plan(events=BACKLOG, until=SystemClock().now())))
        apart(partial(project, data))
        with served(home) as running:
            target, pairs = running.target, []
            _register(put, target, scale)
            for _ in range(scale.rounds):
                before = _register(put, target, scale)
                running.begin_rebuild()
                running.wait_for_progress()
                during = _register(put, target, scale)
                assert running.last_rebuild["under_way"], "the rebuild was over too soon to be measured"
                running.wait_for_end()
                pairs.append((during, before))
    return _figure("registrations during a rebuild", "the same server without", pairs)


def _figure(what: str, against: str, pairs: list[tuple[float, float]]) -> Figure:
    ratios = [one / other for one, other in pairs]
    return Figure(
        what=f"{what}, {CLIENTS} clients",
        value=median(one for one, _ in pairs),
        unit="/s",
        baseline=median(other for _, other in pairs),
        against=against,
        aim=AIM,
        paired=median(ratios),
        note=f"half of {len(ratios)} rounds {middle_half(ratios)}",
    )


def _register(put: Put, target: Target, scale: Scale) -> float:
    end_pending(target)
    make = partial(registrations, target.authority, int(900 * scale.seconds))
    return put(Load(target=target, clients=CLIENTS, seconds=scale.seconds, make=make, status=201)).per_second
