"""The substitutions of `launch` that our launch files use."""


class LaunchConfiguration:
    """The value of a launch argument, known only when it is performed."""

    def __init__(self, variable_name: str) -> None:
        self.variable_name = variable_name

    def perform(self, context: dict[str, str]) -> str:
        return context[self.variable_name]
