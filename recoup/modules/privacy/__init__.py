"""A person's rights over their data: kept no longer than needed, shown, explained, forgotten."""
