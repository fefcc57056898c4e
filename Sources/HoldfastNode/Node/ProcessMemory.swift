import CLinux

/// How this process asks the system for memory.
package enum ProcessMemory {
    /// Segments and shards come and go all the time, so what is freed is kept for the next; and there are many more threads
    /// than ever allocate at one time, each of which would otherwise keep memory of its own.
    package static func keepFreed() { linux_keep_freed_memory(48 << 20) }

    /// What a large piece of work leaves is of no use until the next.
    static func giveBack() { linux_give_back_memory() }
}
