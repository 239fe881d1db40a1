"""How tight the operators bind (DMN 1.5, 10.3.1.2): the later in the row, the tighter."""

OR, AND, COMPARE, ADD, MULTIPLY, POWER, UNARY = range(1, 8)
COMPARISONS = ("<=", ">=", "!=", "=", "<", ">")
ARITHMETIC = (("**", POWER), ("*", MULTIPLY), ("/", MULTIPLY), ("+", ADD), ("-", ADD))
