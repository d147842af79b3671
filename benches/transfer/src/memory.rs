//! How much memory this process has, as Linux counts it.

/// Forgets the peak so far, and gives what is resident now, in KiB.
pub(crate) fn start() -> Result<u64, String> {
    std::fs::write("/proc/self/clear_refs", "5").map_err(|error| error.to_string())?;
    field("VmRSS:")
}

/// The most that was resident since, in KiB.
pub(crate) fn peak() -> Result<u64, String> {
    field("VmHWM:")
}

fn field(name: &str) -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
    line.trim().trim_end_matches(" kB").parse().map_err(|_| format!("{name} {line}"))
}
