"""The night and other background work."""
