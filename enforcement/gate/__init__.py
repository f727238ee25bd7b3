"""The gate between notices and the public register: what an entry would say, and the second person's word."""
