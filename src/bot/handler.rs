//! What Discord tells the bot: which of it is a question, and the way of its answer.

mod autocomplete;
mod look_up;
mod messages;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serenity::all::{
    CommandInteraction, Context, CreateInteractionResponse, EventHandler, Guild, GuildId, Interaction, InteractionId,
    Message, Ready, ResumedEvent,
};
use serenity::async_trait;
use serenity::http::{LightMethod, Route};
use tokio::time::timeout;

use super::button::Seal;
use super::conversations::{Asked, Follows};
use super::courses::{Course, Courses, Place};
use super::desk::Asker;
use super::door::Door;
use super::office::{Wish, Wisher};
use super::rest::{Refusal, Rest};
use super::rooms::{Mode, Room, Rooms};
use super::voice::Voice;
use super::{commands, outgoing, pause};
use crate::error::Failure;
use crate::render::Reply;
use crate::texts::Language;

/// Discord waits 3 s for the first answer to an interaction: what is not ready by then is deferred.
pub(super) const DEFER_AFTER: Duration = Duration::from_millis(1500);
/// No use in trying longer to give the first answer.
const FIRST_ANSWER_WITHIN: Duration = Duration::from_millis(2800);

/// What outlives a connection.
#[derive(Clone, Debug)]
pub(super) struct Channels {
    pub(super) door: Arc<Door>,
    pub(super) courses: Arc<Courses>,
    pub(super) voice: Arc<Voice>,
    pub(super) rooms: Arc<Rooms>,
}

/// Handles events. serenity runs each in a task of its own, so that a panic in one stops none of the others.
#[derive(Debug)]
pub(super) struct Handler {
    pub(super) door: Arc<Door>,
    pub(super) courses: Arc<Courses>,
    voice: Arc<Voice>,
    rooms: Arc<Rooms>,
    pub(super) rest: Arc<Rest>,
    pub(super) seal: Seal,
    /// The bot's own user id, known once it is ready.
    own: AtomicU64,
    registered: AtomicBool,
}

impl Handler {
    pub(super) fn new(channels: Channels, rest: Arc<Rest>, seal: Seal) -> Self {
        let Channels { door, courses, voice, rooms } = channels;
        Self { door, courses, voice, rooms, rest, seal, own: AtomicU64::new(0), registered: AtomicBool::new(false) }
    }

    fn course_of(&self, command: &CommandInteraction) -> Option<&Arc<Course>> {
        self.courses.at(place_of(command))
    }

    async fn ask(&self, command: &CommandInteraction) {
        let question = outgoing::option(command, commands::QUESTION).to_owned();
        let asked = Asked::by_command(question, asker(command), Follows::Own);
        let room = command.channel.as_ref().map(Room::from);
        let is_silent =
            command.guild_id.is_some() && self.rooms.mode(command.channel_id.get(), room.as_ref()) == Mode::Off;
        self.answer_command(command, asked, is_silent || outgoing::is_on(command, commands::PRIVATE)).await;
    }

    /// Answers a command, for whoever used it alone when it is `private`.
    async fn answer_command(&self, command: &CommandInteraction, asked: Asked, private: bool) {
        let language = self.door.language(Some(&command.locale));
        let Some(_outgoing) = self.door.outgoing() else {
            return self.respond(command, &self.door.no_seat(language)).await;
        };
        let (asker, question) = (asked.asker, asked.question.clone());
        if let Err((wait, _)) = self.door.admit(asker, false, language) {
            return self.respond(command, &wait).await;
        }
        let turn = self.door.turn(asker, command.id.get());
        let answering = async {
            turn.come().await;
            let reply = match (self.course_of(command), self.door.seat()) {
                (Some(course), Some(_seat)) => {
                    course.desk.answer(asked, || true, language, command.id.get()).await.unwrap_or_default()
                }
                (None, _) => self.no_course(place_of(command), language),
                (_, None) => self.door.no_seat(language),
            };
            turn.come().await;
            let reply = if reply.private { reply } else { reply.quoting(&question) };
            Reply { private: reply.private || private, ..reply }
        };
        self.answer_in_time(command, private, answering).await;
    }

    /// What is said where no course is asked.
    fn no_course(&self, place: Place, language: Language) -> Reply {
        let foreign = place.server.filter(|_| self.courses.are_foreign_to(place));
        foreign.map_or_else(
            || Reply::notice(language.no_course_here()),
            |server| Reply::notice(&language.server_not_served(server)),
        )
    }

    /// Does what an instructor wishes, for their eyes only.
    async fn serve(&self, command: &CommandInteraction, wish: Wish) {
        let language = self.door.language(Some(&command.locale));
        let Some(_outgoing) = self.door.outgoing() else {
            return self.respond(command, &self.door.no_seat(language)).await;
        };
        let Some(course) = self.course_of(command) else {
            return self.respond(command, &self.no_course(place_of(command), language)).await;
        };
        let place = place_of(command);
        let stranger = place.server.filter(|_| !self.courses.trust(place));
        let who = Wisher { member: command.member.as_deref(), stranger };
        let answering = course.office.answer(wish, who, language, command.id.get());
        self.answer_in_time(command, true, answering).await;
    }

    /// Gives an answer at once when it is ready soon, else promises it and gives it later.
    async fn answer_in_time(
        &self,
        command: &CommandInteraction,
        private: bool,
        answering: impl Future<Output = Reply>,
    ) {
        let mut answering = std::pin::pin!(answering);
        match timeout(DEFER_AFTER, &mut answering).await {
            Ok(reply) => self.respond(command, &reply).await,
            Err(_) => {
                self.answer_interaction(command.id, &command.token, &outgoing::deferral(private)).await;
                let reply = tokio::select! {
                    reply = answering => reply,
                    () = self.door.last_moment() => {
                        self.door.no_seat(self.door.language(Some(&command.locale)))
                    }
                };
                self.late_answer(command, &reply).await;
            }
        }
    }

    async fn forget(&self, command: &CommandInteraction) {
        let language = self.door.language(Some(&command.locale));
        let Some(_outgoing) = self.door.outgoing() else {
            return self.respond(command, &self.door.no_seat(language)).await;
        };
        let (user, event) = (command.user.id.get(), command.id.get());
        if let Err(wait) = self.door.admit_press(user, language) {
            return self.respond(command, &wait).await;
        }
        let forgetting = async {
            match self.courses.forget(user, event).await {
                Ok(Some(questions)) => Reply::notice(&language.forgotten_yours(questions)),
                Ok(None) => Reply::notice(language.nothing_logged()),
                Err(Failure::LogKeyLost(file)) => {
                    tracing::error!(event, file = %file.display(), "the key of the question log is lost: nobody can be told in it");
                    Reply::notice(&language.cannot_forget(event))
                }
                Err(failure) => {
                    tracing::error!(event, failure = %Language::En.failure(&failure).text, "a member could not be forgotten");
                    Reply::notice(&language.not_forgotten(event))
                }
            }
        };
        self.answer_in_time(command, true, forgetting).await;
    }

    async fn respond(&self, command: &CommandInteraction, reply: &Reply) {
        let body = outgoing::to_interaction(reply, &self.seal_for(command), &outgoing::ticket(reply, command));
        self.answer_interaction(command.id, &command.token, &body).await;
    }

    /// The seal for the buttons of an answer to a command.
    fn seal_for(&self, command: &CommandInteraction) -> Seal {
        self.course_of(command).map_or_else(|| self.seal.clone(), |course| self.seal.of(course.mark))
    }

    /// Gives the first answer to an interaction.
    pub(super) async fn answer_interaction(&self, id: InteractionId, token: &str, body: &CreateInteractionResponse) {
        let route = Route::InteractionResponse { interaction_id: id, token };
        self.log(id.get(), self.rest.call(LightMethod::Post, route, body, Some(FIRST_ANSWER_WITHIN)).await);
    }

    async fn late_answer(&self, command: &CommandInteraction, reply: &Reply) {
        let route =
            Route::WebhookOriginalInteractionResponse { application_id: command.application_id, token: &command.token };
        let body = outgoing::after_deferral(reply, &self.seal_for(command), &outgoing::ticket(reply, command));
        self.log(command.id.get(), self.rest.call(LightMethod::Patch, route, &body, None).await);
    }

    /// Registers the commands once in the life of the process; READY comes again with each new session.
    async fn register(&self, ready: &Ready) {
        if self.registered.swap(true, Ordering::Relaxed) {
            return;
        }
        let route = Route::Commands { application_id: ready.application.id };
        for pause in pause::growing() {
            match self.rest.call(LightMethod::Put, route, &commands::all(self.courses.needed()), None).await {
                Ok(()) => return tracing::info!("commands registered"),
                Err(reason @ Refusal::Status(..)) => {
                    return tracing::error!(%reason, "commands could not be registered");
                }
                Err(reason) => tracing::warn!(%reason, "commands could not be registered yet"),
            }
            tokio::time::sleep(pause).await;
        }
    }

    pub(super) fn log(&self, event: u64, sent: Result<(), Refusal>) {
        match sent {
            Ok(()) => {}
            Err(reason @ Refusal::Status(403, _)) => {
                tracing::error!(event, %reason, "{}", self.door.language(None).lacks_permission());
            }
            Err(reason) => tracing::warn!(event, %reason, "a reply could not be sent"),
        }
    }
}

/// Where a command is used.
fn place_of(command: &CommandInteraction) -> Place {
    let above = command.channel.as_ref().and_then(|channel| Room::from(channel).above());
    Place { server: command.guild_id.map(GuildId::get), channel: command.channel_id.get(), above }
}

/// Who uses a command, and where.
fn asker(command: &CommandInteraction) -> Asker {
    Asker {
        channel: command.channel_id.get(),
        user: command.user.id.get(),
        mentions: false,
        server: command.guild_id.is_some(),
    }
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _context: Context, ready: Ready) {
        self.own.store(ready.user.id.get(), Ordering::Relaxed);
        tracing::info!(bot = %ready.user.name, guilds = ready.guilds.len(), "ready");
        self.courses.servers.join(ready.guilds.iter().map(|guild| guild.id.get()));
        self.register(&ready).await;
    }

    async fn guild_create(&self, _context: Context, guild: Guild, _is_new: Option<bool>) {
        self.courses.servers.join(std::iter::once(guild.id.get()));
    }

    async fn resume(&self, _context: Context, _event: ResumedEvent) {
        tracing::info!("resumed");
    }

    async fn message(&self, _context: Context, message: Message) {
        if let Some(heard) = self.hear(&message).await
            && self.door.is_new(message.id.get())
        {
            self.answer_message(&message, heard).await;
        }
    }

    async fn interaction_create(&self, _context: Context, interaction: Interaction) {
        match interaction {
            Interaction::Autocomplete(typing) => self.suggest(&typing).await,
            Interaction::Command(command) if self.door.is_new(command.id.get()) => match command.data.name.as_str() {
                commands::ASK => self.ask(&command).await,
                commands::LOOK_UP => self.look_up(&command).await,
                commands::FORGET => self.forget(&command).await,
                _ => {
                    if let Some(wish) = Wish::of(&command) {
                        self.serve(&command, wish).await;
                    }
                }
            },
            Interaction::Component(press) if self.door.is_new(press.id.get()) => self.answer_press(&press).await,
            _ => {}
        }
    }
}
