"""The one error that is meant for a person: bad input, said in a line or two."""


class InputError(ValueError):
    """Something the user gave cannot be used.

    The message names the key or column, what was found and what was expected, and is shown
    as it is, without a traceback.
    """


class OutOfTimeError(InputError):
    """A fit that took longer than `sampling.minutes` and was ended."""

    def __init__(self, minutes: float) -> None:
        super().__init__(
            f"sampling.minutes: the fit was ended after {minutes:g} minutes, expected draws by "
            "then; allow more, ask for fewer `draws` and less `warmup`, or take a simpler formula"
        )
