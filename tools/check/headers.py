#!/usr/bin/env python3
"""Compiles every header alone: what it needs it includes itself. Headers that did not change are not compiled again."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import sources

COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-DBOOST_ASIO_SEPARATE_COMPILATION",
         "-DBOOST_BEAST_SEPARATE_COMPILATION", "-DBOOST_ASIO_NO_DEPRECATED", "-I."]


def compile_alone(header, flags):
    """What the compiler says about a source that includes nothing but `header`, twice."""
    source = f'#include "{header}"\n' * 2
    run = subprocess.run([COMPILER, *flags, "-x", "c++", "-"], input=source, capture_output=True, text=True,
                         cwd=sources.ROOT)
    return "" if run.returncode == 0 else run.stderr


def main():
    paths = sources.cpp()
    tree = sources.IncludePaths(sources.ROOT, paths)
    public = sorted({str(path.parents[-3]) for path in tree.public.values()})
    flags = FLAGS + [f"-I{folder}" for folder in public]
    version = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=True).stdout
    good = sources.KnownGood("headers")

    digests = {path: tree.digest(path, version, *flags) for path in paths if path.suffix == ".hpp"}
    waiting = [path for path, digest in digests.items() if not good.has(digest)]
    found = False
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for path, said in zip(waiting, threads.map(lambda path: compile_alone(path, flags), waiting)):
            if said:
                found = True
                print(f"{path}: does not compile alone\n{said}")
            else:
                good.add(digests[path])
    good.save()
    return found


if __name__ == "__main__":
    sys.exit(main())
