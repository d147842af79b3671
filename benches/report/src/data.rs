//! The figures as the programs of this workspace leave them; any of them may be missing.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// As its users write it; what others are compared with.
pub(crate) const REQWEST: &str = "reqwest";
pub(crate) const HYPER: &str = "hyper connection";
pub(crate) const HYPER_UTIL: &str = "hyper-util";
pub(crate) const OVER_HYPER: &str = "pynector over hyper";
pub(crate) const OVER_REQWEST: &str = "pynector over reqwest";
/// Where the calls are declared in several traits.
pub(crate) const IN_TRAITS: &str = "pynector over reqwest, traits of 25";
/// Behind the name of a contestant that has policies and was told to use none.
pub(crate) const POLICIES_OFF: &str = ", policies off";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Results {
    pub(crate) machine: BTreeMap<String, Value>,
    pub(crate) versions: BTreeMap<String, String>,
    pub(crate) mode: Option<String>,
    pub(crate) calls: Vec<Call>,
    pub(crate) concurrency: Vec<Concurrency>,
    pub(crate) growth: Vec<Growth>,
    pub(crate) compile: Vec<Compile>,
    pub(crate) cold_build: Option<ColdBuild>,
}

/// What one call costs, of one workload by one contestant.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Call {
    pub(crate) workload: String,
    pub(crate) contestant: String,
    pub(crate) instructions: Option<f64>,
    pub(crate) allocations: Option<f64>,
    pub(crate) bytes: Option<f64>,
    pub(crate) cpu_us: Option<f64>,
    pub(crate) p50_us: Option<f64>,
    pub(crate) p99_us: Option<f64>,
    pub(crate) rss_kib: Option<f64>,
    pub(crate) file_kib: Option<f64>,
    pub(crate) cpu_vs_reqwest: Option<f64>,
    pub(crate) cpu_vs_hyper_util: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Concurrency {
    pub(crate) in_flight: u64,
    pub(crate) workers: u64,
    pub(crate) contestant: String,
    pub(crate) calls_per_cpu_second: Option<f64>,
    pub(crate) against: Option<String>,
    pub(crate) ratio: Option<f64>,
    pub(crate) rounds: Option<f64>,
}

/// What one call costs where there are `n` of something.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Growth {
    pub(crate) what: String,
    pub(crate) n: f64,
    pub(crate) contestant: String,
    pub(crate) instructions: Option<f64>,
    pub(crate) allocations: Option<f64>,
    pub(crate) cpu_us: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Compile {
    pub(crate) endpoints: u64,
    pub(crate) contestant: String,
    pub(crate) check_s: Option<f64>,
    pub(crate) touch_check_s: Option<f64>,
    pub(crate) release_s: Option<f64>,
    pub(crate) stripped_bytes: Option<f64>,
    pub(crate) check_vs_reqwest: Option<f64>,
    pub(crate) touch_vs_reqwest: Option<f64>,
    pub(crate) release_vs_reqwest: Option<f64>,
    pub(crate) size_vs_reqwest: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ColdBuild {
    pub(crate) pynector_s: Option<f64>,
    pub(crate) reqwest_s: Option<f64>,
    pub(crate) rounds: Option<f64>,
}

impl Results {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("the figures: {error}"))
    }

    /// The calls of a workload, the cheapest first; those that were not counted last.
    pub(crate) fn of(&self, workload: &str) -> Vec<&Call> {
        let mut calls: Vec<_> = self.calls.iter().filter(|call| call.workload == workload).collect();
        calls.sort_by(|one, other| cost(one).total_cmp(&cost(other)));
        calls
    }

    pub(crate) fn call(&self, workload: &str, contestant: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.workload == workload && call.contestant == contestant)
    }

    /// The same call without policies; of whoever has none it is the plain one.
    pub(crate) fn without_policies(&self, contestant: &str) -> Option<&Call> {
        self.call("get", &format!("{contestant}{POLICIES_OFF}")).or_else(|| self.call("get", contestant))
    }
}

impl Call {
    /// The memory that is nobody else's: of the peak of RSS what are no pages of files.
    pub(crate) fn own_kib(&self) -> Option<f64> {
        Some(self.rss_kib? - self.file_kib?)
    }
}

fn cost(call: &Call) -> f64 {
    call.instructions.or(call.cpu_us).unwrap_or(f64::INFINITY)
}

/// How often one stands in the other.
pub(crate) fn ratio(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    let other = other.filter(|other| *other > 0.0)?;
    Some(one? / other)
}
