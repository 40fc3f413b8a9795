"""Backups: database and files as they stood in one moment, sealed; keys apart; proven by restoring.

`writing.make` writes one, `reading.read` opens it, `restoring.restore` brings it back into an empty
installation, `proving.prove` does so in a folder of its own and looks at everything.
"""
