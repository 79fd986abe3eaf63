class RunnerError(Exception):
    """Something the person at the terminal can mend; its text is one they can act on."""


class StopRequested(Exception):
    """Ctrl-C or SIGTERM came while something was being waited for."""
