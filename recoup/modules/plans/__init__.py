"""Promises to pay: taken by people, decided by the money."""
