"""The systemd unit, and the file of settings beside it."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
# Settings of the Authsome server, one NAME=value a line; they are read when it starts:
#   systemctl restart authsome
# docs/reference/configuration.md lists them.
#AUTHSOME_BASE_URL=https://authsome.example.org
"""
# Standard output is thrown away: it holds the set-up link while there is no principal, and the journal has
# more readers than root. The log goes to standard error. `@system-service` holds all that Python, SQLite and
# OpenSSL call; memory that is written and executed is not forbidden, since libffi may ask for it.
UNIT = """\
[Unit]
Description=Authsome, a credential gateway for agents
After=network-online.target
Wants=network-online.target

[Service]
User={user}
Environment=AUTHSOME_HOME={home}
EnvironmentFile=-{settings}
ExecStart={python} -P -m authsome.cli.main up --foreground
StandardOutput=null
Restart=on-failure
RestartSec=2
UMask=0077
LimitNOFILE=65536
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={home}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=multi-user.target
"""


def unit_text(*, user: str, home: Path, settings: Path, python: Path) -> str:
    return UNIT.format(user=user, home=home, settings=settings, python=python)
