"""Pages on people: the desk's, one's own sessions, and what the link of an invitation opens."""
