"""Lists taken out of the house: asked for with a reason, limited, approved, marked, expiring."""
