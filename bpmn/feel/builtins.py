"""The tables of built-in functions, joined."""

from bpmn.feel.builtins_aggregates import AGGREGATES
from bpmn.feel.builtins_camunda import CAMUNDA
from bpmn.feel.builtins_contexts import CONTEXTS
from bpmn.feel.builtins_conversion import CONVERSIONS
from bpmn.feel.builtins_lists import LISTS
from bpmn.feel.builtins_logic import LOGIC
from bpmn.feel.builtins_numbers import NUMBERS
from bpmn.feel.builtins_patterns import PATTERNS
from bpmn.feel.builtins_ranges import RANGES
from bpmn.feel.builtins_strings import STRINGS
from bpmn.feel.builtins_temporal import TEMPORAL
from bpmn.feel.signature import Builtin

BUILTINS: tuple[Builtin, ...] = (
    *CONVERSIONS, *LOGIC, *STRINGS, *PATTERNS, *LISTS, *AGGREGATES, *NUMBERS, *TEMPORAL, *RANGES, *CONTEXTS,
    *CAMUNDA,
)
