"""The server's log: one JSON object per line, on standard error. No line holds a URL: links are secret."""

from __future__ import annotations

import json
import logging
import sys

from authsome.kit.clock import from_micros, rfc3339

_OWN = set(vars(logging.makeLogRecord({})))


class JsonLines(logging.Formatter):
    """Time, level, logger, message; what was given as `extra`; and the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": rfc3339(from_micros(int(record.created * 1_000_000))),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _OWN and key != "message"}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_to_stderr() -> None:
    """Set the process's logging up. Libraries that narrate are heard only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "httpx", "httpcore", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
