"""The schema of the record, and its migrations. Knows SQL, and nothing of papers.

A released step never changes: a later version appends another. An empty file is version 0, so a new library takes the
same path as an old one. All missing steps run in one transaction, after a backup.
"""

import contextlib
import sqlite3
from pathlib import Path

from index.errors import LibraryError
from index.safety.permissions import private_file

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE papers (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        abstract TEXT NOT NULL,
        authors TEXT NOT NULL,          -- a JSON list
        author_count INTEGER,
        organization TEXT,
        published TEXT,
        posted TEXT,
        url TEXT,
        comments INTEGER,
        upvotes INTEGER,
        source TEXT NOT NULL,
        title_key TEXT NOT NULL,        -- the normalised title: what two copies of one title share
        change INTEGER NOT NULL         -- the change of the record that wrote this row last
    );
    CREATE INDEX papers_by_title ON papers (title_key);
    CREATE INDEX papers_by_change ON papers (change);
    CREATE TABLE aliases (old_id TEXT PRIMARY KEY, paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE)
        WITHOUT ROWID;
    CREATE TABLE sentences (
        paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (paper, number)
    ) WITHOUT ROWID;
    CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice: Chroma knows a chunk by it
        paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        text_hash TEXT NOT NULL,
        change INTEGER NOT NULL
    );
    CREATE INDEX chunks_by_paper ON chunks (paper);
    CREATE INDEX chunks_by_change ON chunks (change);
    CREATE INDEX chunks_by_text ON chunks (text_hash);
    CREATE TABLE vectors (                      -- one for each text and model: an edit pays for what it changed
        number INTEGER PRIMARY KEY,
        model TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        vector BLOB NOT NULL,                   -- little-endian float32, length 1
        UNIQUE (model, text_hash)
    );
    CREATE TABLE removed (kind TEXT NOT NULL, id TEXT NOT NULL, change INTEGER NOT NULL);
    INSERT INTO meta VALUES ('change', '0');
    """,
    """
    ALTER TABLE papers ADD COLUMN ids TEXT NOT NULL DEFAULT '[]';           -- a JSON list: the ids beside `id`
    ALTER TABLE papers ADD COLUMN keywords TEXT NOT NULL DEFAULT '[]';      -- a JSON list
    ALTER TABLE papers ADD COLUMN code_url TEXT;
    ALTER TABLE papers ADD COLUMN version INTEGER;
    ALTER TABLE papers ADD COLUMN posted_days TEXT NOT NULL DEFAULT '[]';   -- a JSON list: the days after `posted`
    CREATE TABLE posted (                       -- every day on which a paper stood; papers.posted is the first
        day TEXT NOT NULL,
        paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
        PRIMARY KEY (day, paper)
    ) WITHOUT ROWID;
    CREATE INDEX posted_by_paper ON posted (paper);
    CREATE INDEX papers_never_posted ON papers (published) WHERE posted IS NULL;
    CREATE INDEX aliases_by_paper ON aliases (paper);
    CREATE TABLE sources (                      -- the records that a paper was merged of, where they differ
        paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        record TEXT NOT NULL,                   -- the paper of the record, as JSON
        added TEXT NOT NULL,                    -- when, in UTC
        PRIMARY KEY (paper, source, id)
    ) WITHOUT ROWID;
    CREATE TABLE rejects (                      -- records that were not accepted, until they are mended
        number INTEGER PRIMARY KEY,
        place TEXT NOT NULL,
        reason TEXT NOT NULL,
        source TEXT NOT NULL,
        record TEXT,                            -- the record's own text, as far as it was kept
        added TEXT NOT NULL
    );
    INSERT INTO posted SELECT posted, number FROM papers WHERE posted IS NOT NULL;
    UPDATE papers SET ids = coalesce(
        (SELECT json_group_array(old_id) FROM aliases WHERE paper = papers.number), '[]');
    """,
    """
    ALTER TABLE papers ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';          -- a JSON list: people's own
    ALTER TABLE papers ADD COLUMN note TEXT;                                -- a person's own
    ALTER TABLE papers ADD COLUMN ai_summary TEXT;                          -- the one that Hugging Face shows
    CREATE INDEX papers_annotated ON papers (number) WHERE tags != '[]' OR note IS NOT NULL;
    """,
    """
    CREATE INDEX papers_by_day ON papers (coalesce(published, posted));
    CREATE INDEX papers_by_source ON papers (source);
    """,
)


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a record; 0 if it is empty."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection, file: Path) -> None:
    """Raises LibraryError for a record made by a later version of this program."""
    version = version_of(connection)
    if version > len(STEPS):
        raise LibraryError(
            f"{file} was made by a newer version of this program (schema {version}; this one knows {len(STEPS)}). "
            "Nothing was changed; update the program."
        )


def migrate(connection: sqlite3.Connection, file: Path, steps: tuple[str, ...] | None = None) -> None:
    """Brings a record to the newest schema, all or nothing. A record that is not empty is first copied to
    `<name>.before-<version>` beside it. Only for the holder of the writing lock. Raises sqlite3.Error if a step fails,
    with the record as it was."""
    steps = STEPS if steps is None else steps
    version = version_of(connection)
    if version >= len(steps):
        return
    if version:
        keep_copy(file, str(len(steps)))
    connection.execute("BEGIN IMMEDIATE")
    try:
        for script in steps[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def keep_copy(file: Path, before: str) -> None:
    """Copies a record to `<name>.before-<what>` beside it, replacing an earlier copy. For the holder of the lock."""
    copy = private_file(file.with_name(f"{file.name}.before-{before}"))
    with contextlib.closing(sqlite3.connect(file)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _statements(script: str) -> list[str]:
    """The single statements of a script; `executescript` would commit first."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
