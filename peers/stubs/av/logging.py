"""A level that is the default of functions which nobody calls."""

WARNING = 24
