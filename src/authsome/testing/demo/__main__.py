"""`make demo`: set up, send an agent's request through the gateway, show the dashboard, and serve.

With `--once` it ends after the last step. It ends with 1 at the first thing that fails.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from authsome.kit.errors import AuthsomeError
from authsome.testing.demo.steps import Demo
from authsome.testing.person import PageRefused
from authsome.testing.stage import StepFailed


def main(arguments: list[str]) -> int:
    """Run the demo; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="end when everything was shown")
    once = parser.parse_args(arguments).once
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="authsome-demo-") as folder:
        demo = Demo(Path(folder))
        try:
            demo.perform()
            if not once:
                demo.serve()
        except KeyboardInterrupt:
            print("\nStopping.")
        except (StepFailed, PageRefused, AuthsomeError) as failure:
            print(f"\nThe demo failed: {failure}\n{demo.server_log()}", file=sys.stderr)
            return 1
        finally:
            demo.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
