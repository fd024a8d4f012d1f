"""The rows of the table: what is measured, how, and what it should be."""

from dataclasses import dataclass
from typing import Callable, Optional

import raw_limit
from servers import NotPossible, load


@dataclass
class Figure:
    """One number of a row. `aim` is a bound: above it, or below it where less is better."""

    key: str
    unit: str
    aim: Optional[float] = None
    less_is_better: bool = False

    def is_met(self, value):
        if self.aim is None:
            return None
        return value <= self.aim if self.less_is_better else value >= self.aim

    def aim_text(self):
        if self.aim is None:
            return ""
        return f"{'<=' if self.less_is_better else '>='} {self.aim:,} {self.unit}".rstrip()


@dataclass
class Row:
    name: str
    title: str
    # "postgres", "sqlite", "either", or "database": no parleyd at all
    store: str
    figures: list
    measure: Callable


def milliseconds(microseconds):
    return microseconds / 1000


def chat(run, server, *words):
    database_before = run.postgres.cpu() if run.uses_postgres(server) else 0
    report = load(run.build, server, "chat", *words, "--seconds", run.seconds)
    messages = max(1, report["received"])
    found = {
        "messages": report["messagesPerSecond"],
        "p50": milliseconds(report["receivedUs"]["p50"]),
        "p99": milliseconds(report["receivedUs"]["p99"]),
        "parleydUs": report["server"]["usPerMessage"] if "server" in report else None,
        "clientUs": report["self"]["usPerMessage"],
    }
    if run.uses_postgres(server):
        found["databaseUs"] = (run.postgres.cpu() - database_before) * 1e6 / messages
    return found


# At the first message of all conversations nothing is remembered yet, and everybody starts at once.
WARM_UP_SECONDS = 2


def chat_closed(run, server):
    return chat(run, server, "--pairs", 200, "--window", 4, "--warm-up", WARM_UP_SECONDS)


def chat_open(run, server):
    return chat(run, server, "--pairs", 200, "--rate", 5_000, "--warm-up", WARM_UP_SECONDS)


def chat_sqlite(run, server):
    return chat(run, server, "--pairs", 50, "--window", 4, "--warm-up", WARM_UP_SECONDS)


def raw_inserts(run, _):
    small = raw_limit.measure(run.postgres, 64, run.seconds)
    large = raw_limit.measure(run.postgres, 256, run.seconds)
    return {"rows64": small["value"], "rows256": large["value"], "databaseUs": large["databaseUsPerRow"]}


def share_of_limit(run, _):
    """Of the same run: the machine is not equally fast all day."""
    messages, limit = run.value("chat-postgres", "messages"), run.value("raw", "rows256")
    if messages is None or limit is None:
        raise NotPossible("it needs the rows chat-postgres and raw of the same run")
    return {"share": messages / limit}


def group(run, server):
    report = load(run.build, server, "group", "--members", 1_000, "--senders", 10, "--window", 4,
                  "--seconds", run.seconds)
    return {"deliveries": report["deliveriesPerSecond"], "p50": milliseconds(report["receivedUs"]["p50"]),
            "p99": milliseconds(report["receivedUs"]["p99"]), "lastP99": milliseconds(report["lastMemberUs"]["p99"]),
            "parleydUs": report.get("serverUsPerDelivery")}


def history(run, server):
    report = load(run.build, server, "history", "--conversations", 200, "--messages", 100, "--connections", 20,
                  "--seconds", run.seconds)
    return {"requests": report["requestsPerSecond"], "p50": milliseconds(report["answerUs"]["p50"]),
            "p99": milliseconds(report["answerUs"]["p99"]), "parleydUs": report.get("serverUsPerRequest")}


# Whoever is left alone sleeps within ten seconds.
SLEEP_SECONDS = 15


def idle(run, server):
    report = load(run.build, server, "idle", "--connections", run.crowd, "--seconds", SLEEP_SECONDS,
                  "--connections-per-second", 2_000)
    if "residentPerSession" not in report:
        raise NotPossible("the memory of parleyd cannot be read in /proc")
    return {"resident": report["residentPerSession"], "anonymous": report["anonymousPerSession"],
            "kernel": report.get("slabPerSession", 0) + report.get("tcpPerSession", 0),
            "connects": report["connectsPerSecond"], "parleydUs": report.get("serverUsPerConnect")}


def reconnect(run, server):
    before = server.log_reads()
    report = load(run.build, server, "reconnect", "--connections", run.crowd, "--within", 10,
                  "--connections-per-second", 2_000)
    # Everybody came twice, and both times are in it: parleyload does not tell where the first ends.
    reads = (server.log_reads() - before) / run.crowd
    return {"ready": report["readyShare"] * 100, "resumed": report["resumedShare"] * 100,
            "p50": milliseconds(report["readyUs"]["p50"]), "p99": milliseconds(report["readyUs"]["p99"]),
            "connects": report["connectsPerSecond"], "reads": reads, "parleydUs": report.get("serverUsPerConnect")}


CHAT_COSTS = [Figure("parleydUs", "us parleyd a message"), Figure("databaseUs", "us PostgreSQL a message"),
              Figure("clientUs", "us parleyload a message")]

ROWS = [
    Row("raw", "raw limit: rows a second in batches of 256 (64), 2 connections", "database",
        [Figure("rows256", "rows/s"), Figure("rows64", "rows/s of 64"), Figure("databaseUs", "us PostgreSQL a row")],
        raw_inserts),
    Row("chat-postgres", "durable 1:1, PostgreSQL, 200 pairs x window 4", "postgres",
        [Figure("messages", "msgs/s", 20_000), Figure("p99", "ms p99", 60, True), Figure("p50", "ms p50"), *CHAT_COSTS],
        chat_closed),
    Row("share", "share of the raw limit", "none", [Figure("share", "", 0.4)], share_of_limit),
    Row("chat-5000", "the same at 5,000/s offered", "postgres",
        [Figure("p50", "ms p50", 3, True), Figure("p99", "ms p99", 15, True), Figure("messages", "msgs/s"),
         *CHAT_COSTS],
        chat_open),
    Row("group", "group of 1,000 online members", "either",
        [Figure("deliveries", "deliveries/s", 250_000), Figure("p50", "ms p50"), Figure("p99", "ms p99"),
         Figure("lastP99", "ms p99 to the last member"), Figure("parleydUs", "us parleyd a delivery")], group),
    Row("history", "history, last 50", "either",
        [Figure("requests", "req/s", 5_000), Figure("p50", "ms p50"), Figure("p99", "ms p99"),
         Figure("parleydUs", "us parleyd a request")], history),
    Row("chat-sqlite", "SQLite, 50 pairs x window 4", "sqlite",
        [Figure("messages", "msgs/s", 10_000), Figure("p50", "ms p50"), Figure("p99", "ms p99"), *CHAT_COSTS],
        chat_sqlite),
    Row("idle", "idle session, user memory of parleyd", "either",
        [Figure("resident", "bytes", 4_096, True), Figure("anonymous", "bytes of no file"),
         Figure("kernel", "bytes of the kernel, both ends"), Figure("connects", "connects/s"),
         Figure("parleydUs", "us parleyd a connect")], idle),
    Row("reconnect", "all clients reconnect within 10 s", "either",
        [Figure("ready", "% resumed or synced", 100), Figure("p99", "ms p99", 2_000, True),
         Figure("reads", "reads of the log each, both connects", 2, True), Figure("resumed", "% resumed"),
         Figure("p50", "ms p50"), Figure("connects", "connects/s"), Figure("parleydUs", "us parleyd a connect")],
        reconnect),
]
