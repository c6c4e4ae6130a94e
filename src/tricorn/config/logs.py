"""What the log may say: where something went wrong, and never the secret of a private link."""

from __future__ import annotations

import logging
import re

PRIVATE = re.compile(r"(?<=/r/)[^/\s]+")


class WithoutPrivateLinks(logging.Filter):
    """Blots out what follows /r/ in an address: whoever reads the log could open the report."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = PRIVATE.sub("…", record.getMessage()), ()
        return True
