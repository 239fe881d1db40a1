"""One process of a test's own, its versions, and the job that moves cases between them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bpmn.migration import match
from cases.definitions import deploy
from cases.model_changes.batch import begin
from cases.model_changes.plan import Plan, dump, parse
from cases.model_changes.preview import Previewed, preview
from cases.model_changes.progress import progress_of
from cases.reconcile import rebuild
from jiannuo.migration_job import MigrationJob
from tests.shell.shell import MODELS, PACK, Shell

THREE = (MODELS / "three.bpmn").read_text()
LATER = ("PT48H", "PT72H")
RENAMED = ('"second"', '"second_new"')
MEND_GONE = ('"mend"', '"mended"')
NOW = datetime.now(UTC)


class World:
    """One process of the test's own, its versions, and the job that moves cases between them."""

    def __init__(self, shell: Shell, process: str, folder: Path) -> None:
        self.shell, self.process, self.folder = shell, process, folder
        self.job = MigrationJob(shell.stores, shell.client)
        self.now = NOW

    async def deploy(self, *changes: tuple[str, str]) -> str:
        text = THREE.replace('process id="three"', f'process id="{self.process}"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = self.folder / f"{self.process}.bpmn"
        path.write_text(text)
        async with self.shell.stores.sessions.begin() as session:
            (done,) = await deploy(session, PACK, [path], NOW)
        return done.hash

    async def at(self, *path: str, each_step: bool = False) -> str:
        """A case that has completed these tasks."""
        case = await self.shell.begin(self.process, each_step=each_step)
        await self.shell.quiet(case)
        for element in path:
            await self.shell.complete(case, element)
        return case

    async def plan(self, old: str, new: str, **mapping: str) -> Plan:
        store = self.shell.stores.definitions
        async with self.shell.stores.sessions() as session:
            source, target = await store.graph(session, old), await store.graph(session, new)
        found = match(source, self.process, target, self.process)
        proposed = parse(dump(Plan(self.process, old, self.process, new, found.elements), found))
        return Plan(self.process, old, self.process, new, {**proposed.mapping, **mapping})

    async def begin(self, plan: Plan, only: str | None = None) -> int:
        async with self.shell.stores.sessions.begin() as session:
            return await begin(
                session, self.shell.stores.definitions, plan, PACK,
                only=only, rate=100, reason="模型修订", author="cli:li", now=NOW,
            )  # fmt: skip

    async def drain(self) -> None:
        # Past the rest between two tries of one case.
        while await self.job.once(self.now):
            self.now += timedelta(seconds=3)

    async def tried(self, plan: Plan) -> list[Previewed]:
        async with self.shell.stores.sessions() as session:
            return [one async for one in preview(session, self.shell.stores.definitions, plan, PACK, NOW)]

    async def states(self, change: int) -> Counter[str]:
        async with self.shell.stores.sessions() as session:
            return Counter((await progress_of(session, change)).counts)

    async def moves(self, case: str) -> int:
        return [name for name, _ in await self.shell.story(case)].count("InstanceMigrated")

    async def sound(self, *cases: str) -> None:
        for case in cases:
            async with self.shell.stores.sessions() as session:
                assert (await rebuild(session, self.shell.stores.definitions, case)).sound
