class RunnerError(Exception):
    """Something the person at the terminal can mend; its text is one they can act on."""


class StopRequested(Exception):  # noqa: N818 - a wish, not a fault
    """Ctrl-C or SIGTERM came while something was being waited for."""
