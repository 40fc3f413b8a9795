"""desk: what a person does in one go across several actions, as one use case.

Actions (comms, plans …) never call each other; the desk stands above them and joins them in one
transaction. It keeps no tables and takes no decisions of its own.
"""
