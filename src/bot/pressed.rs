//! Buttons below answers: what a press does, whoever presses it and however old the answer is.

use serenity::all::{ChannelId, ComponentInteraction, CreateInteractionResponse, Message, MessageFlags};
use serenity::http::{LightMethod, Route};
use tokio::time::timeout;

use super::button::{Press, Ticket};
use super::desk::Desk;
use super::handler::{DEFER_AFTER, Handler};
use super::outgoing;
use crate::query::Question;
use crate::render::{Does, Reply, hit_page, section_page, unquoted};

impl Handler {
    /// Acts on a press and answers it: in the message itself for the member whose answer it is, else to the presser alone.
    pub(super) async fn answer_press(&self, press: &ComponentInteraction) {
        let language = self.door.language(Some(&press.locale));
        let Some(_outgoing) = self.door.outgoing() else { return };
        let Some(_seat) = self.door.seat() else { return self.tell(press, &self.door.no_seat(language)).await };
        let Some(Press { does, answer }) = self.seal.read(&press.data.custom_id) else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        let Some(course) = self.course(press.guild_id, press.channel_id, press.channel.as_ref()) else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        let desk = &course.desk;
        match does {
            Does::Hit(number) => self.leaf(desk, press, &answer, number).await,
            Does::Section(number, page) => self.open_section(desk, press, &answer, number, page).await,
            Does::Useful | Does::NotUseful => {
                let useful = does == Does::Useful;
                desk.judge(answer.event, press.user.id.get(), useful);
                self.tell(press, &Reply::notice(language.thanks(useful))).await;
            }
            Does::AskInstructors => self.hand_on(desk, press, &answer).await,
            Does::Open(_) => {}
        }
    }

    /// Shows another hit of the answer: in the message's own language to all who see it, in the presser's to the presser alone.
    async fn leaf(&self, desk: &Desk, press: &ComponentInteraction, answer: &Ticket, number: usize) {
        let language = self.door.language(Some(&press.locale));
        let question = question_of(&press.message);
        let hits = match desk.recall(question.clone(), answer.keys.clone(), language, press.id.get()).await {
            Ok(hits) => hits,
            Err(reply) => return self.tell(press, &reply).await,
        };
        // What has gone leaves no gap.
        let at = hits.iter().take(number).flatten().count();
        let is_there = hits.get(number).is_some_and(Option::is_some);
        let hits: Vec<_> = hits.into_iter().flatten().collect();
        let presser = press.user.id.get();
        let in_place = presser == answer.asker;
        let shown_in = answer.language.filter(|_| in_place).unwrap_or(language);
        let page = hit_page(&hits, at, answer.sure, shown_in, desk.offers()).filter(|_| is_there);
        let Some(reply) = page else { return self.tell(press, &Reply::notice(language.too_old())).await };
        let ticket = Ticket {
            asker: presser,
            keys: reply.keys.clone(),
            leaf: false,
            language: reply.language,
            ..answer.clone()
        };
        let body = if in_place {
            outgoing::in_place(&reply, &self.seal, &ticket)
        } else {
            let copy = Reply { private: true, ..reply.quoting(&question) };
            outgoing::to_interaction(&copy, &self.seal, &ticket)
        };
        self.answer_interaction(press.id, &press.token, &body).await;
    }

    /// Shows a page of a section to the presser alone: in a message of its own, and further pages in that one.
    async fn open_section(
        &self,
        desk: &Desk,
        press: &ComponentInteraction,
        answer: &Ticket,
        number: usize,
        page: usize,
    ) {
        let language = self.door.language(Some(&press.locale));
        let Some(key) = answer.keys.get(number).copied() else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        let question = question_of(&press.message);
        let parts = match desk.section(question.clone(), key, language, press.id.get()).await {
            Ok(parts) => parts,
            Err(reply) => return self.tell(press, &reply).await,
        };
        let Some(reply) = section_page(&parts, number, page, language) else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        let ticket = Ticket { asker: press.user.id.get(), leaf: true, ..answer.clone() };
        let is_ours = press.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
        let body = if answer.leaf && is_ours {
            outgoing::in_place(&reply, &self.seal, &ticket)
        } else {
            outgoing::to_interaction(&reply.quoting(&question), &self.seal, &ticket)
        };
        self.answer_interaction(press.id, &press.token, &body).await;
    }

    /// Hands a question that the notes do not answer on to the instructors, once for good: the button says so from then on, to
    /// all who see it, and cannot be pressed any more.
    async fn hand_on(&self, desk: &Desk, press: &ComponentInteraction, answer: &Ticket) {
        let language = self.door.language(Some(&press.locale));
        let Some(channel) = desk.instructors() else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        let language = answer.language.unwrap_or(language);
        let label = |is_posted| if is_posted { language.handed_on() } else { language.not_handed_on() };
        let mut posting = std::pin::pin!(self.post_for_instructors(desk, press, (answer, channel.into())));
        if let Ok(is_posted) = timeout(DEFER_AFTER, &mut posting).await {
            let body = outgoing::relabelled(press, label(is_posted), !is_posted);
            return self.answer_interaction(press.id, &press.token, &body).await;
        }
        self.answer_interaction(press.id, &press.token, &CreateInteractionResponse::Acknowledge).await;
        let is_posted = posting.await;
        let (application_id, token) = (press.application_id, press.token.as_str());
        let route = Route::WebhookOriginalInteractionResponse { application_id, token };
        let body = outgoing::relabelled_later(press, label(is_posted), !is_posted);
        self.log(press.id.get(), self.rest.call(LightMethod::Patch, route, &body, None).await);
    }

    /// Posts a question to the channel of the instructors, unless it is there already; whether it is there now. What was handed on
    /// is told by the button as Discord has it, and until that has changed by the desk.
    async fn post_for_instructors(
        &self,
        desk: &Desk,
        press: &ComponentInteraction,
        (answer, channel): (&Ticket, ChannelId),
    ) -> bool {
        if outgoing::is_spent(press) || !desk.hands_on(answer.event) {
            return true;
        }
        let question = question_of(&press.message);
        if question.trim().is_empty() {
            desk.not_handed_on(answer.event);
            return false;
        }
        let who = press.user.global_name.as_deref().unwrap_or(&press.user.name);
        let post = Reply::for_instructors(who, &question, self.door.language(None));
        let body = outgoing::alone(&post, &format!("i{}", answer.event));
        let posted =
            self.rest.call(LightMethod::Post, Route::ChannelMessages { channel_id: channel }, &body, None).await;
        if let Err(reason) = &posted {
            tracing::error!(event = press.id.get(), %reason, "a question could not be handed on");
            desk.not_handed_on(answer.event);
        }
        posted.is_ok()
    }

    /// Says something to the presser alone.
    async fn tell(&self, press: &ComponentInteraction, reply: &Reply) {
        let body = outgoing::to_interaction(reply, &self.seal, &Ticket::default());
        self.answer_interaction(press.id, &press.token, &body).await;
    }
}

/// The question that a message of the bot's answers, as far as the message still tells: in the message that it replies to, or
/// quoted above its boxes; empty when the message that it replies to was deleted.
fn question_of(message: &Message) -> String {
    let told = match &message.referenced_message {
        Some(asked) => asked.content.clone(),
        None => unquoted(&message.content),
    };
    // Without the mention of the bot.
    Question::new(&told).map_or(told, |question| question.text().to_owned())
}
