"""Learning: anonymised cases written from closed notifications, and the public library."""
