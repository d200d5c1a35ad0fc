"""What goes wrong for a reason that the user can do something about."""

# Exit statuses of the command itself; those of a program come through unchanged.
TIMED_OUT = 124
NACRE_FAILED = 125
INTERRUPTED = 130
GUEST_DIED = 134


class UserError(Exception):
    """Ends the command with one line on stderr, after `details` (a compiler's output, say)."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details
