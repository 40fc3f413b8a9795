"""The word «no»: what the business may refuse, as against what the programmer got wrong."""

from typing import ClassVar


class Refused(Exception):
    """An expected «no»: the code is for machines, the message for people.

    `message` is an English template with `%(name)s` placeholders, given by the class or by the
    raiser; `params` are the values. A door translates `no.message` and interpolates `no.params`;
    `str(no)` is the English sentence. Without params the message is taken as it stands, so that
    a lone per cent sign needs no doubling.
    """

    code: ClassVar[str] = "refused"
    message: str = "This is refused."
    params: dict[str, object]

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        if message is not None:
            self.message = message
        self.params = params
        super().__init__(self.message)

    def __str__(self) -> str:
        """The message in English, with its values filled in."""
        return self.message % self.params if self.params else self.message
