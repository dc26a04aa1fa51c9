//! The week's gaps, posted once to a channel of the instructors.

use std::sync::Arc;
use std::time::Duration;

use serenity::all::ChannelId;
use serenity::http::{LightMethod, Route};

use super::courses::Course;
use super::office::{Office, Weekly};
use super::outgoing;
use super::rest::{Refusal, Rest};
use crate::error::Failure;
use crate::render::{Reply, escape, gaps_reply, headed, plain};
use crate::texts::Language;

/// How often it is looked whether it is time.
const LOOK: Duration = Duration::from_secs(600);

/// Posts the gaps of a course when it is time, as long as it is polled; without a channel there is nothing to do.
pub(super) async fn run(rest: Arc<Rest>, course: Arc<Course>, is_one_of_several: bool, language: Language) {
    let Some(channel) = course.gaps_channel.map(ChannelId::new) else { return };
    let head = match course.name.as_str() {
        name if !name.is_empty() && is_one_of_several => {
            language.of_course(&escape(name)) + language.gaps_of_the_week()
        }
        _ => language.gaps_of_the_week().to_owned(),
    };
    loop {
        if let Err(failure) = post(&rest, &course.office, channel, (head.as_str(), language)).await {
            tracing::error!(failure = %Language::En.failure(&failure).text, "the week's gaps could not be posted");
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn post(
    rest: &Rest,
    office: &Arc<Office>,
    channel: ChannelId,
    (head, language): (&str, Language),
) -> Result<(), Failure> {
    let due = match on_a_thread(office, |office| office.reports.weekly(&office.engine)).await {
        // Nothing was asked yet, or it is not logged.
        Ok(None) | Err(Failure::LogMissing(_)) => return Ok(()),
        due => due?,
    };
    let Some(Weekly { gaps, name, turn: _turn }) = due else { return Ok(()) };
    let reply = gaps_reply(&gaps, &|moment| office.reports.date(moment), language);
    // By its name as a nonce, a try that did arrive is not repeated.
    match send(rest, channel, &headed(&reply, head), &name).await {
        Ok(()) => tracing::info!(clusters = gaps.clusters.len(), "the week's gaps are posted"),
        // It would be refused again: not before next week.
        Err(reason @ Refusal::Status(..)) => {
            tracing::error!(%reason, "the week's gaps could not be posted: see discord.gaps_channel, and the bot's permissions there");
        }
        Err(reason) => {
            tracing::warn!(%reason, "the week's gaps could not be posted yet");
            return Ok(());
        }
    }
    on_a_thread(office, |office| office.reports.weekly_is_posted(&office.engine)).await
}

async fn send(rest: &Rest, channel: ChannelId, reply: &Reply, nonce: &str) -> Result<(), Refusal> {
    let mut sent = Ok(());
    for form in [reply.clone(), plain(reply)] {
        let body = outgoing::alone(&form, nonce);
        sent = rest.call(LightMethod::Post, Route::ChannelMessages { channel_id: channel }, &body, None).await;
        if !matches!(sent, Err(Refusal::Status(403, _))) {
            break;
        }
    }
    sent
}

async fn on_a_thread<T: Send + 'static>(
    office: &Arc<Office>,
    work: impl FnOnce(&Office) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let office = Arc::clone(office);
    let done = tokio::task::spawn_blocking(move || work(&office)).await;
    done.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string())))
}
