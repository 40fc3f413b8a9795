"""The unit of work: opened, moved, held, cured; its one timeline."""
