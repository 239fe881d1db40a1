"""The files of the sample region are whole: everyone has a place, every place has its people, every story its roles."""

from datetime import datetime, timedelta

from cases import uscc, words
from cases.intake import SHANGHAI
from cases.policy.loader import load
from jiannuo.seeding.complaints import archived, compose, living, read_file
from jiannuo.seeding.region import read_region

PACK = "nmg-2023"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=SHANGHAI)
EVERYONE = 1_000
# Held by the complainant, and by whoever the credit record names.
WITHOUT_UNIT = {"complainant"}


def test_every_code_has_its_check_characters_and_names_a_region_outside_the_standard() -> None:
    sample = read_region()
    assert [unit.name for unit in sample.units.values() if uscc.problem(unit.uscc) or uscc.warning(unit.uscc)] == []
    assert {region.code[:3] for region in sample.regions} == {"159"}


def test_codes_and_logins_are_given_once() -> None:
    units = read_region().units.values()
    logins = [person.login for unit in units for person in unit.people]
    assert len({unit.uscc for unit in units}) == len(units)
    assert len(set(logins)) == len(logins)


def test_there_is_someone_in_every_role() -> None:
    held = {role for unit in read_region().units.values() for person in unit.people for role in person.roles}
    assert held == set(words.ROLES) - WITHOUT_UNIT


def test_every_channel_of_the_policy_that_samples_use_has_an_accepting_unit_with_people() -> None:
    units = read_region().units.values()
    for channel in {row.channel for row in (*living(EVERYONE), *archived())}:
        accepting = [unit for unit in units if f"accepting:{channel}" in unit.functions]
        assert accepting, channel
        assert all("accepting_dept" in unit.people[0].roles for unit in accepting)


def test_stories_use_acts_and_roles_that_have_names() -> None:
    for story in read_file()["stories"].values():
        for _, role, act, _ in story:
            assert role in words.ROLES
            assert act in words.ACTS


def test_a_story_is_told_in_order_on_working_days_and_stops_at_the_present() -> None:
    calendar = load(PACK).calendar()
    for row in (*living(EVERYONE), *archived()):
        case = compose(row, read_region(), PACK, calendar, NOW)
        instants = [case.filing.received_at, *(act.at for act in case.acts), NOW]
        assert instants == sorted(instants), row.key
        assert all(calendar.is_working(act.at.date()).working for act in case.acts), row.key


def test_a_merged_complaint_is_the_other_one_told_again() -> None:
    calendar, rows = load(PACK).calendar(), {row.key: row for row in living(EVERYONE)}
    merged = next(row for row in rows.values() if row.story == "merged")
    into = read_file()["stories"]["merged"][-1][3]["into"]
    again, first = (compose(r, read_region(), PACK, calendar, NOW).filing for r in (merged, rows[into]))
    assert again.complainant.uscc == first.complainant.uscc
    assert again.contract.contract_no == first.contract.contract_no
    assert again.respondent_uscc == first.respondent_uscc
    assert first.received_at < again.received_at - timedelta(days=1)
