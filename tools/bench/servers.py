"""The servers of a benchmark: parleyd and a private PostgreSQL, each in a temporary folder, and what they use."""

import json
import os
import pwd
import re
import resource
import signal
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PATIENCE = 30
TICKS = os.sysconf("SC_CLK_TCK")

# What a benchmark needs: nobody is slowed down, groups are pushed to.
WITHOUT_LIMITS = {
    "limits.send_rate": 0, "limits.frame_rate": 0, "limits.history_rate": 0, "limits.create_rate": 0,
    "limits.connections_per_user": 100_000, "groups.push_limit": 1_000_000, "log.level": "warn",
}


class NotPossible(Exception):
    """Why a row cannot be measured here."""


def raise_file_limit():
    """Servers and load generators inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def stat_of(pid):
    """The fields of /proc/PID/stat behind the name, or nothing: it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def cpu_of_tree(pid):
    """Processor seconds of a process and its children, those included that have ended."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        fields = stat_of(entry.name)
        if not fields:
            continue
        if int(entry.name) == pid:
            total += sum(int(field) for field in fields[11:15])  # own and of children that were waited for
        elif int(fields[1]) == pid:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def end(process):
    """Asks it to end, and kills it when it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Parleyd:
    """A node on a port of its own. `with` starts and ends it."""

    def __init__(self, build, folder, settings):
        self.program = build / "tools" / "parleyd"
        self.folder = folder
        self.settings = WITHOUT_LIMITS | settings

    def __enter__(self):
        self.folder.mkdir(parents=True)
        data = self.folder / "data"
        log = open(self.folder / "log", "w")
        words = [str(self.program), "--data", str(data), "--listen", "127.0.0.1:0"]
        for key, value in self.settings.items():
            words += ["--set", f"{key}={value}"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        found = re.match(r"ready http=(\S+)", self.process.stdout.readline())
        if not found:
            end(self.process)
            lines = (self.folder / "log").read_text().strip().splitlines()
            raise NotPossible(f"parleyd does not start: {lines[-1] if lines else 'it says nothing'}")
        self.url = found[1]
        self.secret_file = data / "jwt.secret"
        self.token = (data / "admin.token").read_text().strip()
        return self

    def __exit__(self, *_):
        end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def figures(self):
        """The page at /metrics, by name and labels."""
        request = urllib.request.Request(f"{self.url}/metrics", headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    def log_reads(self):
        return sum(value for name, value in self.figures().items() if name.startswith("parley_log_reads_total"))


class Postgres:
    """A cluster of its own behind a Unix socket, with everything on that makes a commit durable."""

    SETTINGS = ["listen_addresses=", "shared_buffers=1GB", "max_wal_size=8GB", "min_wal_size=1GB", "wal_compression=lz4",
                "max_connections=50"]

    def __init__(self, folder):
        self.folder = folder
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    def __enter__(self):
        if not (POSTGRES / "initdb").exists():
            raise NotPossible("PostgreSQL 15 is not installed (tools/packages test)")
        self.folder.mkdir(parents=True)
        if self.user:
            shutil.chown(self.folder, self.user)
            for parent in self.folder.parents:
                if parent.stat().st_uid == 0 and parent.stat().st_mode & 0o005 != 0o005:
                    parent.chmod(parent.stat().st_mode | 0o011)
        data = self.folder / "data"
        self.call("initdb", "-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8", "--locale=C")
        words = [POSTGRES / "postgres", "-D", data, "-k", self.folder]
        for setting in self.SETTINGS:
            words += ["-c", setting]
        log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log, user=self.user,
                                        group=self.group(), extra_groups=self.extra_groups())
        log.close()
        until = time.monotonic() + PATIENCE
        while self.try_call("pg_isready", "-h", self.folder).returncode != 0:
            if time.monotonic() > until or self.process.poll() is not None:
                end(self.process)
                raise NotPossible(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-300:]}")
            time.sleep(0.05)
        self.make_segments()
        return self

    def make_segments(self):
        """A server that has run for a while writes into old segments of its log. A new one makes each when it is needed,
        16 MB of zeros on disk, and every commit waits for that; so these are made before anything is measured."""
        self.sql("SELECT txid_current(); SELECT pg_switch_wal();" * 60 + "CHECKPOINT")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # ends sessions as well
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def group(self):
        return pwd.getpwnam(self.user).pw_gid if self.user else None

    def extra_groups(self):
        return [] if self.user else None

    def try_call(self, program, *words):
        return subprocess.run([str(POSTGRES / program), *map(str, words)], capture_output=True, text=True,
                              user=self.user, group=self.group(), extra_groups=self.extra_groups(), cwd="/")

    def call(self, program, *words):
        done = self.try_call(program, *words)
        if done.returncode != 0:
            raise NotPossible(f"{program} fails: {done.stderr.strip()[-300:]}")
        return done.stdout

    def sql(self, text):
        return self.call("psql", "-h", self.folder, "-U", "parley", "-d", "postgres", "-v", "ON_ERROR_STOP=1",
                         "-qAtc", text)

    def new_database(self, name):
        """An empty database; its connection string."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.sql(f'CREATE DATABASE "{name}"')
        return f"postgresql:///{name}?host={self.folder}&user=parley"

    def has_tables(self, name):
        return self.call("psql", "-h", self.folder, "-U", "parley", "-d", name, "-qAtc",
                         "SELECT count(*) > 0 FROM pg_tables WHERE schemaname = 'public'").strip() == "t"

    def cpu(self):
        return cpu_of_tree(self.process.pid)


def load(build, server, mode, *words):
    """Runs `parleyload MODE` against `server`; its report. A report that says FAILED is no measurement."""
    command = [str(build / "tools" / "parleyload"), mode, "--json", "--url", server.url, "--secret-file",
               str(server.secret_file), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if done.returncode == 1:
        raise NotPossible(done.stderr.strip())
    report = json.loads(done.stdout)
    if done.returncode != 0:
        wrong = {name: value for name, value in report.items() if value and name in (
            "lost", "unanswered", "doubled", "duplicates", "holes", "outOfOrder", "wrong", "troubles", "failures")}
        raise NotPossible(f"the check of parleyload {mode} found {wrong or 'that it did not end well'}")
    return report
