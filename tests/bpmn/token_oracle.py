"""An independent, slow, literal reading of §13.4 for gateways and tasks: tokens lie on flows, joins look at the whole.

Shares nothing with the engine: no reachability tables, no agenda, no scopes.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Net:
    """``nodes``: name -> start, end, task, exclusive, parallel or inclusive. ``flows``: (source, target, condition)."""

    nodes: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)

    def out(self, node: str) -> list[int]:
        return [index for index, flow in enumerate(self.flows) if flow[0] == node]

    def into(self, node: str) -> list[int]:
        return [index for index, flow in enumerate(self.flows) if flow[1] == node]


class Oracle:
    def __init__(self, net: Net, variables: dict[str, bool]) -> None:
        self.net, self.variables = net, dict(variables)
        self.on_flows: list[int] = [
            flow for node, kind in net.nodes.items() if kind == "start" for flow in net.out(node)
        ]
        self.at_tasks: list[str] = []
        self._settle()

    @property
    def done(self) -> bool:
        return not self.on_flows and not self.at_tasks

    def complete(self, task: str, variables: dict[str, bool]) -> None:
        self.at_tasks.remove(task)
        self.variables.update(variables)
        self.on_flows += self.net.out(task)
        self._settle()

    def _settle(self) -> None:
        while self._move() or self._inclusive():
            pass

    def _move(self) -> bool:
        for flow in self.on_flows:
            target = self.net.flows[flow][1]
            kind, arriving = self.net.nodes[target], self.net.into(target)
            if kind == "inclusive" and len(arriving) > 1:
                continue
            if kind == "parallel" and len(arriving) > 1:
                if not all(one in self.on_flows for one in arriving):
                    continue
                self._take(arriving)
            else:
                self._take([flow])
            self._leave(target)
            return True
        return False

    def _take(self, flows: list[int]) -> None:
        for flow in flows:
            self.on_flows.remove(flow)

    def _leave(self, node: str) -> None:
        kind = self.net.nodes[node]
        if kind == "task":
            self.at_tasks.append(node)
        elif kind == "exclusive":
            self.on_flows += self._true(node)[:1]
        elif kind == "inclusive":
            self.on_flows += self._true(node)
        elif kind != "end":
            self.on_flows += self.net.out(node)

    def _true(self, node: str) -> list[int]:
        """Conditions that hold; the default, which has none written, if no other holds."""
        outgoing = self.net.out(node)
        if len(outgoing) == 1:
            return outgoing
        chosen = [one for one in outgoing if self.net.flows[one][2] and self.variables.get(self.net.flows[one][2])]
        return chosen or [one for one in outgoing if not self.net.flows[one][2]]

    def _inclusive(self) -> bool:
        for gateway, kind in self.net.nodes.items():
            arriving = self.net.into(gateway)
            if kind != "inclusive" or len(arriving) < 2:
                continue
            filled = [one for one in arriving if one in self.on_flows]
            if filled and not any(self._holds_up(place, gateway, arriving) for place in self._places(gateway)):
                self._take(filled)
                self._leave(gateway)
                return True
        return False

    def _places(self, gateway: str) -> list[str]:
        """Where a token goes on from: its task, or the node that its flow leads to."""
        waiting = [self.net.flows[flow][1] for flow in self.on_flows if self.net.flows[flow][1] != gateway]
        return self.at_tasks + waiting

    def _holds_up(self, place: str, gateway: str, arriving: list[int]) -> bool:
        reached = [flow for flow in arriving if self._reaches(place, flow, gateway, [])]
        return any(one not in self.on_flows for one in reached) and not any(one in self.on_flows for one in reached)

    def _reaches(self, place: str, flow: int, avoiding: str, seen: list[str]) -> bool:
        if place == avoiding or place in seen:
            return False
        seen.append(place)
        return any(
            one == flow or self._reaches(self.net.flows[one][1], flow, avoiding, seen) for one in self.net.out(place)
        )
