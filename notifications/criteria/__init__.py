"""The SAUE criteria: dated reference data and pure functions over it, no Django below its edge."""
