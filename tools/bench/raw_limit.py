"""What PostgreSQL alone can take here: batches of rows, inserted by `unnest` into a table like the log, by pgbench."""

import re
import tempfile
import uuid
from pathlib import Path

TABLE = """
CREATE TABLE raw_log (
  conversation uuid NOT NULL, seq bigint NOT NULL, kind smallint NOT NULL, author text NOT NULL, client uuid,
  target bigint NOT NULL, at bigint NOT NULL, countable boolean NOT NULL, body bytea NOT NULL, print bytea NOT NULL,
  PRIMARY KEY (conversation, seq), UNIQUE (conversation, author, client)
) PARTITION BY HASH (conversation);
""" + "".join(f"CREATE TABLE raw_log_{i} PARTITION OF raw_log FOR VALUES WITH (MODULUS 16, REMAINDER {i});\n"
              for i in range(16))

CLIENTS = 2
SCRIPTS = 32


def script(rows, number):
    """Inserts `rows` rows, each into another of this script's conversations; no two transactions share a seq."""
    conversations = [uuid.uuid5(uuid.NAMESPACE_OID, f"{number}/{row}") for row in range(rows)]
    arrays = [
        "'{%s}'::uuid[]" % ",".join(map(str, conversations)),
        "'{%s}'::text[]" % ",".join(f"load-{row}a" for row in range(rows)),
        "'{%s}'::bytea[]" % ",".join([r"\"\\x" + "7b" * 200 + r"\""] * rows).replace(r'\"', '"'),
        "'{%s}'::bytea[]" % ",".join([r"\"\\x" + "0f" * 16 + r"\""] * rows).replace(r'\"', '"'),
    ]
    return f"""\\set n :n + 1
INSERT INTO raw_log
SELECT w.conversation, :n * {CLIENTS} + :client_id, 1, w.author, gen_random_uuid(), 0, 1790000000000, true, w.body,
  w.print
FROM unnest({", ".join(arrays)}) AS w (conversation, author, body, print);
"""


def measure(postgres, rows, seconds):
    """Rows a second, and the database's processor time for each."""
    database = "raw"
    postgres.new_database(database)
    connection = ["-h", postgres.folder, "-U", "parley"]
    postgres.call("psql", *connection, "-d", database, "-v", "ON_ERROR_STOP=1", "-qc", TABLE)
    with tempfile.TemporaryDirectory(dir=postgres.folder) as folder:
        Path(folder).chmod(0o755)
        files = []
        for number in range(SCRIPTS):
            file = Path(folder) / f"{number}.sql"
            file.write_text(script(rows, number))
            files += ["-f", file]
        before = postgres.cpu()
        out = postgres.call("pgbench", *connection, "-n", "-M", "prepared", "-D", "n=0", "-c", CLIENTS, "-j", CLIENTS,
                            "-T", seconds, *files, database)
        cpu = postgres.cpu() - before
    transactions = int(re.search(r"number of transactions actually processed: (\d+)", out)[1])
    rate = float(re.search(r"^tps = ([\d.]+)", out, re.M)[1])
    return {"value": rate * rows, "databaseUsPerRow": cpu * 1e6 / (transactions * rows)}
