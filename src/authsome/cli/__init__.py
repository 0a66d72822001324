"""The command line. One module per command under `commands/`, imported only when that command is typed.

`authsome --help` and ordinary commands must feel instant, so nothing here imports the server's parts, an HTTP
library or a table drawer at module level; `serve.py`, the process behind `authsome up`, is the exception.

Commands ask the server; they hold no rules. What is printed on standard output is data, what happened goes
to standard error, and exit codes come from one total map (`exit_codes.py`).

To add one: a module under `commands/`, a line in `commands/__init__.py`, and a test that types it.
"""
