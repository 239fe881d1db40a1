"""What the shipped packs say."""

from datetime import date, time

import pytest

from cases.deadlines.compute import compute
from cases.deadlines.extension import Extension
from cases.deadlines.limit import Limit
from cases.deadlines.national import national_calendar
from cases.policy.errors import UnknownDeadline
from cases.policy.loader import available, load
from cases.policy.pack import PolicyPack
from tests.deadlines.deadline_builders import XINJIANG_DAYS, noon

PACKS = ("bozhou-2018", "eqianqi-2024", "erqi-2020", "national-1103", "nmg-2021", "nmg-2023")

# pack, channel, clock, limit ("-": the clock does not exist), source
CLOCKS = [
    ("nmg-2023", "CREDIT_NM", "screening", "2wd", "default"),
    ("nmg-2023", "CREDIT_NM", "referral", "3wd", "law"),
    ("nmg-2023", "CREDIT_NM", "verification", "5wd", "law"),
    ("nmg-2023", "CREDIT_NM", "handling", "-", "default"),
    ("nmg-2023", "CREDIT_NM", "rectification", "30d", "default"),
    ("nmg-2023", "H12345", "feedback", "2wd", "default"),
    ("nmg-2023", "H12345", "statement", "5wd", "default"),
    ("nmg-2023", "H12345", "report", "0d", "default"),
    ("nmg-2023", "H12345", "performance", "30d", "default"),
    ("nmg-2023", "H12345", "objection", "7wd", "default"),
    ("nmg-2023", "H12345", "measure_end", "3wd", "default"),
    ("nmg-2023", "H12345", "explanation", "-", "default"),
    ("nmg-2023", "H12345", "return", "1wd", "default"),
    ("nmg-2023", "SME", "screening", "-", "default"),
    ("nmg-2023", "SME", "referral", "10wd", "law"),
    ("nmg-2023", "SME", "verification", "-", "law"),
    ("nmg-2023", "SME", "handling", "30d", "law"),
    ("nmg-2023", "SME", "rectification", "30d", "default"),
    ("nmg-2023", "XF", "screening", "-", "law"),
    ("nmg-2023", "XF", "referral", "15d", "law"),
    ("nmg-2023", "XF", "return", "5wd", "law"),
    ("nmg-2023", "XF", "verification", "-", "law"),
    ("nmg-2023", "XF", "handling", "60d", "law"),
    ("nmg-2023", "MON", "screening", "-", "default"),
    ("nmg-2023", "MON", "referral", "0d", "default"),
    ("nmg-2023", "MON", "verification", "5wd", "law"),
    ("eqianqi-2024", "SME", "referral", "10wd", "law"),
    ("eqianqi-2024", "WINDOW", "verification", "5wd", "law"),
    ("bozhou-2018", "PROCUREMENT", "referral", "3wd", "default"),
    ("bozhou-2018", "PROCUREMENT", "verification", "5wd", "default"),
    ("bozhou-2018", "PROCUREMENT", "explanation", "5wd", "default"),
    ("erqi-2020", "MAYOR", "referral", "3wd", "default"),
    ("erqi-2020", "MAYOR", "explanation", "-", "default"),
]


def test_the_shipped_packs_all_load() -> None:
    assert available() == PACKS
    for name in PACKS:
        assert load(name).pack == name


@pytest.mark.parametrize(("pack", "channel", "clock", "limit", "source"), CLOCKS)
def test_a_clock_of_a_channel(pack: str, channel: str, clock: str, limit: str, source: str) -> None:
    loaded = load(pack)
    rule = loaded.rule(clock, channel)

    assert (str(rule.limit) if rule else "-") == limit
    assert loaded.clock(clock, channel).limit.source == source


def test_packs_inherit_from_the_pack_above_them() -> None:
    assert load("eqianqi-2024").lineage == ("eqianqi-2024", "nmg-2023", "nmg-2021", "base")
    assert load("bozhou-2018").lineage == ("bozhou-2018", "national-1103", "base")
    assert load("erqi-2020").lineage == ("erqi-2020", "national-1103", "base")


def test_the_column_is_referred_by_the_credit_lead_of_the_league_and_other_channels_by_themselves() -> None:
    column = load("nmg-2023").channel("CREDIT_NM").referrer.value

    assert (column.unit, column.level, column.top_unit) == ("credit_lead_dept", "LEAGUE", "region_drc")
    for pack, channel in (("nmg-2023", "H12345"), ("nmg-2023", "MQT"), ("eqianqi-2024", "SME"), ("erqi-2020", "MAYOR")):
        assert load(pack).channel(channel).referrer.value.unit == "accepting_dept"


def test_a_channel_not_listed_is_treated_as_one_of_the_others() -> None:
    pack = load("nmg-2023")

    assert pack.channel("NEW_APP") is pack.channel("OTHER")
    referral = pack.rule("referral", "NEW_APP")
    assert referral is not None
    assert referral.limit == Limit.parse("3wd")


def test_an_unknown_deadline_is_a_mistake_not_an_absent_clock() -> None:
    with pytest.raises(UnknownDeadline, match="verification"):
        load("nmg-2023").rule("verfication", "H12345")


def test_the_petition_referral_counts_from_receipt_and_the_others_from_acceptance() -> None:
    pack = load("nmg-2023")

    assert pack.clock("referral", "XF").starts_from.value == ("received",)
    assert pack.clock("referral", "H12345").starts_from.value == ("accepted",)
    assert pack.clock("handling", "SME").starts_from.value == ("delivered",)
    assert pack.clock("handling", "XF").starts_from.value == ("handling_accepted",)


def test_rectification_may_be_set_extended_once_and_not_outlast_the_handling() -> None:
    rule = load("nmg-2023").rule("rectification", "SME")

    assert rule is not None
    assert rule.settable == (Limit.parse("5d"), Limit.parse("90d"))
    assert rule.extension is not None
    assert (rule.extension.times, rule.extension.each) == (1, Limit.parse("30d"))
    assert rule.not_after == "handling"


def test_the_handling_of_an_sme_debt_is_extended_to_ninety_days_in_all() -> None:
    rule = load("eqianqi-2024").rule("handling", "SME")

    assert rule is not None
    result = compute(rule, noon("2026-06-16"), national_calendar(), extensions=[Extension(Limit.parse("60d"))])
    assert result.due == date(2026, 9, 14)


def test_handlers_are_reminded_before_and_superiors_told_after() -> None:
    rule = load("nmg-2023").rule("verification", "H12345")

    assert rule is not None
    assert [(rung.name, str(rung.offset)) for rung in rule.rungs] == [
        ("remind", "-1wd"),
        ("due", "0wd"),
        ("overdue_1", "1wd"),
        ("overdue_3", "3wd"),
        ("overdue_5", "5wd"),
        ("overdue_10", "10wd"),
        ("overdue_20", "20wd"),
        ("overdue_40", "40wd"),
    ]
    assert {rung.at for rung in rule.rungs} == {time(9)}


def test_xinjiang_reminds_when_its_offices_open_and_knows_its_own_days_off() -> None:
    pack = load("bozhou-2018")
    rule = pack.rule("verification", "PROCUREMENT")

    assert rule is not None
    assert rule.rungs[0].at == time(10)
    assert pack.overlay is not None
    assert set(pack.overlay.rows) == set(XINJIANG_DAYS)
    assert compute(rule, noon("2026-05-26"), pack.calendar()).due == date(2026, 6, 5)


def test_the_three_ladders_are_kept_apart() -> None:
    deadlines = load("nmg-2023").deadlines

    assert deadlines["verification"].ladder == "handler"
    assert deadlines["rectification"].ladder == "respondent"
    assert deadlines["performance"].ladder == "performance"
    assert deadlines["risk_watch"].ladder == "risk"


@pytest.mark.parametrize(
    ("pack", "party", "allowed"),
    [
        ("nmg-2023", "民营企业", True),
        ("nmg-2023", "个体工商户", True),
        ("nmg-2023", "国有企业", False),
        ("bozhou-2018", "国有企业", True),
        ("erqi-2020", "外资企业", True),
        ("erqi-2020", "自然人", False),
    ],
)
def test_who_may_complain(pack: str, party: str, allowed: bool) -> None:
    scope = load(pack).scope

    assert (scope.type_of(party) in scope.complainants.value) is allowed


def test_only_organs_and_institutions_are_complained_about() -> None:
    scope = load("nmg-2023").scope

    assert scope.type_of("机关") in scope.respondents.value
    assert scope.type_of("事业单位") in scope.respondents.value
    assert scope.type_of("国有企业") not in scope.respondents.value
    assert "STATE_ENTERPRISE" in scope.guidance


@pytest.mark.parametrize(
    ("pack", "platforms"),
    [
        ("nmg-2023", ("自治区社会信用信息平台",)),
        ("eqianqi-2024", ("全国信用信息共享平台",)),
        ("bozhou-2018", ("自治区信用信息共享平台", "信用中国（新疆）")),
        ("erqi-2020", ("信用中国（河南·郑州）",)),
    ],
)
def test_where_records_are_shared(pack: str, platforms: tuple[str, ...]) -> None:
    assert load(pack).sharing.shared_to.value == platforms


def test_daily_updates_are_due_before_16_and_18() -> None:
    sharing = load("nmg-2023").sharing

    assert (sharing.intake.send_at.value, sharing.intake.receipt_before.value) == (time(15, 45), time(16))
    assert (sharing.national.send_at.value, sharing.national.receipt_before.value) == (time(17, 45), time(18))
    assert sharing.intake.receipt_before.source == "law"


def test_erqi_reports_by_5_july_and_5_january() -> None:
    reports = load("erqi-2020").reports

    assert reports["half_year_report"].due_dates(2026) == (date(2026, 7, 5),)
    assert reports["annual_report"].due_dates(2026) == (date(2027, 1, 5),)


def test_quarterly_reports_are_due_on_the_tenth_of_the_month_after() -> None:
    assert load("nmg-2023").reports["quarterly_monitoring"].due_dates(2026) == (
        date(2026, 4, 10),
        date(2026, 7, 10),
        date(2026, 10, 10),
        date(2027, 1, 10),
    )


def test_the_toolbox_of_measures_names_its_targets() -> None:
    measures = load("nmg-2023").measures

    assert {"M1", "M2", "M3", "M4", "M5"} <= set(measures)
    assert measures["M1"].target.value == "league"
    assert {"S3-AWARD", "S3-CRITICISM"} <= set(load("erqi-2020").measures)
    assert load("bozhou-2018").measures["S1-OFFICIAL"].target.value == "official"


def test_the_triggers_of_escalation_are_parameters() -> None:
    triggers = load("nmg-2023").triggers

    assert set(triggers) == {"amount_10m", "repeat_12m", "g2_refusal", "unperformed_30d", "retaliation"}
    assert triggers["amount_10m"].limits.value == {"min_disputed_amount_cny": 10_000_000}


def test_a_determination_passes_the_legal_review_and_every_letter_ends_with_its_issue() -> None:
    letters = load("nmg-2023").letters

    assert letters["determination"].steps.value == ("draft", "review", "legal_review", "issue")
    assert {letter.steps.value[-1] for letter in letters.values()} == {"issue"}


@pytest.mark.parametrize("name", PACKS)
def test_every_parameter_says_law_or_default_and_law_is_cited_by_a_known_document(name: str) -> None:
    pack: PolicyPack = load(name)
    parameters = list(pack.parameters())

    assert len(parameters) > 300
    for parameter in parameters:
        assert parameter.basis
        if parameter.source == "law":
            assert pack.cite(parameter.basis).startswith("《"), parameter.path


def test_a_silent_text_never_passes_for_law() -> None:
    by_path = {each.path: each for each in load("bozhou-2018").parameters()}

    assert by_path["deadlines.verification.limit"].source == "default"
    assert by_path["calendar_overlay"].source == "law"


def test_a_citation_reads_as_title_number_and_article() -> None:
    assert load("nmg-2023").cite("S2§3") == (
        "《内蒙古自治区关于完善政府诚信履约机制优化民营经济发展环境的实施方案》（内发改财金字〔2023〕1444号）第3条"
    )
    assert load("nmg-2023").cite("文件未规定") == "文件未规定"
