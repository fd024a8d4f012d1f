/// How jemalloc, with which parleyd is linked, is set up; `MALLOC_CONF` in the environment goes on top.
///
/// A node makes and forgets small objects by the million beside some that stay for days. Arenas by processor rather
/// than four for each leave fewer holes between them, and what is free for a second goes back to the system, also while
/// nothing happens (docs/decisions/0019).

extern "C" {

// NOLINTNEXTLINE(readability-identifier-naming): the name is jemalloc's.
const char* malloc_conf = "percpu_arena:percpu,background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
