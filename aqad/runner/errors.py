class RunnerError(Exception):
    """Something the person at the terminal can mend; its text is one they can act on."""


class StopRequested(Exception):
    """Ctrl-C or SIGTERM came while something was being waited for."""


NOT_PREPARED = 78  # the exit code of a process that could not prepare what it serves
