"""Learning: anonymised cases, written from closed notifications, approved by a second person, for anybody."""
