"""Which headers the build has shown to stand alone."""

import tempfile
import unittest
from pathlib import Path

import headers
import sources


class ShownByBuild(unittest.TestCase):
    def shown(self, header, files, precompiled=()):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            tree = sources.IncludePaths(root, [Path(name) for name in files])
            return headers.shown_by_build(Path(header), tree, set(precompiled))

    def test_a_source_that_begins_with_it(self):
        files = {"net/a.hpp": "", "net/a.cpp": '#include "net/a.hpp"\n#include <vector>\n'}
        self.assertTrue(self.shown("net/a.hpp", files))
        self.assertFalse(self.shown("net/a.hpp", files, ["net"]))

    def test_a_public_header(self):
        files = {"core/include/parley/a.hpp": "", "core/src/a.cpp": "#include <parley/a.hpp>\n"}
        self.assertTrue(self.shown("core/include/parley/a.hpp", files))

    def test_no_source_or_one_that_begins_with_something_else(self):
        self.assertFalse(self.shown("net/a.hpp", {"net/a.hpp": ""}))
        files = {"net/a.hpp": "", "net/a.cpp": '#include <vector>\n#include "net/a.hpp"\n'}
        self.assertFalse(self.shown("net/a.hpp", files))


if __name__ == "__main__":
    unittest.main()
