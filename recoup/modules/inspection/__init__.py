"""inspection: one case as it stood on any day, with everything that bears on it, in one file."""
