"""Data associations: copies, assignments, transformations, stores, and what belongs to one task."""

import pytest

from bpmn.errors import DeploymentRefused
from bpmn.reader.read import read
from tests.bpmn.bpmn_models import flows, process, script, start, user
from tests.bpmn.player import Player

OBJECTS = (
    '<dataObject id="d1" name="price"/><dataObjectReference id="r1" dataObjectRef="d1"/>'
    '<dataObject id="d2"/><dataObjectReference id="r2" name="tax" dataObjectRef="d2"/>'
)
INPUT = (
    '<ioSpecification><dataInput id="in1" name="total"/>'
    "<inputSet><dataInputRefs>in1</dataInputRefs></inputSet></ioSpecification>"
)


def association(sources: str, target: str, inside: str = "", kind: str = "dataInputAssociation") -> str:
    named = "".join(f"<sourceRef>{source}</sourceRef>" for source in sources.split())
    return f"<{kind}>{named}<targetRef>{target}</targetRef>{inside}</{kind}>"


def made() -> str:
    return OBJECTS + start() + script("k", "10", "price") + script("l", "2", "tax")


def inputs(association_: str) -> object:
    body = made() + user("a", inside=INPUT + association_) + flows("s>k", "k>l", "l>a")
    return next(iter(Player(process(body)).tasks.values())).inputs


def test_an_association_copies_a_data_object_into_the_task() -> None:
    assert inputs(association("r1", "in1")) == {"total": 10}


def test_a_data_object_without_a_name_has_that_of_its_reference() -> None:
    assert inputs(association("r2", "in1")) == {"total": 2}


def test_a_transformation_makes_one_value_of_several_sources() -> None:
    assert inputs(association("r1 r2", "in1", "<transformation>=price + tax</transformation>")) == {"total": 12}


def test_assignments_come_after_the_transformation() -> None:
    inside = (
        "<transformation>={net: price}</transformation><assignment><from>=tax</from><to>total.tax</to></assignment>"
    )
    assert inputs(association("r1", "in1", inside)) == {"total": {"net": 10, "tax": 2}}


def test_several_sources_need_a_transformation() -> None:
    body = made() + user("a", inside=INPUT + association("r1 r2", "in1")) + flows("s>k", "k>l", "l>a")
    with pytest.raises(DeploymentRefused, match="data-association"):
        read(process(body), "x")


@pytest.mark.parametrize(("source", "target", "rule"), [("none", "in1", "dangling"), ("r1", "s", "wrong")])
def test_an_association_must_join_data(source: str, target: str, rule: str) -> None:
    body = made() + user("a", inside=INPUT + association(source, target)) + flows("s>k", "k>l", "l>a")
    with pytest.raises(DeploymentRefused, match=f"{rule}-reference"):
        read(process(body), "x")


def test_a_data_store_keeps_what_was_written_for_later_reading() -> None:
    store = '<dataStoreReference id="sr" name="ledger" dataStoreRef="st"/>'
    write = association("r1", "sr", kind="dataOutputAssociation")
    body = store + made().replace("</scriptTask><scriptTask", f"{write}</scriptTask><scriptTask")
    body += user("a", inside=INPUT + association("sr", "in1")) + flows("s>k", "k>l", "l>a")
    play = Player(process(body, '<dataStore id="st" name="Ledger"/>'))
    assert next(iter(play.tasks.values())).inputs == {"total": 10}
    assert play.variables["Ledger"] == 10


def test_a_property_of_a_task_belongs_to_it_alone() -> None:
    keep = association("p1", "r1", kind="dataOutputAssociation")
    body = OBJECTS + start() + user("a", inside='<property id="p1" name="draft"/>' + keep) + user("b")
    play = Player(process(body + flows("s>a", "a>b"))).do("a", draft=5)
    assert play.variables == {"price": 5, "tax": None}
