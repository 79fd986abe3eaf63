"""The last log lines of level ERROR, from all processes, masked as the log is."""

import json
import logging
from datetime import UTC, datetime

from aqad.lib import recent
from aqad.lib.web.context import current_place
from aqad.lib.web.masking import mask_text

KIND = "error lines"
LONGEST = 4000  # characters of a traceback: its end says most


class RecentErrors(logging.Handler):
    """Keeps what its formatter made a JSON line of. Must never raise, nor log: it is the log."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = json.loads(self.format(record))
            recent.keep(
                KIND,
                {
                    "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
                    "event": mask_text(str(line.get("event", "")))[:LONGEST],
                    "logger": record.name,
                    "place": current_place(),
                    "request_id": str(line.get("request_id", "")),
                    "exception": mask_text(str(line.get("exception", "")))[-LONGEST:],
                },
            )
        except Exception:  # noqa: BLE001 - the line stands in the log; this copy of it can be missed
            return
