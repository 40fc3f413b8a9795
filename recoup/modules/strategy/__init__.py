"""Which treatment a case gets, and why."""
