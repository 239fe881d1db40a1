"""The FEEL error tree: FeelError > FeelSyntaxError, FeelBudgetExceeded, FeelAssertionFailed.

A semantic error inside an expression is no exception: by DMN 1.5, 10.3.2.1 the value is null and a warning says why."""


class FeelError(Exception):
    """The root of what this package raises."""


class FeelSyntaxError(FeelError):
    """The text is not an expression of the grammar (10.3.1.2), or uses what deployments refuse."""

    def __init__(self, text: str, line: int, column: int, message: str) -> None:
        super().__init__(f"FEEL line {line}, column {column}: {message}")
        self.text = text
        self.line = line
        self.column = column
        self.message = message

    def __reduce__(self) -> tuple[type, tuple[str, int, int, str]]:
        return FeelSyntaxError, (self.text, self.line, self.column, self.message)


class FeelBudgetExceeded(FeelError):
    """The evaluation used more than its budget allows; `limit` names which part of the budget."""

    def __init__(self, limit: str, allowed: int) -> None:
        super().__init__(f"The FEEL evaluation passed its limit of {allowed} {limit} and was stopped.")
        self.limit = limit
        self.allowed = allowed

    def __reduce__(self) -> tuple[type, tuple[str, int]]:
        return FeelBudgetExceeded, (self.limit, self.allowed)


class FeelAssertionFailed(FeelError):
    """The condition of Camunda's assert() is not true. `cause` may have been computed: see `told`."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"An assertion of the model failed{f': {cause}' if cause else '.'}")
        self.cause = cause

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return FeelAssertionFailed, (self.cause,)


def told(error: Exception, model: str) -> str:
    """The error for a record that others read. A cause that does not stand in the model as it is was computed from
    values of a case, which may say something of a person: it stays out.
    """
    if isinstance(error, FeelAssertionFailed) and error.cause not in model:
        return str(FeelAssertionFailed(""))
    return str(error)
