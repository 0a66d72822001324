"""`authsome analytics`: who is using it, in numbers and as facts; and whether all of it was recorded."""

from __future__ import annotations

import click

from authsome.cli.commands.host.analytics import export, provision, rebuild, reconcile, show


@click.group("analytics")
def command() -> None:
    """Show who is using this installation. Admins only, but for your own numbers.

    \b
    Examples:
      authsome analytics show
      authsome analytics show reliability --since 12w --bucket week
      authsome analytics show mine
      authsome analytics export --output facts.parquet
      authsome analytics inventory
      authsome analytics reconcile
      authsome analytics rebuild
      authsome analytics plan
    """


for part in (reconcile.inventory, reconcile.reconcile, reconcile.backfill, rebuild.rebuild):
    command.add_command(part)
for part in (show.show, export.export):
    command.add_command(part)
for part in (provision.plan, provision.apply, provision.destroy):
    command.add_command(part)
