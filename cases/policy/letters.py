"""Steps that a letter passes before it is issued."""

from typing import Literal

from cases.policy.parameter import Name, Parameter, Section

LetterStep = Literal["draft", "review", "legal_review", "issue"]


class Letter(Section):
    """`issued_by`: the role that signs. `legal_review` is 法制审核; the last step is always `issue`."""

    title: Name
    steps: Parameter[tuple[LetterStep, ...]]
    issued_by: Parameter[Name]
