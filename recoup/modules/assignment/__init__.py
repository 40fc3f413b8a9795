"""Who works which case today, in which order."""
