"""Every instalment due, every payment, every cent between accounts."""
