//! The things that are measured.

/// One of them; its name is that of the result file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    Get,
    Post,
    InFlight,
    Download,
    Policies,
    ThreeAttempts,
    BuildGet,
    BuildPost,
    Decode,
}

impl Workload {
    pub(crate) const ALL: [Self; 9] = [
        Self::Get,
        Self::Post,
        Self::InFlight,
        Self::Download,
        Self::Policies,
        Self::ThreeAttempts,
        Self::BuildGet,
        Self::BuildPost,
        Self::Decode,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::InFlight => "in_flight_64",
            Self::Download => "download_256_mib",
            Self::Policies => "policies",
            Self::ThreeAttempts => "three_attempts",
            Self::BuildGet => "build_get",
            Self::BuildPost => "build_post",
            Self::Decode => "decode",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|workload| workload.name() == name);
        found.ok_or_else(|| format!("no workload {name}"))
    }

    /// Whether retries, and what else there is against failures, are on.
    pub(crate) const fn is_guarded(self) -> bool {
        matches!(self, Self::Policies | Self::ThreeAttempts)
    }

    /// How many calls are timed in a row.
    pub(crate) const fn calls(self, quick: bool) -> u64 {
        let calls = match self {
            Self::Download => return 1,
            // Whoever sleeps between its attempts takes two milliseconds for each.
            Self::ThreeAttempts => 200,
            Self::InFlight => 6400,
            Self::Get | Self::Post | Self::Policies => 2000,
            Self::BuildGet | Self::BuildPost | Self::Decode => 20_000,
        };
        if quick { calls / 2 } else { calls }
    }

    pub(crate) const fn rounds(self, quick: bool) -> usize {
        match (self, quick) {
            (Self::Download, true) => 3,
            (_, true) => 5,
            // Each has one call of a twentieth of a second, in which the kernel copies as fast as it just can.
            (Self::Download, false) => 63,
            (_, false) => 21,
        }
    }

    /// How many calls callgrind counts, and then twice as many; it counts no download, which the kernel copies.
    pub(crate) const fn counted(self, quick: bool) -> Option<u64> {
        match (self, quick) {
            (Self::Download, _) | (Self::InFlight, true) => None,
            (Self::InFlight, false) => Some(640),
            (_, true) => Some(50),
            (_, false) => Some(200),
        }
    }
}
