"""What a command says when it cannot do its work."""


class CannotRun(Exception):
    """The machine or the settings stand in the way; the message says what to do."""
