"""The Regulations as dated data, and how they are cited."""
