"""Who works here: users, teams, roles."""
