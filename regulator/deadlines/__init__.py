"""Working-day calendar, deadlines, and which reminder falls due when."""
