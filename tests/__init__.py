"""The portal's tests, in the order of its apps."""
