"""What issue 428 asked to be audited, as checks: run by `make check`, so none of it needs a database."""
