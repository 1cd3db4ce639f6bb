"""The one error that is meant for a person: bad input, said in a line or two."""


class InputError(ValueError):
    """Something the user gave cannot be used.

    The message names the key or column, what was found and what was expected, and is shown
    as it is, without a traceback.
    """
