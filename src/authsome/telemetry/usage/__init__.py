"""Usage: requests through every door, counted in memory (`count`) and reported hour by hour (`report`)."""
