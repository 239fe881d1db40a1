"""The receiver's one page: what came, newest first."""

from __future__ import annotations

import json
from html import escape

from jiannuo.receiver.ledger import Ledger
from jiannuo.receiver.losses import Losses

SHOWN = 200
HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>参考接收端</title>
<style>body{font:16px/1.5 sans-serif;margin:2rem}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}pre{margin:0;white-space:pre-wrap}
</style><h1>参考接收端</h1>"""


def page(ledger: Ledger, losses: Losses) -> str:
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{escape(text)}</td>" for text in (m.receipt, m.received_at, m.platform, m.document["kind"]))
        + f"<td>{escape(m.subject)} · {m.sequence}</td>"
        + f"<td><pre>{escape(json.dumps(m.document['content'], ensure_ascii=False, indent=1))}</pre></td></tr>"
        for m in reversed(ledger.messages[-SHOWN:])
    )
    counts = f"<p>收到{len(ledger.messages)}条，重复{ledger.duplicates}次，断开连接{losses.lost}次。</p>"
    titles = "".join(f"<th scope='col'>{t}</th>" for t in ("回执", "收到时间", "平台", "类别", "事项和序号", "内容"))
    return f"{HEAD}{counts}<table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table></html>"
