"""DMN 1.1 to 1.5: read once at deployment, evaluate often. Pure: time is given, nothing else is looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bpmn.dmn.bundle import namespaces as namespaces
from bpmn.dmn.bundle import read_bundle
from bpmn.dmn.errors import DmnError, DmnReadError, Problem, UnknownElement
from bpmn.dmn.external import fitted
from bpmn.dmn.model import DECISION, KNOWLEDGE, SERVICE, Definitions, Element
from bpmn.dmn.reader import read_definitions
from bpmn.dmn.session import Session
from bpmn.feel.api import DEFAULT, Budget, Builtin, FeelBudgetExceeded, finished
from bpmn.feel.budget import Meter
from bpmn.feel.invoke import invoke
from bpmn.feel.registry import as_function
from bpmn.feel.runtime import MISSING, RootValues, Runtime, Scope
from bpmn.feel.values import Function, Value


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """`matched_rules`: numbers from 1 of the rules that the hit policies took, in the order of evaluation."""

    value: Value
    warnings: tuple[str, ...] = ()
    matched_rules: tuple[int, ...] = ()


def read(
    source: bytes, name: str, imported: Sequence[Definitions] = (), *, lenient: bool = False
) -> Definitions:
    """`imported`: files read before that this one may import. Raises DmnReadError with every problem found; read
    leniently, an element with a problem gives null and the problems stand in the definitions."""
    return read_definitions(source, name, imported, lenient)


def read_together(files: Sequence[tuple[bytes, str]], *, lenient: bool = False) -> list[Definitions]:
    """Sources and names of files that import one another, in any order and also in circles. Raises DmnReadError."""
    return read_bundle(files, lenient)


def evaluate_decision(
    definitions: Definitions,
    decision: str,
    context: Mapping[str, object],
    now: datetime,
    zone: tzinfo,
    budget: Budget = DEFAULT,
    functions: Mapping[str, Builtin] | None = None,
    *,
    free_variables: bool = False,
) -> DecisionResult:
    """The decision by id or name; else the decision service, else the business knowledge model of that name, with its
    arguments taken from the context by name. With `free_variables` decisions may also name what they do not require:
    variables of the context, as business rule tasks give them. Raises UnknownElement, FeelBudgetExceeded."""
    found = definitions.find(decision, DECISION)
    if found is not None:
        file, element = found
        session, runtime = _session(definitions, context, now, zone, budget, functions, free_variables)
        return _result(runtime, lambda: session.decide(file, element))
    if definitions.find(decision, SERVICE) is None:
        known = definitions.find(decision, KNOWLEDGE)
        if known is not None:
            session, runtime = _session(definitions, context, now, zone, budget, functions)
            return _result(runtime, lambda: _known(session, *known))
    return decision_service(definitions, decision, context, now, zone, budget, functions)


def _known(session: Session, file: Definitions, element: Element) -> Value:
    """A business knowledge model called from outside, as the conformance tests of DMN do."""
    function = session.knowledge(file, element, ())
    if type(function) is not Function:
        return None
    arguments: list[Value] = []
    for name, type_ in element.parameters:
        value = session.inputs.find(name)
        arguments.append(None if value is MISSING else fitted(value, type_))
    return invoke(function, arguments, session.runtime)


def decision_service(
    definitions: Definitions,
    service: str,
    context: Mapping[str, object],
    now: datetime,
    zone: tzinfo,
    budget: Budget = DEFAULT,
    functions: Mapping[str, Builtin] | None = None,
) -> DecisionResult:
    """The service by id or name, its input decisions and input data taken from the context by name."""
    found = definitions.find(service, SERVICE)
    if found is None:
        raise UnknownElement(f"'{definitions.name}' has no decision or decision service '{service}'.")
    file, element = found
    session, runtime = _session(definitions, context, now, zone, budget, functions)
    return _result(runtime, lambda: session.run_service(file, element, _given(session, file, element)))


def _given(session: Session, definitions: Definitions, service: Element) -> dict[tuple[str, str], Value]:
    given: dict[tuple[str, str], Value] = {}
    for file, element in session.service_inputs(definitions, service):
        given[(file.namespace, element.id)] = session.input(file, element, ())
    return given


def _session(
    root: Definitions,
    context: Mapping[str, object],
    now: datetime,
    zone: tzinfo,
    budget: Budget,
    functions: Mapping[str, Builtin] | None,
    free: bool = False,
) -> tuple[Session, Runtime]:
    meter = Meter(budget)
    hosted = {name: as_function(builtin) for name, builtin in (functions or {}).items()}
    runtime = Runtime(meter, now, zone, hosted)
    names = {" ".join(name.split()): value for name, value in context.items()}
    return Session(runtime, Scope(RootValues(names, meter), None, runtime), root, free=free), runtime


def _result(runtime: Runtime, run: Callable[[], Value]) -> DecisionResult:
    try:
        value = finished(run(), runtime.meter)
    except RecursionError:
        # The counted depth is the deterministic limit; this is the net below it.
        raise FeelBudgetExceeded("levels of depth", runtime.meter.budget.depth) from None
    return DecisionResult(value, tuple(runtime.warnings), tuple(runtime.trace))


__all__ = [
    "DecisionResult",
    "Definitions",
    "DmnError",
    "DmnReadError",
    "Problem",
    "UnknownElement",
    "decision_service",
    "evaluate_decision",
    "read",
    "read_together",
]
