//! What goes wrong at Discord when a test wants it to, and the rate limits that follow.

use std::time::Duration;

/// A mishap of one request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// An error with Discord's usual JSON, and no effect.
    Status(u16),
    /// An error of this status with Discord's own code for it, and no effect.
    Refused(u16, u32),
    /// 502 with a page of HTML, as from a proxy before Discord.
    BadGateway,
    /// 429; whatever comes before `after` is over is refused as well: on this route, or everywhere.
    Limited { after: Duration, global: bool },
    /// 307 to the same path on another port.
    RedirectTo(u16),
    /// The connection is reset and the request has no effect.
    ResetBefore,
    /// The request takes effect, and then the connection is reset.
    ResetAfter,
    /// The request takes effect; its answer is held back until it is released.
    Hold,
    /// The request takes effect; the answer is 200 and no JSON.
    NoJson,
}

/// What is set up to go wrong.
#[derive(Debug, Default)]
pub(super) struct Faults {
    armed: Vec<(&'static str, Fault)>,
    limits: Vec<Limit>,
}

#[derive(Debug)]
struct Limit {
    /// `None` for all routes.
    pattern: Option<&'static str>,
    until: Duration,
}

impl Faults {
    /// Lets the next request that fits `pattern` and has no fault yet go wrong.
    pub(super) fn arm(&mut self, pattern: &'static str, fault: Fault) {
        self.armed.push((pattern, fault));
    }

    /// The fault of a request such as `POST /channels/1/messages` that comes at `now`.
    pub(super) fn strike(&mut self, request: &str, now: Duration) -> Option<Fault> {
        if let Some(limit) = self.limits.iter().find(|limit| limit.holds(request, now)) {
            return Some(Fault::Limited { after: limit.until - now, global: limit.pattern.is_none() });
        }
        let number = self.armed.iter().position(|(pattern, _)| fits(pattern, request))?;
        let (pattern, fault) = self.armed.remove(number);
        if let Fault::Limited { after, global } = fault {
            self.limits.push(Limit { pattern: (!global).then_some(pattern), until: now + after });
        }
        Some(fault)
    }

    /// Routes whose faults never struck: a test that does not test what it says.
    pub(super) fn left(&self) -> Vec<&'static str> {
        self.armed.iter().map(|(pattern, _)| *pattern).collect()
    }
}

impl Limit {
    /// Interactions are free of the global limit.
    fn holds(&self, request: &str, now: Duration) -> bool {
        let here = match self.pattern {
            Some(pattern) => fits(pattern, request),
            None => !request.contains(" /interactions/") && !request.contains(" /webhooks/"),
        };
        here && now < self.until
    }
}

/// Whether a request is one of a pattern's, in which `*` stands for one part of the path.
pub(super) fn fits(pattern: &str, request: &str) -> bool {
    let (wanted, parts): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), request.split('/').collect());
    wanted.len() == parts.len() && wanted.iter().zip(parts).all(|(wanted, part)| *wanted == "*" || *wanted == part)
}
