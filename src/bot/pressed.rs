//! Buttons below answers: what a press does, whoever presses it and however old the answer is.

use std::future::Future;

use serenity::all::{ChannelId, ComponentInteraction, CreateInteractionResponse, GuildId, MessageFlags};
use serenity::http::{LightMethod, Route};
use tokio::time::timeout;

use super::button::{Press, Ticket};
use super::courses::{Course, Place};
use super::desk::{Desk, Handing};
use super::handler::{DEFER_AFTER, Handler};
use super::outgoing;
use super::rooms::{Room, titled};
use crate::query::Question;
use crate::render::{Does, HandedOn, Reply, hit_page, section_page, unquoted};

/// What a press brings about.
struct Shown {
    reply: Reply,
    /// What its buttons know.
    ticket: Ticket,
    /// Whether it takes the place of what was pressed, and is not for the presser alone.
    in_place: bool,
}

impl Shown {
    /// Something that is said to the presser alone.
    fn told(reply: Reply) -> Self {
        Self { reply, ticket: Ticket::default(), in_place: false }
    }
}

impl Handler {
    /// Acts on a press and answers it: in the message itself for the member whose answer it is, else to the presser alone.
    pub(super) async fn answer_press(&self, press: &ComponentInteraction) {
        let language = self.door.language(Some(&press.locale));
        let Some(_outgoing) = self.door.outgoing() else { return self.tell(press, &self.door.no_seat(language)).await };
        if let Err(wait) = self.door.admit_press(press.user.id.get(), language) {
            return self.tell(press, &wait).await;
        }
        let Some(Press { does, course, answer }) = self.seal.read(&press.data.custom_id) else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        // Another course may be asked in the channel by now.
        let course = self.courses.marked(course).filter(|_| !self.courses.are_foreign_to(place_of(press)));
        let Some(course) = course else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        let desk = &course.desk;
        match does {
            Does::Hit(number) => {
                let in_place = press.user.id.get() == answer.asker;
                let showing = self.leaf(desk, press, (&answer, in_place), number);
                self.show_in_time(press, course, in_place, showing).await;
            }
            Does::Section(number, page) => {
                let is_ours = press.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
                let in_place = answer.leaf && is_ours;
                let showing = self.open_section(desk, press, (&answer, in_place), (number, page));
                self.show_in_time(press, course, in_place, showing).await;
            }
            Does::Useful | Does::NotUseful => {
                let useful = does == Does::Useful;
                desk.judge(answer.event, press.user.id.get(), useful);
                self.tell(press, &Reply::notice(language.thanks(useful))).await;
            }
            Does::AskInstructors => self.hand_on(course, press, &answer).await,
            Does::Open(_) => {}
        }
    }

    /// Shows what a press brings about at once when it is ready soon, else promises it and shows it later; in the place of what was
    /// pressed when `in_place` and nothing went wrong.
    async fn show_in_time(
        &self,
        press: &ComponentInteraction,
        course: &Course,
        in_place: bool,
        showing: impl Future<Output = Shown>,
    ) {
        let seal = self.seal.of(course.mark);
        let mut showing = std::pin::pin!(showing);
        if let Ok(shown) = timeout(DEFER_AFTER, &mut showing).await {
            let body = if shown.in_place {
                outgoing::in_place(&shown.reply, &seal, &shown.ticket)
            } else {
                outgoing::to_interaction(&Reply { private: true, ..shown.reply }, &seal, &shown.ticket)
            };
            return self.answer_interaction(press.id, &press.token, &body).await;
        }
        let promise = if in_place { CreateInteractionResponse::Acknowledge } else { outgoing::deferral(true) };
        self.answer_interaction(press.id, &press.token, &promise).await;
        let shown = tokio::select! {
            shown = showing => shown,
            () = self.door.last_moment() => Shown::told(self.door.no_seat(self.door.language(Some(&press.locale)))),
        };
        let (application_id, token) = (press.application_id, press.token.as_str());
        let sent = if in_place && !shown.in_place {
            // The message was promised to change, and has to stay as it is.
            let route = Route::WebhookFollowupMessages { application_id, token };
            self.rest.call(LightMethod::Post, route, &outgoing::aside(&shown.reply), None).await
        } else {
            let route = Route::WebhookOriginalInteractionResponse { application_id, token };
            let body = if in_place {
                outgoing::in_place_later(&shown.reply, &seal, &shown.ticket)
            } else {
                outgoing::after_deferral(&shown.reply, &seal, &shown.ticket)
            };
            self.rest.call(LightMethod::Patch, route, &body, None).await
        };
        self.log(press.id.get(), sent);
    }

    /// Another hit of the answer: in the message's own language to all who see it, in the presser's to the presser alone.
    async fn leaf(
        &self,
        desk: &Desk,
        press: &ComponentInteraction,
        (answer, in_place): (&Ticket, bool),
        number: usize,
    ) -> Shown {
        let language = self.door.language(Some(&press.locale));
        let Some(_seat) = self.door.seat() else { return Shown::told(self.door.no_seat(language)) };
        let question = question_of(press);
        let hits = match desk.recall(question.clone(), answer.keys.clone(), language, press.id.get()).await {
            Ok(hits) => hits,
            Err(reply) => return Shown::told(reply),
        };
        // What has gone leaves no gap.
        let at = hits.iter().take(number).flatten().count();
        let is_there = hits.get(number).is_some_and(Option::is_some);
        let hits: Vec<_> = hits.into_iter().flatten().collect();
        let shown_in = answer.language.filter(|_| in_place).unwrap_or(language);
        let page = hit_page(&hits, at, answer.sure, shown_in, desk.offers()).filter(|_| is_there);
        let Some(reply) = page else { return Shown::told(Reply::notice(language.too_old())) };
        let ticket = Ticket {
            asker: press.user.id.get(),
            keys: reply.keys.clone(),
            leaf: false,
            language: reply.language,
            ..answer.clone()
        };
        let reply = if in_place { reply } else { reply.quoting(&question) };
        Shown { reply, ticket, in_place }
    }

    /// A page of a section, for the presser alone: in a message of its own, and further pages in that one.
    async fn open_section(
        &self,
        desk: &Desk,
        press: &ComponentInteraction,
        (answer, in_place): (&Ticket, bool),
        (number, page): (usize, usize),
    ) -> Shown {
        let language = self.door.language(Some(&press.locale));
        let Some(_seat) = self.door.seat() else { return Shown::told(self.door.no_seat(language)) };
        let Some(key) = answer.keys.get(number).copied() else {
            return Shown::told(Reply::notice(language.too_old()));
        };
        let question = question_of(press);
        let parts = match desk.section(question.clone(), key, language, press.id.get()).await {
            Ok(parts) => parts,
            Err(reply) => return Shown::told(reply),
        };
        let Some(reply) = section_page(&parts, number, page, language) else {
            return Shown::told(Reply::notice(language.too_old()));
        };
        let ticket = Ticket { asker: press.user.id.get(), leaf: true, ..answer.clone() };
        let reply = if in_place { reply } else { reply.quoting(&question) };
        Shown { reply, ticket, in_place }
    }

    /// Hands a question that the notes do not answer on to the instructors, once for good: the button says so from then on, to
    /// all who see it, and cannot be pressed any more.
    async fn hand_on(&self, course: &Course, press: &ComponentInteraction, answer: &Ticket) {
        let language = self.door.language(Some(&press.locale));
        let Some(channel) = course.desk.instructors() else {
            return self.tell(press, &Reply::notice(language.too_old())).await;
        };
        match course.desk.hands_on(answer.event) {
            Handing::UnderWay => return self.tell(press, &Reply::notice(language.under_way())).await,
            Handing::Done => {
                let body = outgoing::relabelled(press, answer.language.unwrap_or(language).handed_on(), false);
                return self.answer_interaction(press.id, &press.token, &body).await;
            }
            Handing::Begun => {}
        }
        let language = answer.language.unwrap_or(language);
        let label = |is_posted| if is_posted { language.handed_on() } else { language.not_handed_on() };
        let mut posting = std::pin::pin!(self.post_for_instructors(course, press, (answer, channel.into())));
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
        course: &Course,
        press: &ComponentInteraction,
        to: (&Ticket, ChannelId),
    ) -> bool {
        let is_posted = outgoing::is_spent(press) || self.post(course, press, to).await;
        course.desk.handed_on(to.0.event, is_posted);
        is_posted
    }

    async fn post(
        &self,
        course: &Course,
        press: &ComponentInteraction,
        (answer, channel): (&Ticket, ChannelId),
    ) -> bool {
        let question = question_of(press);
        if question.trim().is_empty() {
            return false;
        }
        let who = press.user.global_name.as_deref().unwrap_or(&press.user.name);
        let asked = HandedOn {
            who,
            id: press.user.id.get(),
            question: &question,
            course: Some(course.name.as_str()).filter(|name| !name.is_empty() && self.courses.are_several()),
            link: link_to(press),
        };
        let post = Reply::for_instructors(&asked, self.door.language(None));
        let body = outgoing::alone(&post, &format!("i{}", answer.event));
        let posted =
            self.rest.call(LightMethod::Post, Route::ChannelMessages { channel_id: channel }, &body, None).await;
        if let Err(reason) = &posted {
            tracing::error!(event = press.id.get(), %reason, "a question could not be handed on");
        }
        posted.is_ok()
    }

    /// Says something to the presser alone.
    async fn tell(&self, press: &ComponentInteraction, reply: &Reply) {
        let body = outgoing::to_interaction(reply, &self.seal, &Ticket::default());
        self.answer_interaction(press.id, &press.token, &body).await;
    }
}

/// Where something was pressed.
fn place_of(press: &ComponentInteraction) -> Place {
    let above = press.channel.as_ref().and_then(|channel| Room::from(channel).above());
    Place { server: press.guild_id.map(GuildId::get), channel: press.channel_id.get(), above }
}

/// The address of the message that was pressed, where others can see it.
fn link_to(press: &ComponentInteraction) -> Option<String> {
    let server = press.guild_id?;
    let is_for_all = press.message.flags.is_none_or(|flags| !flags.contains(MessageFlags::EPHEMERAL));
    is_for_all.then(|| press.message.id.link(press.channel_id, Some(server)))
}

/// The question that the message which was pressed answers, as far as it still tells: in the message that it replies to, or
/// quoted above its boxes; empty when the message that it replies to was deleted.
fn question_of(press: &ComponentInteraction) -> String {
    let told = match &press.message.referenced_message {
        // The first message of a post has the id of the post, whose name says what it is about.
        Some(asked) if asked.id.get() == press.channel_id.get() => {
            let post = press.channel.as_ref().and_then(|channel| channel.name.as_deref());
            titled(post, &asked.content)
        }
        Some(asked) => asked.content.clone(),
        None => unquoted(&press.message.content),
    };
    // Without the mention of the bot.
    Question::new(&told).map_or(told, |question| question.text().to_owned())
}
