"""The search over cases: words, what is found by them, and how the index follows the chain."""
