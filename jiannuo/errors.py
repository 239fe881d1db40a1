"""The errors of the composition root. Each message is whole: what was expected, what came, what to do.

JiannuoError
├── SettingsRefused           a JIANNUO_* setting cannot be read
├── MissingWheel              a package with a server's binaries is not there for this platform
└── EmbeddedServerError
    ├── DataFolderInUse       another instance works on the same data
    ├── DataFolderBroken      the data on disk is incomplete or of another version
    ├── DataFolderUnreachable the unprivileged user that must own the data cannot get to it
    └── ServerDidNotStart     the process ended before it was ready
"""


class JiannuoError(Exception):
    """An expected failure; the command line prints it as a sentence, without a traceback."""


class SettingsRefused(JiannuoError):
    pass


class MissingWheel(JiannuoError):
    pass


class EmbeddedServerError(JiannuoError):
    pass


class DataFolderInUse(EmbeddedServerError):
    pass


class DataFolderBroken(EmbeddedServerError):
    pass


class DataFolderUnreachable(EmbeddedServerError):
    pass


class ServerDidNotStart(EmbeddedServerError):
    pass
