"""The staff desk, through its pages."""
