"""Whatever process opens the stores knows every table: a command that writes one row needs those it refers to."""

import subprocess
import sys

CHECK = """
import jiannuo.compose
from cases.tables.base import Base
for table in Base.metadata.tables.values():
    for key in table.foreign_keys:
        key.column
print(len(Base.metadata.tables))
"""


def test_a_process_that_opens_the_stores_knows_every_table() -> None:
    told = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) > 40
