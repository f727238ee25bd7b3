"""The desk's pages of retention."""
