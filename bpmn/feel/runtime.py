"""What one evaluation carries: the meter, the instant, the zone, warnings, and the chain of scopes."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from bpmn.feel.budget import Meter
from bpmn.feel.intake import to_feel
from bpmn.feel.temporal import DateTime
from bpmn.feel.values import Value
from bpmn.feel.zones import from_datetime

_MAX_WARNINGS = 50
MISSING = object()


class Runtime:
    """One per evaluation; never shared."""

    __slots__ = ("functions", "meter", "moment", "trace", "warnings", "zone")

    def __init__(self, meter: Meter, now: datetime, zone: tzinfo, functions: Mapping[str, Value]) -> None:
        self.meter = meter
        self.moment = now
        self.zone = zone
        self.functions = functions
        self.warnings: list[str] = []
        self.trace: list[int] = []  # numbers of the decision table rules that decided, for the DMN engine

    def warn(self, message: str) -> None:
        if len(self.warnings) < _MAX_WARNINGS:
            self.warnings.append(message)

    def now(self) -> DateTime:
        """A naive `now` is a reading of the process zone."""
        moment = self.moment
        aware = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)
        return from_datetime(aware)


class Scope:
    """A link of the scope chain. The root's values come from outside and are converted when first read."""

    __slots__ = ("parent", "runtime", "values")

    def __init__(self, values: Mapping[str, Value], parent: "Scope | None", runtime: Runtime) -> None:
        self.values = values
        self.parent = parent
        self.runtime = runtime

    def find(self, name: str) -> Value:
        scope: Scope | None = self
        while scope is not None:
            value = scope.values.get(name, MISSING)
            if value is not MISSING:
                return value
            scope = scope.parent
        return MISSING


class RootValues(dict[str, Value]):
    """Converted values of the context, filled as they are read: a large variable that no one reads costs nothing."""

    __slots__ = ("meter", "source")

    def __init__(self, source: Mapping[str, object], meter: Meter) -> None:
        super().__init__()
        self.source = source
        self.meter = meter

    def get(self, name: str, default: Value = None) -> Value:
        if name in self:
            return self[name]
        if name in self.source:
            value = self[name] = to_feel(self.source[name], self.meter)
            return value
        return default
