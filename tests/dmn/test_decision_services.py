"""Decision services, called by expressions and from outside."""

from tests.dmn.models import decision, input_data, model, text, value

SERVICE = (
    input_data("i", type_="number"),
    decision("base", text("i * 10"), "i"),
    decision("top", text("base + i"), "base", "i"),
    '<decisionService id="s" name="s"><outputDecision href="#top"/><inputDecision href="#base"/>'
    '<inputData href="#i"/></decisionService>',
)


def test_a_service_takes_its_input_decisions_from_the_caller() -> None:
    source = model(
        *SERVICE, decision("caller", text("s(1, 5)"), "s"), decision("named", text("s(base: 5, i: 1)"), "s")
    )
    assert value(source, "s", {"i": 1, "base": 100}) == 101
    assert value(source, "caller") == 6
    assert value(source, "named") == 6
    assert value(source, "top", {"i": 1}) == 11


def test_an_argument_of_another_type_makes_the_call_null() -> None:
    source = model(
        '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        + text("n = null")
        + "</encapsulatedLogic></businessKnowledgeModel>",
        *SERVICE,
        decision("a", text('k("x")'), "k"),
        decision("b", text("k([1])"), "k"),
        decision("c", text('s("x", 5)'), "s"),
    )
    assert (value(source, "a"), value(source, "b"), value(source, "c")) == (None, False, None)


def test_a_service_of_several_decisions_gives_a_context() -> None:
    service = (
        '<decisionService id="s" name="s"><outputDecision href="#a"/><outputDecision href="#b"/></decisionService>'
    )
    assert value(model(decision("a", text("1")), decision("b", text("2")), service), "s") == {"a": 1, "b": 2}
