"""The desk's pages of checklists and notes."""
