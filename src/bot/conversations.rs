//! The conversations under way: what each member asked last in a channel, and what each answer was about, so that anybody can go
//! on from it by replying.

use std::time::Duration;

use super::desk::Asker;
use crate::query::{Conversation, Sessions};

/// How long an answer can be replied to as a follow-up.
const ANSWER_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What a question goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// What the asker asked there before.
    Own,
    /// The question with this id, whoever asked it: its answer was replied to. One that is not known any more is about nothing.
    Question(u64),
    /// Nothing: it is the message of the member with this id, looked up by another one.
    Nothing(u64),
}

/// How something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// To the bot: by its name, by a command, in a direct message.
    Addressed,
    /// To all who read a forum, by a new post.
    Posted,
    /// By a reply to the bot, which mentions it by itself.
    Replying,
    /// To people, where the bot listens to all.
    Overheard,
}

/// A question of whom, in which place, and what it goes on from.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// As typed.
    pub question: String,
    /// The name of the post that it opens, which stands in it and may be the whole question.
    pub title: Option<String>,
    /// Who asks, and where.
    pub asker: Asker,
    /// What it goes on from.
    pub follows: Follows,
    /// How it was said.
    pub tone: Tone,
    /// Whether all go on from the last answer there: in a thread that the bot opened for it.
    pub is_shared: bool,
}

impl Asked {
    /// What a command asks.
    pub(super) fn by_command(question: String, asker: Asker, follows: Follows) -> Self {
        Self { question, title: None, asker, follows, tone: Tone::Addressed, is_shared: false }
    }

    /// Whose words the question is.
    pub(super) fn author(&self) -> u64 {
        match self.follows {
            Follows::Nothing(author) => author,
            Follows::Own | Follows::Question(_) => self.asker.user,
        }
    }
}

/// All conversations; both kinds are bounded in time and number.
#[derive(Debug)]
pub(super) struct Conversations {
    own: Sessions<Asker>,
    /// By the id of the question: whose words it was, and how the conversation stood behind it.
    answered: Sessions<u64, (u64, Conversation)>,
    /// By thread of the bot's own: the id of the question that was answered there last.
    latest: Sessions<u64, u64>,
}

impl Default for Conversations {
    fn default() -> Self {
        Self {
            own: Sessions::default(),
            answered: Sessions::resting(ANSWER_KEPT),
            latest: Sessions::resting(ANSWER_KEPT),
        }
    }
}

impl Conversations {
    /// The conversation that a question goes on.
    pub(super) fn before(&self, asked: &Asked, now: Duration) -> Conversation {
        match asked.follows {
            Follows::Own => {
                let own = self.own.get(&asked.asker, now);
                let is_new = asked.is_shared && own == Conversation::default();
                if is_new { self.behind(self.latest.get(&asked.asker.channel, now), asked, now) } else { own }
            }
            Follows::Nothing(_) => Conversation::default(),
            Follows::Question(id) => self.behind(id, asked, now),
        }
    }

    /// The conversation as it stands behind the question with this id, for whoever goes on from it.
    fn behind(&self, id: u64, asked: &Asked, now: Duration) -> Conversation {
        let (author, conversation) = self.answered.get(&id, now);
        as_seen_by(asked.asker.user, author, conversation)
    }

    /// Forgets what a member asked.
    pub(super) fn forget(&mut self, user: u64) {
        self.own.retain(|asker, _| asker.user != user);
        self.answered.retain(|_, (author, _)| *author != user);
    }

    /// Remembers how a conversation stands behind the question with this id.
    pub(super) fn after(&mut self, asked: &Asked, id: u64, conversation: Conversation, now: Duration) {
        let author = asked.author();
        if asked.is_shared {
            self.latest.put(asked.asker.channel, id, now);
        }
        self.own.put(asked.asker, as_seen_by(asked.asker.user, author, conversation.clone()), now);
        self.answered.put(id, (author, conversation), now);
    }
}

/// The words of a member are kept with what that member asks only: what they want forgotten must not live on with another's.
fn as_seen_by(user: u64, author: u64, conversation: Conversation) -> Conversation {
    if user == author { conversation } else { conversation.for_another() }
}
