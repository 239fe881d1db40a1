"""The guard in place of the sandbox's: `bpmn` and `workflows` are passed through it, which switches its own off.

Ruff bans the imports (pyproject.toml); what follows needs the syntax tree.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARDED = [path for package in ("bpmn", "workflows") for path in sorted((ROOT / package).rglob("*.py"))]

BANNED_IMPORTS = {
    "asyncio.subprocess", "concurrent", "ctypes", "glob", "io", "locale", "multiprocessing", "os", "pathlib", "random",
    "secrets", "shutil", "socket", "subprocess", "tempfile", "threading", "time", "uuid",
}  # fmt: skip
# Builtins whose answer depends on the process, or that leave it. `hash` of a string differs with PYTHONHASHSEED.
BANNED_BUILTINS = {"breakpoint", "eval", "exec", "hash", "id", "input", "open", "print"}
CLOCKS = {"today", "utcnow", "now", "fromtimestamp"}
OWN_CLOCKS = {"workflow"}  # workflow.now() is replayed
SETS = {"set", "frozenset"}
# What takes a set and gives an answer that does not depend on its order.
ORDERLESS = {"sorted", "len", "min", "max", "sum", "any", "all", "set", "frozenset"}
# What takes a set and gives an answer in its order.
ORDERED = {"enumerate", "iter", "list", "map", "next", "tuple", "zip"}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTATORS = {
    "add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update",
}  # fmt: skip


def banned_imports(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if any(name in BANNED_IMPORTS or name.split(".")[0] in BANNED_IMPORTS for name in names):
            yield node


def banned_builtins(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED_BUILTINS:
            yield node


def clocks(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id in OWN_CLOCKS) and _is_clock_class(owner):
                yield node


def _is_clock_class(owner: ast.expr) -> bool:
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name in {"datetime", "date"}


def iterated_sets(tree: ast.Module) -> Iterator[ast.AST]:
    """`for` over a set, and lists, tuples and joins made of one: their order differs with PYTHONHASHSEED."""
    known = set(_names_of_sets(tree))
    orderless = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ORDERLESS
        for argument in node.args
    }
    for node in ast.walk(tree):
        if (isinstance(node, ast.For) and _is_set(node.iter, known)) or (
            isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.DictComp))
            and id(node) not in orderless
            and any(_is_set(part.iter, known) for part in node.generators)
        ) or (isinstance(node, ast.Call) and _keeps_order(node.func) and any(_is_set(arg, known) for arg in node.args)):
            yield node


def _keeps_order(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in {"join", "extend", "fromkeys"}
    return isinstance(function, ast.Name) and function.id in ORDERED


def _names_of_sets(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_set(node.value, set()):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and _annotates_set(node.annotation):
            yield from (
                target for target in [getattr(node.target, "id", None) or getattr(node.target, "attr", None)] if target
            )
        elif isinstance(node, ast.arg) and node.annotation is not None and _annotates_set(node.annotation):
            yield node.arg


def _annotates_set(annotation: ast.expr) -> bool:
    base = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return isinstance(base, ast.Name) and base.id in SETS | {"AbstractSet"}


def _is_set(node: ast.expr, known: set[str]) -> bool:
    if isinstance(node, (ast.Set, ast.SetComp)):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in SETS
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.Sub)) and (
            _is_set(node.left, known) or _is_set(node.right, known)
        )
    return (isinstance(node, ast.Name) and node.id in known) or (isinstance(node, ast.Attribute) and node.attr in known)


def mutated_module_state(tree: ast.Module) -> Iterator[ast.AST]:
    """A module-level container that a function changes: executions share it, and replay finds it changed."""
    containers = {
        target.id
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, MUTABLE)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for function in functions:
        local = {
            name.id for name in ast.walk(function) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Global) or _changes(node, containers - local):
                yield node


def _changes(node: ast.AST, containers: set[str]) -> bool:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
        return isinstance(node.value, ast.Name) and node.value.id in containers
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        return isinstance(node.func.value, ast.Name) and node.func.value.id in containers
    return False


RULES: dict[str, Callable[[ast.Module], Iterator[ast.AST]]] = {
    "imports what differs from run to run": banned_imports,
    "calls a builtin that differs from run to run": banned_builtins,
    "reads the clock": clocks,
    "depends on the order of a set": iterated_sets,
    "changes module-level state": mutated_module_state,
}

# file → rule → why it is right there. A register filled while modules are imported is complete before any execution.
JUSTIFIED: dict[tuple[str, str], str] = {
    ("bpmn/reader/children.py", "depends on the order of a set"): "tables to look up in, at deployment",
}


@pytest.mark.parametrize("rule", RULES)
def test_core_and_workflow_code_give_the_same_result_on_replay(rule: str) -> None:
    offences = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {rule}"
        for path in GUARDED
        for node in RULES[rule](ast.parse(path.read_text(), str(path)))
        if (str(path.relative_to(ROOT)), rule) not in JUSTIFIED
    ]
    assert offences == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (banned_imports, "from os import path"),
        (banned_imports, "import concurrent.futures"),
        (banned_builtins, "x = hash('a')"),
        (clocks, "from datetime import datetime\nx = datetime.now(tz)"),
        (clocks, "import datetime\nx = datetime.date.today()"),
        (iterated_sets, "for x in {1, 2}: pass"),
        (iterated_sets, "def f(names: frozenset[str]):\n return [n for n in names]"),
        (iterated_sets, "seen = set()\nx = ', '.join(seen)"),
        (iterated_sets, "class A:\n waiting: set[str]\n def f(self):\n  for w in self.waiting - {'a'}: pass"),
        (mutated_module_state, "CACHE = {}\ndef f(): CACHE['a'] = 1"),
        (mutated_module_state, "SEEN: list[int] = []\ndef f(): SEEN.append(1)"),
        (mutated_module_state, "def f():\n global x\n x = 1"),
    ],
)
def test_the_guard_sees(rule: Callable[[ast.Module], Iterator[ast.AST]], source: str) -> None:
    assert list(rule(ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (clocks, "from temporalio import workflow\nx = workflow.now()"),
        (iterated_sets, "def f(names: frozenset[str]):\n return sorted(n for n in names)"),
        (iterated_sets, "def f(names: set[str]):\n return 'a' in names and len(names)"),
        (mutated_module_state, "TABLE = {}\ndef f():\n TABLE = {}\n TABLE['a'] = 1"),
        (mutated_module_state, "TABLE = {'a': 1}\ndef f(): return TABLE['a']"),
    ],
)
def test_the_guard_lets_pass(rule: Callable[[ast.Module], Iterator[ast.AST]], source: str) -> None:
    assert not list(rule(ast.parse(source)))
