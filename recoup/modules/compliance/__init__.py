"""The gate: may we do this, to this person, now?"""
