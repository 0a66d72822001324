"""Which loopback interface a process has: two processes can meet on 127.0.0.1 only where it is the same one.

Names and addresses cannot say it: a forwarded port or a container makes another machine look like
`localhost`, and a public name may be this machine's own.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def loopback_id() -> str | None:
    """The same for all processes of one boot in one network namespace; None where the system cannot say.

    A digest, so that it can be shown to others without giving the machine's own identifiers away.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = os.readlink("/proc/self/ns/net")
    except OSError:
        return None
    return hashlib.sha256(f"authsome loopback\0{boot}\0{namespace}".encode()).hexdigest()[:32]


def names_loopback(host: str) -> bool:
    """Whether a name or address means the machine that says it, without asking a resolver."""
    return host in ("localhost", "127.0.0.1", "::1")
