"""inspection: a case as it stood, written into one file that stands by itself."""
