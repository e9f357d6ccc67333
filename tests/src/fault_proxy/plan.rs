//! What is to go wrong, and what has.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::fault::Fault;
use super::http::Request;
use crate::simulation::random::Random;

/// Faults that strike by chance.
#[derive(Clone, Debug, Default)]
pub(super) struct Rates {
    /// Only requests whose path begins with this are struck.
    pub(super) under: String,
    /// How many in a thousand requests are struck by each.
    pub(super) permille: Vec<(u64, Fault)>,
}

/// A fault for certain requests, which goes before chance.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) fault: Fault,
    /// So many requests are struck by it yet.
    pub(super) times: u64,
}

/// Shared by all connections and by whoever gives orders.
#[derive(Debug)]
pub(super) struct Plan {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Debug)]
struct State {
    random: Random,
    rates: Rates,
    orders: Vec<Order>,
    delay_ms: RangeInclusive<u64>,
    requests: u64,
    held: u64,
    /// So many times everything held was let go.
    releases: u64,
    struck: BTreeMap<Fault, BTreeMap<String, u64>>,
}

impl Plan {
    /// Nothing goes wrong yet.
    pub(super) fn new(seed: u64) -> Self {
        let state = State {
            random: Random::new(seed),
            rates: Rates::default(),
            orders: Vec::new(),
            delay_ms: 20..=400,
            requests: 0,
            held: 0,
            releases: 0,
            struck: BTreeMap::new(),
        };
        Self {
            state: Mutex::new(state),
            released: Condvar::new(),
        }
    }

    /// A connection that panicked left nothing half done: each change below is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What strikes a request that has just come in.
    pub(super) fn next_fault(&self, request: &Request) -> Option<Fault> {
        let mut state = self.state();
        state.requests += 1;
        let ordered = state
            .orders
            .iter_mut()
            .find(|order| order.method == request.method && order.path == request.path());
        if let Some(order) = ordered {
            order.times -= 1;
            let fault = order.fault;
            state.orders.retain(|order| order.times > 0);
            return Some(fault);
        }
        if !request.path().starts_with(&state.rates.under) {
            return None;
        }
        let mut drawn = match state.rates.permille.as_slice() {
            [] => return None,
            _ => state.random.below(1000),
        };
        for (permille, fault) in &state.rates.permille {
            match drawn.checked_sub(*permille) {
                Some(left) => drawn = left,
                None => return Some(*fault),
            }
        }
        None
    }

    /// How long the request that was just drawn for it is delayed.
    pub(super) fn a_delay(&self) -> Duration {
        let mut state = self.state();
        let (least, most) = (*state.delay_ms.start(), *state.delay_ms.end());
        Duration::from_millis(least + state.random.below(most - least + 1))
    }

    /// Counts a fault that does strike.
    pub(super) fn strikes(&self, fault: Fault, request: &Request) {
        self.state().strikes(fault, request);
    }

    /// Counts a fault, and waits until everything held is let go.
    pub(super) fn hold(&self, fault: Fault, request: &Request) {
        let mut state = self.state();
        state.strikes(fault, request);
        state.held += 1;
        let before = state.releases;
        let mut state = self
            .released
            .wait_while(state, |state| state.releases == before)
            .unwrap_or_else(PoisonError::into_inner);
        state.held -= 1;
    }

    /// Puts other rates in the place of those that hold.
    pub(super) fn set_rates(&self, rates: Rates) {
        self.state().rates = rates;
    }

    /// Sets how long a delay is, in milliseconds.
    pub(super) fn set_delays(&self, delay_ms: RangeInclusive<u64>) {
        self.state().delay_ms = delay_ms;
    }

    /// Adds an order behind those that wait.
    pub(super) fn add_order(&self, order: Order) {
        self.state().orders.push(order);
    }

    /// Lets go of everything that is held.
    pub(super) fn release(&self) {
        self.state().releases += 1;
        self.released.notify_all();
    }

    /// From here on nothing goes wrong.
    pub(super) fn clear(&self) {
        let mut state = self.state();
        state.rates = Rates::default();
        state.orders.clear();
        drop(state);
        self.release();
    }

    /// What came in and what struck, as JSON.
    pub(super) fn report(&self) -> String {
        let state = self.state();
        let orders: u64 = state.orders.iter().map(|order| order.times).sum();
        let struck = object(
            &state.struck,
            |fault| fault.name().to_owned(),
            |counts| object(counts, Clone::clone, u64::to_string),
        );
        format!(
            r#"{{"requests":{},"orders":{orders},"held":{},"struck":{struck}}}"#,
            state.requests, state.held
        )
    }
}

impl State {
    fn strikes(&mut self, fault: Fault, request: &Request) {
        // Only what needs no escaping in JSON goes into a name.
        let plain =
            |character: char| character.is_ascii_alphanumeric() || "/._- ".contains(character);
        let asked = format!("{} {}", request.method, request.path());
        let asked = asked.replace(|character| !plain(character), "?");
        *self
            .struck
            .entry(fault)
            .or_default()
            .entry(asked)
            .or_default() += 1;
    }
}

/// A JSON object.
fn object<K, V>(
    map: &BTreeMap<K, V>,
    name: impl Fn(&K) -> String,
    value: impl Fn(&V) -> String,
) -> String {
    let mut json = String::from("{");
    for (key, entry) in map {
        let comma = if json.len() > 1 { "," } else { "" };
        let _ = write!(json, "{comma}\"{}\":{}", name(key), value(entry));
    }
    json.push('}');
    json
}
