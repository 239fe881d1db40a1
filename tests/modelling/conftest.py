"""The stage of the definitions' tests: stores, command line, a worker."""

from tests.definitions.conftest import command_line, shell

__all__ = ["command_line", "shell"]
