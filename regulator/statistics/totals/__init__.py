"""Totals of what counts, kept in step with the cases, and the public dashboard that reads nothing else."""
