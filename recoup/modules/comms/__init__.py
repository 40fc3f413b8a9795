"""Calls to people, and what they said."""
