"""The server's process, as `authsome up` starts it: `python -P -m authsome.cli.process FD`.

Importing a server makes a few hundred thousand objects and no garbage. Looking for some meanwhile takes a
tenth of the start, so the collector begins once the doors are open (`serve.main`).
"""

from __future__ import annotations

import gc
import sys

gc.disable()

from authsome.cli.serve import main  # noqa: E402 - the line above is for what this imports

sys.exit(main(int(sys.argv[1])))
