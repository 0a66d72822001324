"""Who is using it (`dashboards`), and whether all of it was recorded (`record`), as plain numbers."""
