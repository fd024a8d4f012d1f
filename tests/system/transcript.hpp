/// Runs a transcript: what several clients say and hear, line by line, against a server of its own.
///
/// | line | |
/// |---|---|
/// | `# words` | a comment; the first line is the name of the test |
/// | `! server KEY=VALUE ...` | settings; before anything else |
/// | `! introduce USER ...` | makes users exist |
/// | `! connect WHO` | opens a connection and leaves all that comes to the lines below |
/// | `! online WHO` | the same, but skips what comes up to and with `synced` |
/// | `! close WHO`, `! break WHO` | ends it with a close frame, or without a word |
/// | `! restart`, `! kill` | ends the server with SIGTERM or SIGKILL and starts it with the same data |
/// | `! nothing else` | no connected client has been sent anything that no line above has taken |
/// | `WHO -> TEXT` | the client sends the text, JSON or not |
/// | `WHO <- {...}` | the next frame that the client gets is like this (`pattern.hpp`) |
/// | `WHO <~ {...}` | the client gets such a frame; others may come before it, and stay |
/// | `WHO <- closed CODE` | the server ends the connection |
/// | `http -> METHOD TARGET BODY` | a request; `http <- STATUS {...}` is what must come back |
///
/// WHO is a user, `ann`, or a user and a device, `ann/phone`; `! connect` and `! online` take a query behind it.

#pragma once

#include <filesystem>

namespace parley::tests {

void run_transcript(const std::filesystem::path& file);

} // namespace parley::tests
