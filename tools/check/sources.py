"""The files of this repository, what they include, and which of them were fine already."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
# Not ours, or made by a tool. They count where git cannot be asked.
IGNORED = {".git", "build", "node_modules", "dist", "data", "__pycache__"}


def tracked(root=ROOT):
    """Paths below root, as git knows them or will once they are added; without git, all that are not ignored."""
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True)
    if listing.returncode == 0 and listing.stdout:
        paths = [Path(name) for name in listing.stdout.split("\0") if name]
    else:
        paths = [path.relative_to(root) for path in root.rglob("*")]
    return sorted(path for path in set(paths) if (root / path).is_file() and not IGNORED & set(path.parts))


def cpp(root=ROOT):
    return [path for path in tracked(root) if path.suffix in {".cpp", ".hpp"}]


def includes(text):
    """(line, '<' or '"', name) of every include."""
    return [(text.count("\n", 0, found.start()) + 1, found[1], found[2]) for found in INCLUDE.finditer(text)]


class IncludePaths:
    """Finds the file of this repository that an include names."""

    def __init__(self, root, paths):
        self.root = root
        self.paths = set(paths)
        self.public = {}
        for path in paths:
            if len(path.parts) > 3 and path.parts[1:3] == ("include", "parley"):
                self.public.setdefault(Path(*path.parts[2:]), path)

    def resolve(self, path, name):
        for candidate in (Path(name), path.parent / name):
            if candidate in self.paths:
                return candidate
        return self.public.get(Path(name))

    def closure(self, path):
        """`path` and everything of this repository that it includes, directly or not."""
        seen, waiting = set(), [path]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            for _, _, name in includes((self.root / current).read_text(encoding="utf-8")):
                found = self.resolve(current, name)
                if found:
                    waiting.append(found)
        return sorted(seen)

    def digest(self, path, *extra):
        """Changes when `path`, anything it includes, or one of `extra` changes."""
        total = hashlib.sha256("\0".join(extra).encode())
        for part in self.closure(path):
            total.update(str(part).encode() + b"\0" + (self.root / part).read_bytes())
        return total.hexdigest()


class KnownGood:
    """Digests of what a slow check found nothing wrong with, so that it need not look again."""

    def __init__(self, check):
        self.file = ROOT / "build" / "check" / check
        self.old = set(self.file.read_text().split()) if self.file.exists() else set()
        self.kept = set()

    def has(self, digest):
        if digest in self.old:
            self.kept.add(digest)
        return digest in self.old

    def add(self, digest):
        self.kept.add(digest)

    def save(self):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("\n".join(sorted(self.kept)) + "\n")


if __name__ == "__main__":
    # For shell scripts: prints the files that end in one of the arguments, or all.
    for file in tracked():
        if len(sys.argv) == 1 or file.suffix in sys.argv[1:]:
            print(file)
