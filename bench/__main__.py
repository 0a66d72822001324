"""`python -m bench [NAME …] [--quick] [--json FILE]`: measure and print."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from bench import catalogue
from bench.figure import Scale, table
from bench.machine import describe


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="What things cost, beside a baseline."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(catalogue.MODULES)}")
    parser.add_argument("--quick", action="store_true", help="measure for less time; the figures are rougher")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in catalogue.MODULES]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(catalogue.MODULES)}")
    machine, scale = describe(), Scale.quick() if given.quick else Scale.full()
    print(", ".join(f"{name} {value}" for name, value in machine.items()), flush=True)
    results = {}
    for name in given.names or catalogue.MODULES:
        began = time.monotonic()
        figures = results[name] = catalogue.run(name, scale)
        print(f"\n{table(name, figures)}\n  ({time.monotonic() - began:.0f} s)", flush=True)
    if given.json:
        document = {
            "machine": machine,
            "quick": given.quick,
            "figures": {name: [figure.to_json() for figure in figures] for name, figures in results.items()},
        }
        given.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
