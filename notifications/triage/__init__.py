"""Which risk band a notification is suggested at triage, and why. What it reads is handed in."""
