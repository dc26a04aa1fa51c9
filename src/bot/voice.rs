//! Where the bot may speak, and how: what Discord refuses for want of a permission goes out in the next best form, and the form
//! that a channel allows is remembered.
//!
//! | missing | what is done |
//! |---|---|
//! | Embed Links | the same as plain text |
//! | Read Message History | a message that is no reply |
//! | View Channel, Send Messages, Send Messages in Threads | one direct message to the asker; silence, if they take none |
//! | anything else that Discord names (the thread is locked) | the same, and it is tried again with the next answer |

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serenity::all::{ChannelId, Message};
use serenity::http::{LightMethod, Route};

use super::button::Seal;
use super::outgoing;
use super::rest::{Refusal, Rest};
use crate::query::Question;
use crate::render::{Reply, headed, plain};
use crate::texts::Language;

/// Discord's codes: no access to a channel, nothing left of a message without its boxes, a permission is missing, no reply
/// without a view of what was said.
const NO_ACCESS: u64 = 50001;
const NOTHING_LEFT: u64 = 50006;
const NO_PERMISSION: u64 = 50013;
const NO_HISTORY: u64 = 160_002;
/// Then it is tried again whether a channel allows more by now.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Channels that are remembered; of more the one longest known goes.
const CHANNELS_MAX: usize = 1000;

/// What the bot may not do in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lacks {
    boxes: bool,
    history: bool,
    voice: bool,
    /// Threads cannot be opened in it, or not be written in.
    threads: bool,
}

impl Lacks {
    /// The next best form after a refusal; `None` when the refusal is about something else.
    fn after(self, refusal: &Refusal, has_boxes: bool) -> Option<Self> {
        let Refusal::Status(_, code) = *refusal else { return None };
        match code {
            NO_HISTORY if !self.history => Some(Self { history: true, ..self }),
            NO_PERMISSION | NOTHING_LEFT if has_boxes && !self.boxes => Some(Self { boxes: true, ..self }),
            // Without boxes it is refused too, so that they were not what was wrong.
            NO_PERMISSION | NO_ACCESS => Some(Self { voice: true, threads: self.threads, ..Self::default() }),
            _ => None,
        }
    }
}

/// What is known of channels where something is missing.
#[derive(Debug, Default)]
pub(super) struct Voice {
    channels: Mutex<HashMap<u64, (Lacks, Instant)>>,
}

/// What is answered.
#[derive(Clone, Copy)]
pub(super) struct Said<'m> {
    pub(super) message: &'m Message,
    /// What it asks.
    pub(super) question: &'m str,
    /// The thread that was opened for it.
    pub(super) thread: Option<ChannelId>,
}

#[derive(Serialize)]
struct Recipient {
    recipient_id: String,
}

#[derive(Deserialize)]
struct Opened {
    id: ChannelId,
}

impl Voice {
    /// Posts an answer in the best form that the channel of its message allows, or in the thread that was opened for it.
    pub(super) async fn answer(
        &self,
        rest: &Rest,
        reply: &Reply,
        said: Said<'_>,
        seal: &Seal,
        language: Language,
    ) -> Result<(), Refusal> {
        let Said { message, question, thread } = said;
        // What is missing in a thread is missing in its channel.
        let (channel, place) = (thread.unwrap_or(message.channel_id), message.channel_id.get());
        let mut lacks = self.known(place);
        while !lacks.voice {
            let formed = if lacks.boxes { plain(reply) } else { reply.clone() };
            // The question stands above its thread, and is none of its messages. An answer that is no reply quotes it.
            let body = if lacks.history || thread.is_some() {
                outgoing::beside(&quoting(formed.clone(), question), message, seal)
            } else {
                outgoing::to_message(&formed, message, seal)
            };
            let sent = rest.call(LightMethod::Post, Route::ChannelMessages { channel_id: channel }, &body, None).await;
            let next = sent.as_ref().err().and_then(|refusal| lacks.after(refusal, !formed.embeds.is_empty()));
            let Some(next) = next else {
                match &sent {
                    Ok(()) => self.learn(place, lacks, language),
                    // For a reason that may be over soon: the thread is locked, or the channel full or gone.
                    Err(Refusal::Status(400..=404, code)) if *code > 0 => {
                        whisper(rest, reply, said, (seal, language)).await;
                    }
                    Err(_) => {}
                }
                return sent;
            };
            if next.voice && thread.is_some() {
                self.no_threads(place, language);
                let said = Said { thread: None, ..said };
                return Box::pin(self.answer(rest, reply, said, seal, language)).await;
            }
            lacks = next;
        }
        self.learn(place, lacks, language);
        whisper(rest, reply, said, (seal, language)).await;
        Ok(())
    }

    /// Whether threads may be opened in a channel, as far as is known.
    pub(super) fn may_open_threads(&self, channel: u64) -> bool {
        !self.known(channel).threads
    }

    /// Remembers that a thread was refused in a channel.
    pub(super) fn no_threads(&self, channel: u64, language: Language) {
        self.learn(channel, Lacks { threads: true, ..self.known(channel) }, language);
    }

    /// What was missing in a channel not long ago.
    fn known(&self, channel: u64) -> Lacks {
        let channels = self.channels();
        let known = channels.get(&channel).filter(|(_, since)| since.elapsed() < REMEMBERED);
        known.map(|(lacks, _)| *lacks).unwrap_or_default()
    }

    /// Remembers what is missing in a channel, and logs what was not missing before.
    fn learn(&self, channel: u64, lacks: Lacks, language: Language) {
        let mut channels = self.channels();
        let (before, since) = channels.get(&channel).copied().unwrap_or((Lacks::default(), Instant::now()));
        if lacks == Lacks::default() {
            channels.remove(&channel);
            return;
        }
        let is_known = lacks == before && since.elapsed() < REMEMBERED;
        if !is_known {
            channels.insert(channel, (lacks, Instant::now()));
        }
        if channels.len() > CHANNELS_MAX {
            let oldest = channels.iter().min_by_key(|(_, (_, since))| *since).map(|(channel, _)| *channel);
            oldest.and_then(|oldest| channels.remove(&oldest));
        }
        drop(channels);
        for (is_new, text) in [
            (lacks.boxes && !before.boxes, language.lacks_boxes()),
            (lacks.history && !before.history, language.lacks_history()),
            (lacks.voice && !before.voice, language.lacks_voice()),
            (lacks.threads && !before.threads, language.lacks_threads()),
        ] {
            if is_new {
                tracing::warn!(channel, "{text}");
            }
        }
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<u64, (Lacks, Instant)>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the author of a message alone, as far as they take direct messages.
async fn whisper(rest: &Rest, reply: &Reply, said: Said<'_>, (seal, language): (&Seal, Language)) {
    let Said { message, question, .. } = said;
    // In a direct message there are no permissions, and nothing to be done without.
    if message.guild_id.is_none() {
        return;
    }
    let reply = headed(reply, &language.not_allowed_there(message.channel_id.get()));
    let told = async {
        let recipient = Recipient { recipient_id: message.author.id.to_string() };
        let opened: Opened = rest.post(Route::UserMeDmChannels, &recipient).await?;
        let body = outgoing::beside(&quoting(reply, question), message, seal);
        rest.call(LightMethod::Post, Route::ChannelMessages { channel_id: opened.id }, &body, None).await
    };
    if let Err(reason) = told.await {
        tracing::info!(event = message.id.get(), %reason, "no direct message either");
    }
}

/// With the question above it, where the message does not lead to it. A notice says all by itself.
fn quoting(reply: Reply, question: &str) -> Reply {
    match Question::new(question) {
        Ok(question) if !reply.private => reply.quoting(question.text()),
        _ => reply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_leads_to_the_next_best_form_and_at_last_to_silence() {
        let refused = |code| Refusal::Status(403, code);
        let boxes = Lacks { boxes: true, ..Lacks::default() };
        let voice = Lacks { voice: true, ..Lacks::default() };
        let history = Lacks { history: true, ..Lacks::default() };
        assert_eq!(Lacks::default().after(&refused(NO_PERMISSION), true), Some(boxes));
        assert_eq!(boxes.after(&refused(NO_PERMISSION), false), Some(voice));
        assert_eq!(Lacks::default().after(&refused(NO_PERMISSION), false), Some(voice), "there were no boxes");
        assert_eq!(Lacks::default().after(&refused(NO_ACCESS), true), Some(voice));
        assert_eq!(boxes.after(&refused(NO_HISTORY), false), Some(Lacks { history: true, ..boxes }));
        assert_eq!(history.after(&refused(NO_HISTORY), true), None, "it was no reply any more");
        assert_eq!(Lacks::default().after(&Refusal::Status(403, 0), true), None);
        assert_eq!(Lacks::default().after(&Refusal::TooBusy, true), None);
    }

    #[test]
    fn channels_are_remembered_within_bounds_and_forgotten_when_all_is_well() {
        let voice = Voice::default();
        let lacks = Lacks { boxes: true, ..Lacks::default() };
        (0..2 * CHANNELS_MAX as u64).for_each(|channel| voice.learn(channel, lacks, Language::En));
        assert_eq!(voice.channels().len(), CHANNELS_MAX);
        let last = 2 * CHANNELS_MAX as u64 - 1;
        assert_eq!(voice.known(last), lacks);
        voice.learn(last, Lacks::default(), Language::En);
        assert_eq!(voice.known(last), Lacks::default());
    }
}
