"""`python -m authsome.testing.posthog --port 0 --record FILE`: the simulator, to be looked at by hand.

Prints its address as one line, `http://127.0.0.1:PORT KEY`, and serves until interrupted.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from authsome.testing.posthog.simulator import KEY, PostHogSimulator


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m authsome.testing.posthog", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--record", type=Path, help="a file that gets one line of JSON per request")
    parser.add_argument("--key", default=KEY, help="the project key that it knows")
    options = parser.parse_args()
    stops = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)  # before any thread starts, so that all inherit it
    with PostHogSimulator(keys=(options.key,), port=options.port, record=options.record) as posthog:
        sys.stdout.write(f"{posthog.url} {posthog.key}\n")
        sys.stdout.flush()
        signal.sigwait(stops)
    return 0


if __name__ == "__main__":
    sys.exit(main())
