"""Changes that keep a format's structure: chunks with right checksums, trees, archives, tables."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import onnx
from onnx import TensorProto, helper

from tests.fuzzing.byte_changes import BYTES, MAX_SIZE, NUMBERS, TEXTS, change_list
from tests.fuzzing.random_ink import packed_ink

_PNG = b"\x89PNG\r\n\x1a\n"
Chunk = tuple[bytes, bytes]


def _changed_bytes(rng: Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    return rng.choice(BYTES)(rng, data, others or [data])


def png_chunks(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Chunks changed, moved or added, their checksums right."""
    chunks = list(_png_chunks(data))
    if not chunks:
        return data
    at = rng.randrange(len(chunks))
    kind, body = chunks[at]
    match rng.randrange(5):
        case 0:
            change_list(rng, chunks)
        case 1:
            chunks[at] = kind, _changed_bytes(rng, body)
        case 2:
            side, other = rng.choice((0, 1, 3000, 65_535, 2**31 - 1, 2**32 - 1)), rng.randrange(64)
            bits, colour = rng.choice((1, 2, 4, 8, 16, 3)), rng.choice((0, 2, 3, 4, 6, 5))
            head = struct.pack(">IIBBBBB", side, other, bits, colour, 0, 0, rng.randrange(3))
            chunks[0] = b"IHDR", head
        case 3:
            with suppress(zlib.error):
                rows = zlib.decompress(body)
                chunks[at] = kind, zlib.compress(_changed_bytes(rng, rows))
        case _:
            chunks.insert(max(1, at), _odd_chunk(rng))
    return _PNG + b"".join(
        struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks
    )


def _odd_chunk(rng: Random) -> Chunk:
    bomb = zlib.compress(bytes(rng.choice((10, 5_000_000))))
    return rng.choice(
        (
            (b"iCCP", b"x\0\0" + bomb),
            (b"zTXt", b"key\0\0" + bomb),
            (b"iTXt", b"key\0\1\0\0\0" + bomb),
            (b"tEXt", b"key\0" + b"t" * rng.choice((5, 500_000))),
            (b"tRNS", rng.randbytes(rng.choice((0, 1, 2, 6, 300)))),
            (b"PLTE", rng.randbytes(rng.choice((0, 1, 3, 768, 900)))),
            (b"eXIf", rng.randbytes(40)),
            (b"gAMA", struct.pack(">I", rng.choice((0, 1, 2**32 - 1)))),
            (b"acTL", struct.pack(">II", rng.choice((0, 1, 2**31)), 0)),
            (rng.randbytes(4), b""),
        )
    )


def _png_chunks(data: bytes) -> list[Chunk]:
    found, at = list[Chunk](), len(_PNG)
    while data.startswith(_PNG) and at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def jpeg_segments(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Segments changed, repeated or moved, their lengths right; scans by the thousand."""
    parts, at = list[bytes](), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        stop = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        parts.append(data[at:stop])
        at = stop
    scans = data[at:]
    if not parts:
        return data
    match rng.randrange(4):
        case 0:
            change_list(rng, parts)
        case 1:
            own = rng.randrange(len(parts))
            body = _changed_bytes(rng, parts[own][4:])[:65_000]
            parts[own] = parts[own][:2] + (len(body) + 2).to_bytes(2, "big") + body
        case 2:
            exif = b"Exif\0\0" + rng.choice((b"II*\0", b"MM\0*")) + rng.randbytes(60)
            parts.insert(0, b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif)
        case _:
            end = scans.rfind(b"\xff\xd9")
            scans = scans[:end] * rng.choice((2, 40, 400)) + scans[end:]
    return data[:2] + b"".join(parts) + scans[:MAX_SIZE]


def riff_chunks(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Chunks of WebP changed, repeated or moved, their lengths right."""
    chunks, at = list[Chunk](), 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    if not chunks:
        return data
    if rng.random() < 0.5:
        change_list(rng, chunks)
    else:
        own = rng.randrange(len(chunks))
        chunks[own] = chunks[own][0], _changed_bytes(rng, chunks[own][1])
    body = b"".join(k + struct.pack("<I", len(b)) + b + bytes(len(b) % 2) for k, b in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def tiff_entries(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """An entry of the first directory with another tag, type, count or value."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
    if not order or len(data) < 8:
        return data
    (start,) = struct.unpack_from(order + "I", data, 4)
    if start + 2 > len(data):
        return data
    (count,) = struct.unpack_from(order + "H", data, start)
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = start + 2 + 12 * rng.randrange(max(1, count))
        if at + 12 > len(data):
            continue
        tag, kind, number, value = struct.unpack_from(order + "HHII", data, at)
        big = rng.choice((0, 1, 2, 8, 16, 65_535, 2**31, 2**32 - 1, start, len(data)))
        match rng.randrange(5):
            case 0:
                tag = rng.choice((256, 257, 258, 259, 262, 273, 277, 278, 279, 320, 322, 338, 530))
            case 1:
                kind = rng.randrange(20)
            case 2:
                number = big
            case 3:
                value = rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 32_773, 32_946, 34_712, 50_000, 50_001))
            case _:
                value = big
        struct.pack_into(order + "HHII", changed, at, tag, kind, number, value)
    if rng.random() < 0.1 and start + 6 + 12 * count <= len(data):
        struct.pack_into(order + "I", changed, start + 2 + 12 * count, start)  # refers to itself
    return bytes(changed)


def gzip_content(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The content changed and compressed anew, plain files compressed, or a bomb."""
    if rng.random() < 0.1:
        return gzip.compress(data + bytes(rng.choice((1000, 50_000_000))), 1, mtime=0)
    with suppress(OSError, EOFError, zlib.error):
        return gzip.compress(_changed_bytes(rng, gzip.decompress(data)), mtime=0)
    return gzip.compress(data, mtime=0) * rng.choice((1, 2))


def zip_members(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Members changed, renamed, doubled or left out, their checksums right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # damaged by a change before
        return data
    if not members:
        return data
    at = rng.randrange(len(members))
    name, body = members[at]
    match rng.randrange(5):
        case 0:
            change_list(rng, members)
        case 1:
            members[at] = rng.choice(("x.npy", "../y.npy", "x", name.upper(), "")), body
        case 2:
            members[at] = name, _changed_bytes(rng, body)
        case _:
            members[at] = name, _other_header(rng, body)
    stream = io.BytesIO()
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name), body, method)
    return stream.getvalue()


def _other_header(rng: Random, body: bytes) -> bytes:
    """An array with another claim about its type and shape."""
    kind = rng.choice(
        (
            "|u1",
            "<f8",
            "<f2",
            ">i4",
            "|O",
            "<U1",
            "<U9999",
            "|S0",
            "|b1",
            "<c8",
            "|V4",
            "<M8[s]",
            "[('a','<f4')]",
            "<i999",
            "<f16",
        )
    )
    shape = rng.choice(
        (
            "()",
            "(0,)",
            "(-1, 28, 28)",
            "(2, 28, 28)",
            "(9999999999, 28, 28)",
            "(2, 512, 512)",
            "(2,) * 9",
            "(1,) ",
            "(10, 784)",
            "(" + "1," * 70 + ")",
        )
    )
    dtype = kind if kind.startswith("[") else f"'{kind}'"
    order = rng.choice(("True", "False", "None"))
    header = f"{{'descr': {dtype}, 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    header += b" " * rng.choice((0, 30, 20_000)) + b"\n"
    payload = body[128:] * rng.choice((1, 1, 40))
    if rng.random() < 0.3:
        size = min(len(payload) // 8, 2000)
        payload = struct.pack(f"<{size}d", *([float(rng.choice(NUMBERS[:13]))] * size))
    return b"\x93NUMPY\x01\0" + struct.pack("<H", min(len(header), 65_535)) + header + payload


def json_tree(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A value replaced, doubled or left out, anywhere in the tree."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return data
    places = list(_places(tree))
    if not places:
        return json.dumps(_odd_value(rng, tree)).encode()
    holder, key = rng.choice(places)
    match rng.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder[key:key] = [holder[key]] * rng.choice((1, 30, 1000))
        case 2:
            other_holder, other_key = rng.choice(places)
            with suppress(KeyError, IndexError):
                holder[key] = json.loads(json.dumps(other_holder[other_key]))
        case _:
            holder[key] = _odd_value(rng, holder[key])
    return json.dumps(tree, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def journal_records(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The records of kept drawings in another order, or with other content, and right checksums."""
    records, at = list[tuple[bytes, bytes]](), 8
    while at + 13 <= len(data):
        kind, length = struct.unpack_from("<cI", data, at)
        records.append((kind, data[at + 13 : at + 13 + length]))
        at += 13 + length
    if not records:
        return data
    if rng.random() < 0.3:
        change_list(rng, records)
    else:
        index = rng.randrange(len(records))
        kind, payload = records[index]
        change = _changed_bytes if kind == b"I" or rng.random() < 0.3 else json_tree
        records[index] = kind, change(rng, payload, [payload])
    changed = [data[:8]]
    for kind, payload in records:
        head = struct.pack("<cII", kind, len(payload), zlib.crc32(payload))
        changed += [head, struct.pack("<I", zlib.crc32(head)), payload]
    return b"".join(changed)[:MAX_SIZE]


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found, waiting = list[tuple[Any, Any]](), [tree]
    while waiting and len(found) < 5000:
        node = waiting.pop()
        keys = (
            node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        )
        for key in keys:
            found.append((node, key))
            waiting.append(node[key])
    return found


def _odd_value(rng: Random, old: Any) -> Any:
    if isinstance(old, str) and len(old) > 20 and rng.random() < 0.7:
        with suppress(ValueError):
            inner = base64.b64decode(old, validate=True)
            new = packed_ink(rng) if inner.startswith(b"INK1") else inner
            new = new if rng.random() < 0.5 else _changed_bytes(rng, new)
            return base64.b64encode(new[:MAX_SIZE]).decode()
    deep: Any = 1
    for _ in range(rng.choice((3, 400))):
        deep = [deep] if rng.random() < 0.5 else {"a": deep}
    return rng.choice(
        (
            *(None, True, 0, -1, 1e308, float("nan"), float("inf"), 10**400, 2**63, 1e-320, 0.5),
            *(
                [],
                {},
                [[]],
                [None],
                {"a": None},
                rng.choice(TEXTS),
                rng.choice(TEXTS),
                "\ud800",
                deep,
            ),
            *(old * 2 if isinstance(old, str | list) else old, [old], {"0": old}, str(old)[:1000]),
        )
    )


def double_key(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The first key of the outermost object once more, with another value."""
    at = data.find(b"{")
    other = rng.choice((b"1", b"null", b"[]", b'"x"', b"{}", b"NaN"))
    key = data[at + 1 :].split(b":", 1)[0]
    return data if at < 0 else data[: at + 1] + key + b":" + other + b"," + data[at + 1 :]


def onnx_graph(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Operators, attributes, sizes, weights and metadata changed in the message itself."""
    try:
        model = onnx.load_from_string(data)
    except Exception:  # damaged by a change before
        return data
    graph = model.graph
    for _ in range(rng.choice((1, 1, 2, 4))):
        _change_graph(rng, model, graph)
    return bytes(model.SerializeToString())


def _change_graph(rng: Random, model: onnx.ModelProto, graph: onnx.GraphProto) -> None:
    node = rng.choice(graph.node) if graph.node else helper.make_node("Identity", ["x"], ["y"])
    match rng.randrange(12):
        case 0:
            node.op_type = rng.choice(
                (
                    "Loop",
                    "If",
                    "Scan",
                    "Expand",
                    "Tile",
                    "Range",
                    "ConstantOfShape",
                    "Softmax",
                    "Pad",
                    "Resize",
                    "NonZero",
                    "Gemm",
                    "Einsum",
                    "Nope",
                )
            )
        case 1 if node.attribute:
            one = rng.choice(node.attribute)
            for index in range(len(one.ints)):
                one.ints[index] = rng.choice((0, -1, 1, 3, 1000, 2**31, 2**62))
            one.i, one.f = rng.choice((0, -1, 99, 2**62)), rng.choice((float("nan"), 1e38, -1.0))
        case 2:
            graph.node.add().CopyFrom(node)
        case 3 if graph.node:
            del graph.node[rng.randrange(len(graph.node))]
        case 4 if node.input:
            names = [name for other in graph.node for name in (*other.input, *other.output)]
            node.input[rng.randrange(len(node.input))] = rng.choice((*names, "", "nowhere"))
        case 5 if graph.initializer:
            tensor = rng.choice(graph.initializer)
            tensor.data_type = rng.choice((1, 2, 3, 6, 7, 8, 9, 10, 11, 14, 16, 17, 20, 99))
        case 6 if graph.initializer:
            tensor = rng.choice(graph.initializer)
            tensor.dims[:] = [rng.choice((0, -1, 1, 784, 10**9, 2**62)) for _ in tensor.dims]
        case 7 if graph.initializer:
            tensor = rng.choice(graph.initializer)
            tensor.raw_data = _changed_bytes(rng, tensor.raw_data)
        case 8 if graph.initializer:
            tensor = rng.choice(graph.initializer)
            tensor.data_location = TensorProto.EXTERNAL
            entry = tensor.external_data.add()
            entry.key, entry.value = "location", rng.choice(("/etc/hostname", "x.bin", "../x"))
        case 9:
            shape = graph.input[0].type.tensor_type.shape if graph.input else None
            for dim in shape.dim if shape else ():
                dim.dim_value = rng.choice((0, -1, 1, 3, 28, 64, 513, 2**31, 2**62))
        case 10:
            prop = model.metadata_props.add()
            prop.key = rng.choice(
                ("labels", "temperature", "rejection_threshold", "name", "scores")
            )
            prop.value = rng.choice((*TEXTS, *NUMBERS, "[]", '["a"]', "{}", "[" * 2000))
        case _:
            model.ir_version = rng.choice((0, 3, 9, 99, 2**40))
            model.opset_import[0].version = rng.choice((0, 1, 9, 17, 21, 99, 2**40))


_VALUES = (
    *("NULL", "''", "0", "-1", "1e308", "9e999", "9223372036854775807", "x'00'", "x'ff'", "'=1+1'"),
    *(
        "CAST(x'ff80' AS TEXT)",
        "zeroblob(784)",
        "randomblob(784)",
        "zeroblob(2000000)",
        "x'494e4b31'",
    ),
    *("'2024'", "'taught'", "'page'", "'9'", "CAST(zeroblob(70) AS TEXT)", "0.5", "'a' || char(0)"),
)
_SAMPLE_COLUMNS = (
    *("label", "cell", "kind", "ink", "picture", "source", "origin", "model", "guess"),
    *("probability", "time", "deleted", "id"),
)


def sql_content(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Rows, columns, views and triggers changed by SQLite itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.db"
        path.write_bytes(data)
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for _ in range(rng.choice((1, 1, 3))):
                with suppress(sqlite3.Error):
                    connection.executescript(_statement(rng))
            connection.commit()
        return path.read_bytes()


def _statement(rng: Random) -> str:
    value, column = rng.choice(_VALUES), rng.choice(_SAMPLE_COLUMNS)
    who = rng.choice(("", "WHERE id = 1", "WHERE id = 2"))
    return rng.choice((
        *(f"UPDATE OR REPLACE samples SET {column} = {value} {who}",) * 8,
        f"UPDATE changed SET label = {value}; UPDATE changes SET action = {value}",
        f"UPDATE sqlite_sequence SET seq = {value}",
        "ALTER TABLE samples RENAME TO s; CREATE VIEW samples AS SELECT * FROM s",
        "CREATE TRIGGER t AFTER UPDATE ON samples BEGIN DELETE FROM samples; END",
        "CREATE TRIGGER t BEFORE INSERT ON samples BEGIN SELECT RAISE(ABORT, 'no'); END",
        f"ALTER TABLE samples DROP COLUMN {column}",
        f"ALTER TABLE samples RENAME COLUMN {column} TO other",
        "ALTER TABLE samples ADD COLUMN more TEXT",
        f"PRAGMA user_version = {rng.choice((0, 1, 2, 99, -1, 2147483647))}",
        f"PRAGMA application_id = {rng.choice((0, 1, -1))}",
        "DROP TABLE changes", "DELETE FROM samples", "CREATE TABLE more(a); DROP TABLE samples",
    ))  # fmt: skip
