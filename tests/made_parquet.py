"""Make files of Parquet, and read them, in a process of its own: pyarrow starts threads, and what forks must have none."""

from __future__ import annotations

import base64
import datetime as dt
import io
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, Final

from aiguard.model import Document, Use
from aiguard.readers import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

JST: Final = dt.timezone(dt.timedelta(hours=9))


def written(columns: dict[str, Any], **options: Any) -> bytes:  # noqa: ANN401 - options of pyarrow
    """Return a file with columns: lists of Python, or (list, type as a function of pyarrow's module)."""
    import pyarrow as pa
    from pyarrow import parquet

    arrays = {
        name: pa.array(each[0], each[1](pa)) if isinstance(each, tuple) else pa.array(each)
        for name, each in columns.items()
    }
    file = io.BytesIO()
    parquet.write_table(pa.table(arrays), file, **options)
    return file.getvalue()


def every_kind() -> bytes:
    """Return a file that holds a value of each kind that Parquet has."""
    at = dt.datetime(1985, 4, 3, 10, 20, 30, tzinfo=JST)
    return written(
        {
            "氏名": ["山田花子", None],
            "番号": (["12", "12"], lambda pa: pa.dictionary(pa.int32(), pa.string())),
            "住所": [{"市": "流山市", "a/b": 1}, None],
            "やり取り": [[{"role": "user", "content": "要約して"}], []],
            "属性": ([[("電話", "04-7158-1111")], []], lambda pa: pa.map_(pa.string(), pa.string())),
            "バイト": ["山".encode(), b""],
            "額": [Decimal("1234567890.50"), None],
            "日": [dt.date(1985, 4, 3), None],
            "時": [dt.datetime(1985, 4, 3), dt.datetime(1985, 4, 3, 1, 2, 3)],  # noqa: DTZ001 - files hold such
            "時刻": ([at, None], lambda pa: pa.timestamp("us", "+09:00")),
            "ナノ": ([123456789, None], lambda pa: pa.timestamp("ns")),
            "数": [9012345678, -1],
            "小数": [1.0, 0.25],
            "真偽": [True, None],
        },
        row_group_size=1,
    )


def of_bytes() -> bytes:
    """Return a file with a picture, a date that no calendar has, and text that is no UTF-8."""
    import pyarrow as pa
    from pyarrow import parquet

    broken = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"\xff\xfea"))
    table = pa.table(
        {
            "画像": pa.array([b"\x89PNG\r\n\x1a\n\0", b"ok"]),
            "遠い日": pa.array([10**18, 0], pa.timestamp("us")),
            "文": broken,
            "備考": pa.array(["山田花子", "佐藤次郎"]),
        }
    )
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def described() -> bytes:
    """Return a file without rows that says something of itself and of a column."""
    import pyarrow as pa
    from pyarrow import parquet

    field = pa.field("氏名", pa.string(), metadata={"comment": "担当 山田花子"})
    schema = pa.schema([field], metadata={"作成": "佐藤次郎", b"x": b"\xff"})
    file = io.BytesIO()
    parquet.write_table(schema.empty_table(), file)
    return file.getvalue()


def encrypted(*, plaintext_footer: bool) -> bytes:
    """Return a file that takes a key (Parquet Modular Encryption)."""
    import pyarrow as pa
    from pyarrow import parquet
    from pyarrow.parquet import encryption

    class Kms(encryption.KmsClient):  # type: ignore[misc]
        def wrap_key(self, key: bytes, _name: str) -> bytes:
            return base64.b64encode(key)

        def unwrap_key(self, key: bytes, _name: str) -> bytes:
            return base64.b64decode(key)

    asked = encryption.EncryptionConfiguration("f", column_keys={"c": ["氏名"]}, plaintext_footer=plaintext_footer)
    properties = encryption.CryptoFactory(lambda _: Kms()).file_encryption_properties(
        encryption.KmsConnectionConfig(), asked
    )
    table = pa.table({"氏名": ["山田花子"]})
    file = io.BytesIO()
    with parquet.ParquetWriter(file, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    return file.getvalue()


def with_codec(number: int) -> bytes:
    """Return a file whose column says that it is compressed by a method: 3 is LZO (CompressionCodec of the format)."""
    data = written({"words": ["山田花子"] * 3}, compression="snappy", store_schema=False)
    said = b"\x19\x18\x05words\x15"
    assert data.count(said + b"\x02") == 1
    return data.replace(said + b"\x02", said + bytes((number * 2,)))


def spoilt(times: int) -> list[Document]:
    """Return what is read of a file of several row groups whose bytes change here and there, or end early."""
    random = Random(7)  # noqa: S311 - repeatable
    data = written({"a": [f"山田花子{at}" for at in range(60)], "b": [[at] for at in range(60)]}, row_group_size=20)
    documents = []
    for _ in range(times):
        damaged = bytearray(data)
        for _ in range(random.randint(1, 4)):
            damaged[random.randrange(4, len(data))] = random.randrange(256)
        end = random.choice((len(data), random.randrange(5, len(data))))
        documents.append(read(bytes(damaged[:end])))
    return documents


def read(data: bytes, name: str = "a.parquet") -> Document:
    """Read a file as the program does."""
    return read_bytes(data, name, Use.PROMPT)


def save(path: Path, columns: dict[str, Any], **options: Any) -> None:  # noqa: ANN401 - options of pyarrow
    """Write a file to the disk."""
    path.write_bytes(written(columns, **options))
