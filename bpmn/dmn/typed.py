"""Values held to the types that a model declares (DMN 1.5, 10.3.2.9.4): what does not conform becomes null."""

from bpmn.dmn.model import Logic
from bpmn.feel.runtime import Runtime, Scope
from bpmn.feel.types import FeelType, coerce
from bpmn.feel.values import Value


def fit(value: Value, wanted: FeelType | None, what: str, runtime: Runtime) -> Value:
    if wanted is None:
        return value
    runtime.meter.measure(value)
    coerced, fits = coerce(value, wanted)
    if not fits:
        runtime.warn(f"{what} has not the type that is declared for it.")
    return coerced


def typed(logic: Logic, wanted: FeelType | None, what: str) -> Logic:
    if wanted is None:
        return logic
    return lambda scope: _fitted(logic, wanted, what, scope)


def _fitted(logic: Logic, wanted: FeelType, what: str, scope: Scope) -> Value:
    return fit(logic(scope), wanted, what, scope.runtime)
