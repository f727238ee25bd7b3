"""Why a file is not taken."""


class Unacceptable(ValueError):
    """A file that is not kept. ``str()`` says why, and what to send instead, in plain English."""
