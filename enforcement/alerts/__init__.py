"""Letters to whoever asked to be told of changes to a part of the register."""
