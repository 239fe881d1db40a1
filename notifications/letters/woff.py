"""WOFF 1.0 to the sfnt inside it (W3C WOFF File Format 1.0, sections 3–5).

Typst reads TTF and OTF only, and the typeface is published for the web; WOFF is the same tables, each under zlib.
"""

from __future__ import annotations

import struct
import zlib

_HEADER = struct.Struct(">4s4sIHHI")
_HEADER_LENGTH = 44
_ENTRY = struct.Struct(">4sIIII")


def unpack_woff(data: bytes) -> bytes:
    """The TTF or OTF that ``data`` wraps. Raises ValueError when it is no WOFF 1.0 file."""
    if data[:4] != b"wOFF":
        raise ValueError("expected a WOFF 1.0 file")
    _, flavor, _, count, _, _ = _HEADER.unpack_from(data)
    largest_power = 1 << (count.bit_length() - 1)
    header = flavor + struct.pack(
        ">HHHH", count, largest_power * 16, largest_power.bit_length() - 1, (count - largest_power) * 16
    )
    directory, tables = [], []
    offset = 12 + 16 * count
    for index in range(count):
        tag, start, packed, length, checksum = _ENTRY.unpack_from(data, _HEADER_LENGTH + _ENTRY.size * index)
        table = data[start : start + packed]
        if packed < length:
            table = zlib.decompress(table)
        if len(table) != length:
            raise ValueError(f"table {tag!r} of the WOFF file has {len(table)} bytes, its directory says {length}")
        directory.append(struct.pack(">4sIII", tag, checksum, offset, length))
        tables.append(table + b"\0" * (-length % 4))
        offset += length + (-length % 4)
    return b"".join((header, *directory, *tables))
