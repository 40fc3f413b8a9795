"""Template tags of the kit; `ui` is the one to load."""
