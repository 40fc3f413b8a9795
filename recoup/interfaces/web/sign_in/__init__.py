"""The door itself: sign-in, second factor, single sign-on, one's sessions, services' keys."""
