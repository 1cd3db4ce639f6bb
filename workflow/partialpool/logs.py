"""What a job says: progress on the console, everything in its log, errors without noise."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from partialpool.errors import InputError
from partialpool.lifetime import end_with_run


@contextmanager
def narrate(log_file: str, what: str) -> Iterator[logging.Logger]:
    """Log a job to its file and to the console, with how long it took.

    An `InputError` ends the job with its message alone, and so does Ctrl-C; any other error leaves
    its traceback in the log file and a line on the console. With the run that it is of, a job ends.
    """
    everything = _handler(
        logging.FileHandler(log_file, mode="w", encoding="utf-8"), "%(asctime)s %(message)s"
    )
    logging.basicConfig(level=logging.INFO, handlers=[everything], force=True)
    logger = logging.getLogger("partialpool")
    logger.handlers = [_handler(logging.StreamHandler(sys.stderr), f"{what}: %(message)s")]
    started = time.monotonic()
    end_with_run()
    try:
        yield logger
    except InputError as error:
        logger.error("%s", error)
        sys.exit(1)
    except KeyboardInterrupt:
        logger.error("interrupted")
        sys.exit(130)
    except Exception as error:
        logger.error("failed, %s: %s (see %s)", type(error).__name__, error, log_file)
        with Path(log_file).open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
        sys.exit(1)
    logger.info("done in %.1f s", time.monotonic() - started)


def _handler(handler: logging.Handler, pattern: str) -> logging.Handler:
    handler.setFormatter(logging.Formatter(pattern))
    return handler
