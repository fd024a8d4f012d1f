#!/usr/bin/env python3
"""Runs clang-tidy over the sources that changed since it last had nothing to say about them.

usage: tools/check/tidy.py [SOURCE...]     without arguments all but tests

The flags are those of build/dev, less what only gcc understands. Version 19, because libstdc++ 12 in C++20 mode is beyond
what Debian's default of 14 can read. Most of the time goes into what Beast and CAF bring along, so the sources of a folder
are looked at in one go, as if they were one source; those that do not fit together (two functions of one name, say) are
looked at by themselves.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sources

TIDY = "clang-tidy-19"
OURS = r"/(core|config|persistence|actors|net|cluster|tests|tools)/[a-z_/]+\.[ch]pp$"
COMMANDS = sources.ROOT / "build/dev/compile_commands.json"
BATCHES = sources.ROOT / "build/check/tidy.batches"
FINDING = re.compile(r"^(\S.*?):\d+:\d+: (?:warning|error): ", re.MULTILINE)
MISFIT = re.compile(r"^(\S.*?):\d+:\d+: error: .*\[clang-diagnostic-error", re.MULTILINE)
BATCH_MAX = 30


def flags_of(command):
    """The macros, include paths and language of a gcc command line, without launcher, warnings and precompiled headers."""
    words, flags = iter(shlex.split(command)), []
    for word in words:
        if word in {"-isystem", "-iquote"}:
            flags += [word, next(words)]
        elif word.startswith(("-D", "-I", "-std=", "-isystem")):
            flags.append(word)
    return tuple(flags)


def compile_flags(paths):
    """The flags of every source of ours that is built."""
    flags = {}
    for entry in json.loads(COMMANDS.read_text()):
        path = Path(entry["file"]).resolve()
        if path.is_relative_to(sources.ROOT) and path.relative_to(sources.ROOT) in paths:
            flags[path.relative_to(sources.ROOT)] = flags_of(entry["command"])
    return flags


def batches(paths, flags):
    """Sources of one folder with the same flags stand together."""
    groups = {}
    for path in paths:
        groups.setdefault((path.parent, flags[path]), []).append(path)
    for group in groups.values():
        for start in range(0, len(group), BATCH_MAX):
            yield group[start:start + BATCH_MAX]


def ask(paths, flags):
    """What clang-tidy says about some sources, and our headers in them, taken as one."""
    batch = BATCHES / f"{'-'.join(paths[0].with_suffix('').parts)}.cpp"
    batch.write_text("".join(f'#include "{path}"\n' for path in paths))
    target = paths[0] if len(paths) == 1 else batch
    run = subprocess.run([TIDY, "--quiet", f"--config-file={sources.ROOT}/.clang-tidy", f"--header-filter={OURS}", target,
                          "--", f"-I{sources.ROOT}", *flags], capture_output=True, text=True, cwd=sources.ROOT)
    if FINDING.search(run.stdout):
        return run.stdout.replace(f"{sources.ROOT}/", "")
    if run.returncode != 0:
        sys.exit(f"{TIDY} ended with code {run.returncode} at {target}: {run.stderr.strip()}")
    return ""


def findings(paths, flags):
    """What clang-tidy says about each of the sources; they are parted where they do not fit together."""
    said = ask(paths, flags)
    if len(paths) == 1 or not MISFIT.search(said):
        return said
    named = {Path(name) for name in MISFIT.findall(said)}
    apart = [path for path in paths if path in named] or paths
    together = [path for path in paths if path not in apart]
    return (findings(together, flags) if together else "") + "".join(ask([path], flags) for path in apart)


def main(only):
    if not COMMANDS.exists():
        sys.exit(f"{COMMANDS.relative_to(sources.ROOT)} is missing: configure with `cmake --preset dev` first")
    tree = sources.IncludePaths(sources.ROOT, sources.cpp())
    flags = compile_flags(tree.paths)
    config = (sources.ROOT / ".clang-tidy").read_text()
    good = sources.KnownGood("tidy")
    digests = {path: tree.digest(path, TIDY, config, *words) for path, words in flags.items()}
    known = {path for path, digest in digests.items() if good.has(digest)}
    waiting = [path for path in sorted(set(digests) - known) if (str(path) in only if only else path.parts[0] != "tests")]
    BATCHES.mkdir(parents=True, exist_ok=True)

    printed = set()
    groups = list(batches(waiting, flags))
    try:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for group, said in zip(groups, threads.map(lambda group: findings(group, flags[group[0]]), groups)):
                blamed = {Path(name) for name in FINDING.findall(said)}
                for path in group:
                    if not blamed & set(tree.closure(path)):
                        good.add(digests[path])
                # A finding in a header comes again with every batch that includes it.
                for block in re.split(r"(?m)^(?=\S.*?:\d+:\d+: (?:warning|error): )", said):
                    if block.strip() and block not in printed:
                        printed.add(block)
                        print(block, end="", flush=True)
    finally:
        good.save()
    return bool(printed)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
