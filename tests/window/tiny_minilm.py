"""An embedding model of a few kilobytes in MiniLM's place: the real onnxruntime loads and runs it.

Its graph takes a token's vector from a table of random numbers, letter by letter; written as the bytes of ONNX's
protobuf (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), for which no package is needed.
"""

import random
import struct
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

DIMENSION = 384
_INT64, _FLOAT = 7, 1
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,-"


def write_tiny_minilm(home: Path) -> None:
    """Puts the model where a user whose HOME is `home` has MiniLM."""
    folder = home / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx"
    folder.mkdir(parents=True)
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (folder / name).write_text("{}")
    pieces = ["[PAD]", "[UNK]", *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
    words = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "model.onnx").write_bytes(_model(len(pieces)))


def _model(rows: int) -> bytes:
    chance = random.Random(1)
    numbers = struct.pack(f"<{rows * DIMENSION}f", *(chance.gauss(0, 1) for _ in range(rows * DIMENSION)))
    table = _field(1, rows) + _field(1, DIMENSION) + _field(2, _FLOAT) + _field(8, b"table") + _field(9, numbers)
    node = _field(1, b"table") + _field(1, b"input_ids") + _field(2, b"tokens") + _field(4, b"Gather")
    graph = _field(1, node) + _field(2, b"tiny") + _field(5, table)
    for name in (b"input_ids", b"attention_mask", b"token_type_ids"):
        graph += _field(11, _value(name, _INT64, b"batch", b"length"))
    graph += _field(12, _value(b"tokens", _FLOAT, b"batch", b"length", DIMENSION))
    opset = _field(1, b"") + _field(2, 17)
    return _field(1, 8) + _field(7, graph) + _field(8, opset)


def _value(name: bytes, kind: int, *dimensions: bytes | int) -> bytes:
    shape = b"".join(_field(1, _field(1 if isinstance(d, int) else 2, d)) for d in dimensions)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def _field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    more = b""
    while value > 127:
        more += bytes([value & 127 | 128])
        value >>= 7
    return more + bytes([value])
