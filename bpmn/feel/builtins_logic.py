"""Boolean functions and is() (DMN 1.5, 10.3.4.2 and 10.3.4.10)."""

from bpmn.feel.signature import Builtin, signature
from bpmn.feel.values import Value


def _not(runtime: object, negand: Value) -> Value:
    return not negand if type(negand) is bool else None


LOGIC = (Builtin("not", (signature("negand: any", _not),)),)
