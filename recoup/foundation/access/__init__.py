"""Who may do what: rights, the access of whoever acts, and the database's own rules."""
