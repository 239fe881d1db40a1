"""Who may sign in to the sample region, for the terminal of whoever started it."""

from __future__ import annotations

from jiannuo.seeding.region import SamplePerson, read_region


def logins() -> str:
    """A few people who together can take a case from filing to repair, and what to try with them."""
    sample = read_region()
    lines = [f"  {_login(person)}  {_place(person)}" for person in sample.shown]
    return "\n".join(
        [
            f"样例人员 · sample logins (密码 password: {sample.password}; 全部 all: jiannuo seed --logins)",
            *lines,
            f"样例案件查询码 · access code of every sample case: {sample.access_code}",
            "试一试 · try: 以 12345 登录，打开待办中的“受理审查”并受理 · sign in as 12345, open 受理审查, accept it",
        ]
    )


def all_logins() -> str:
    sample = read_region()
    people = [person for unit in sample.units.values() for person in unit.people]
    return "\n".join(
        [*(f"{_login(person)}  {_place(person)}" for person in people), f"密码 password: {sample.password}"]
    )


def _login(person: SamplePerson) -> str:
    return f"{person.login:26}"


def _place(person: SamplePerson) -> str:
    return f"{read_region().units[person.unit].name} {person.post} {person.name}"
