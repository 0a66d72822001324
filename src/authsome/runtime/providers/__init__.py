"""What providers need of the outside: amendments that wait for their page, tests that ask."""
