"""The gate between notices and the public register."""
