"""An employer's own figures: what it notified, why, how late, what is still to be done, and beside whom."""
