//! What the arguments mean: settings from all their layers, places, language, and an engine ready to answer.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use etcetera::{AppStrategy as _, AppStrategyArgs, choose_app_strategy};

use super::arguments::PlaceOptions;
use super::bar::Bar;
use super::{Exit, say, say_failure};
use crate::engine::{Engine, Places};
use crate::error::{Failure, GitProblem};
use crate::index::{BuildReport, Effort, Unfit};
use crate::log::{Forget, Key, Recorder, Store};
use crate::render::sanitise;
use crate::settings::{self, Course, Loaded, LogSettings, Origin, SETTINGS_FILE, SettingsProblem, Sources};
use crate::texts::Language;
use crate::watch::{self, Checkout, Work};

/// Bytes of a settings file.
const SETTINGS_BYTES_MAX: u64 = 1 << 20;

/// One run of kewen.
pub(super) struct Session {
    pub loaded: Loaded,
    /// The settings file, when there is one.
    pub settings_file: Option<PathBuf>,
    pub language: Language,
    pub places: Places,
    /// The repository that the notes come from.
    pub checkout: Option<Checkout>,
}

impl Session {
    /// A run with these options. One that `needs_notes` is of one course, if there are several.
    pub(super) fn new(options: &PlaceOptions, needs_notes: bool) -> Result<Self, Failure> {
        let mut sources = sources(options)?;
        let mut loaded = settings::load(&sources)?;
        if needs_notes && loaded.course.is_none() && !loaded.has_notes() && !loaded.courses.is_empty() {
            let names = || loaded.courses.iter().map(|course| course.name.clone());
            let only = names().next().filter(|_| loaded.courses.len() == 1);
            let chosen = loaded.courses.iter().find(|course| course.is_default).map(|course| course.name.clone());
            let missing = || Failure::Settings(SettingsProblem::CourseMissing(names().collect()));
            sources.course = Some(chosen.or(only).ok_or_else(missing)?);
            loaded = settings::load(&sources)?;
        }
        let settings_file = sources.file.map(|(path, _)| path);
        let language = Language::choose(&loaded.settings.ui.language, locale().as_deref());
        let index = place(&loaded.settings.index.dir, "index");
        let checkout = checkout(&loaded, &index)?;
        let notes = checkout.as_ref().map_or_else(|| place(&loaded.settings.notes.dir, "corpus"), Checkout::notes_dir);
        Ok(Self { loaded, settings_file, language, places: Places { notes, index }, checkout })
    }

    /// All courses that the settings name, each as a run of its own, and another one for `[notes]`; only the one that was wanted, if one
    /// was.
    pub(super) fn courses(&self, places: &PlaceOptions) -> Result<Vec<(Course, Self)>, Failure> {
        let loaded = &self.loaded;
        let of = |course: Course| {
            let name = Some(course.name.clone()).filter(|name| !name.is_empty());
            let places = PlaceOptions { course: name.or_else(|| places.course.clone()), ..places.clone() };
            Ok((course, Self::new(&places, false)?))
        };
        let whole = Course { name: String::new(), servers: Vec::new(), channels: Vec::new(), is_default: true };
        if loaded.courses.is_empty() || loaded.course.is_some() || places.notes.is_some() {
            return Ok(vec![of(whole)?]);
        }
        // With notes of no course these are what is asked everywhere else.
        let has_notes = loaded.has_notes();
        let named = loaded.courses.iter().cloned();
        let named = named.map(|course| Course { is_default: course.is_default && !has_notes, ..course });
        named.chain(has_notes.then_some(whole)).map(of).collect()
    }

    /// An engine for the notes folder in force.
    pub(super) fn engine(&self) -> Engine {
        Engine::new(&self.loaded.settings, &self.places)
    }

    /// Whether the repository of the notes is here with their folder in it, if they come from one.
    pub(super) fn has_notes(&self) -> bool {
        self.checkout.as_ref().is_none_or(|checkout| checkout.is_there() && checkout.notes_dir().is_dir())
    }

    /// Why the index could not be brought up to the notes now; what was indexed before answers all the same.
    pub(super) fn hindrance(&self, engine: &Engine) -> Option<Failure> {
        let missing = self.checkout.as_ref().filter(|checkout| !checkout.is_there());
        missing.map(|checkout| Failure::Git(GitProblem::NotFetched(checkout.address()))).or_else(|| engine.hindrance())
    }

    /// The file of the question log of these notes.
    pub(super) fn log_file(&self, engine: &Engine) -> PathBuf {
        let name = engine.index_dir().file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.log_dir().join(name + ".sqlite")
    }

    fn log_dir(&self) -> PathBuf {
        place(&self.loaded.settings.log.dir, "log")
    }

    /// The key under which members are hashed in this log; made where there is none.
    pub(super) fn log_key(&self, engine: &Engine) -> Result<Key, Failure> {
        Key::at(&self.log_key_file(engine))
    }

    pub(super) fn log_key_file(&self, engine: &Engine) -> PathBuf {
        self.log_file(engine).with_extension("key")
    }

    /// Whether the members of this log can be told by its key.
    pub(super) fn has_log_key(&self, engine: &Engine) -> bool {
        self.log_key_file(engine).exists()
    }

    /// What writes the question log of these notes; `None` when it is switched off, and when it cannot be written, which is said.
    pub(super) fn recorder(&self, engine: &Engine) -> Option<Recorder> {
        let LogSettings { enabled, retention_days, .. } = self.loaded.settings.log;
        let is_key_lost = self.log_file(engine).exists() && !self.has_log_key(engine);
        if enabled && is_key_lost {
            say_failure(&Failure::LogKeyLost(self.log_key_file(engine)), self.language);
        }
        let start = || {
            let mut store = Store::create(&self.log_file(engine))?;
            if is_key_lost {
                store.rekey(now_ms())?;
            }
            Recorder::start(store, self.log_key(engine)?, retention_days, Arc::new(now_ms))
        };
        match enabled.then(start)? {
            Ok(recorder) => Some(recorder),
            Err(failure) => {
                say_failure(&failure, self.language);
                say(&format!("  → {}", self.language.goes_without_log()));
                None
            }
        }
    }

    /// Deletes what is too old in a log that nothing writes any more.
    pub(super) fn tidy_log(&self, engine: &Engine) -> Result<(), Failure> {
        let LogSettings { enabled, retention_days, .. } = self.loaded.settings.log;
        if enabled || !self.has_log_key(engine) {
            return Ok(());
        }
        let Some(mut store) = Store::existing(&self.log_file(engine))? else { return Ok(()) };
        let age = i64::try_from(Duration::from_secs(retention_days * 24 * 60 * 60).as_millis()).unwrap_or(i64::MAX);
        store.forget(&self.log_key(engine)?, Forget::Before(now_ms().saturating_sub(age))).map(|_| ())
    }

    /// The bot's token: the one that is set, else the first line of the file that is set.
    pub(super) fn token(&self) -> Result<String, Failure> {
        let discord = &self.loaded.settings.discord;
        let mut token = discord.token.trim().to_owned();
        if token.is_empty() && !discord.token_file.as_os_str().is_empty() {
            let text = std::fs::read_to_string(&discord.token_file).map_err(Failure::file(&discord.token_file))?;
            text.lines().next().unwrap_or_default().trim().clone_into(&mut token);
        }
        // The developer portal's examples show it with this word in front.
        let token = token.strip_prefix("Bot ").unwrap_or(&token).trim().to_owned();
        if token.is_empty() { Err(Failure::TokenMissing) } else { Ok(token) }
    }

    /// Opens the index; builds it when there is none or when it does not fit, and says so.
    pub(super) fn open(&self, engine: &Engine) -> Result<(), Failure> {
        let Err((unfit, _)) = engine.open() else { return Ok(()) };
        let rebuilt = self.rebuild(engine, unfit);
        // What was indexed before is better than nothing.
        match rebuilt {
            Err(failure) if engine.open_anyway().is_ok() => {
                self.say_hindrance(engine, &failure);
                Ok(())
            }
            rebuilt => rebuilt,
        }
    }

    /// Builds the index anew, saying why.
    pub(super) fn rebuild(&self, engine: &Engine, unfit: Unfit) -> Result<(), Failure> {
        self.hindrance(engine).map_or(Ok(()), Err)?;
        say(&self.language.building(unfit, engine.notes_dir()));
        let report = self.reindex(engine, Effort::Anew)?;
        say(&self.language.built(&report));
        Ok(())
    }

    /// Brings the index up to the notes with a progress bar on a terminal.
    pub(super) fn reindex(&self, engine: &Engine, effort: Effort) -> Result<BuildReport, Failure> {
        Bar::over(self.language, |bar| watch::reindex(engine, effort, &mut |step| bar.build(step)))
    }

    /// Brings the checkout up to its repository, if the notes come from one.
    pub(super) fn update_checkout(&self, is_ended: &dyn Fn() -> bool) -> Result<(), Failure> {
        self.fetch(is_ended, false)
    }

    /// As [`Session::update_checkout`]; `anew` fetches another checkout in the place of the one that is there.
    pub(super) fn fetch(&self, is_ended: &dyn Fn() -> bool, anew: bool) -> Result<(), Failure> {
        let Some(checkout) = &self.checkout else {
            let refused = || Err(Failure::Usage(self.language.nothing_to_fetch().to_owned()));
            return if anew { refused() } else { Ok(()) };
        };
        if !checkout.is_there() {
            say(&self.language.fetching(&sanitise(&checkout.address())));
        }
        let done = if anew { checkout.refetch(is_ended) } else { checkout.update(is_ended) };
        done.map(|_| ())
    }

    /// Tells a failure, and whether what was indexed before answers on.
    pub(super) fn say_hindrance(&self, engine: &Engine, failure: &Failure) -> Exit {
        let exit = say_failure(failure, self.language);
        if let Some(manifest) = engine.manifest() {
            say(&format!("  → {}", self.language.answers_on(engine.generation(), seconds_since(manifest.built_at))));
        }
        exit
    }

    /// Keeps how an update of the checkout went, for `kewen status`.
    pub(super) fn record_git(&self, engine: &Engine, failure: Option<&Failure>) {
        watch::record(engine.index_dir(), Work::Git, failure);
    }
}

/// The language for what is said before the settings are known: that of the command line, else of the environment.
pub(super) fn language_before_parsing(arguments: &[OsString]) -> Language {
    let typed = arguments.iter().filter_map(|argument| argument.to_str());
    let behind = typed.clone().skip_while(|argument| *argument != "--language").nth(1);
    let joined = typed.clone().find_map(|argument| argument.strip_prefix("--language="));
    let set = behind.or(joined).map(str::to_owned).or_else(|| env::var("KEWEN_UI__LANGUAGE").ok());
    Language::choose(&set.unwrap_or_default(), locale().as_deref())
}

/// Seconds that have passed since a moment, which is given in seconds since 1970.
pub(super) fn seconds_since(moment: u64) -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs()).saturating_sub(moment)
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn locale() -> Option<String> {
    sys_locale::get_locale()
}

/// The text of a settings file; `None` where there is none.
fn settings_text(path: &Path) -> Result<Option<String>, Failure> {
    let not_text = || Failure::Settings(SettingsProblem::NotText(path.to_owned()));
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::File(path.to_owned(), error.to_string())),
        // A pipe would be waited for without end.
        Ok(found) if !found.is_file() || found.len() > SETTINGS_BYTES_MAX => return Err(not_text()),
        Ok(_) => {}
    }
    let bytes = std::fs::read(path).map_err(Failure::file(path))?;
    String::from_utf8(bytes).map(Some).map_err(|_| not_text())
}

fn sources(options: &PlaceOptions) -> Result<Sources, Failure> {
    let path = options.config.clone().unwrap_or_else(|| PathBuf::from(SETTINGS_FILE));
    let file = match settings_text(&path)? {
        Some(text) => Some((path, text)),
        None if options.config.is_some() => return Err(Failure::SettingsMissing(path)),
        None => None,
    };
    let environment = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .filter(|(name, _)| name.starts_with("KEWEN_"))
        .collect();
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let typed = [
        ("notes.dir", options.notes.as_ref().map(text)),
        ("index.dir", options.index.as_ref().map(text)),
        ("ui.language", options.language.clone()),
    ];
    let course = options.course.clone();
    let options = typed.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    Ok(Sources { file, environment, options, course })
}

/// The repository of the notes, if one is set and no folder is named on the command line.
fn checkout(loaded: &Loaded, index_dir: &Path) -> Result<Option<Checkout>, Failure> {
    let notes = &loaded.settings.notes;
    let origin = loaded.effective.iter().find(|row| row.path == "notes.dir").map(|row| &row.origin);
    match Checkout::new(&notes.git, index_dir) {
        Some(_) if origin == Some(&Origin::Option) => Ok(None),
        Some(_) if !notes.dir.as_os_str().is_empty() => Err(Failure::Git(GitProblem::NotesTwice)),
        checkout => Ok(checkout),
    }
}

/// The folder that was set; else the one of the working folder when there is one, else that of the platform.
fn place(set: &Path, name: &str) -> PathBuf {
    if !set.as_os_str().is_empty() {
        return set.to_owned();
    }
    let here = PathBuf::from(name);
    if here.is_dir() {
        return here;
    }
    let names =
        AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "kewen".to_owned() };
    choose_app_strategy(names).map_or(here, |platform| platform.in_data_dir(name))
}
