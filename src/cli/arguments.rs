//! What can be typed. The texts of the help are in `texts`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The whole command line.
#[derive(Clone, Debug, Parser)]
#[command(name = "kewen", version)]
pub struct Arguments {
    /// Options of every command.
    #[command(flatten)]
    pub places: PlaceOptions,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Clone, Debug, Default, Args)]
pub struct PlaceOptions {
    /// `notes.dir`
    #[arg(long, global = true, value_name = "DIR")]
    pub notes: Option<PathBuf>,
    /// `index.dir`
    #[arg(long, global = true, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// The settings file.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The course whose settings are in force.
    #[arg(long, global = true, value_name = "NAME")]
    pub course: Option<String>,
    /// `ui.language`
    #[arg(long, global = true, value_name = "LANG")]
    pub language: Option<String>,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Answer a question.
    Ask(AskArguments),
    /// Show how a text is cut and understood.
    Analyze(AnalyzeArguments),
    /// Show a section.
    Show(ShowArguments),
    /// Build the index.
    Index(IndexArguments),
    /// Look through the notes.
    Check(CheckArguments),
    /// Says how the index stands.
    Status(StatusArguments),
    /// Score the search.
    Eval(EvalArguments),
    /// Show what was not answered well.
    Gaps(GapsArguments),
    /// Take questions out of the log.
    Forget(ForgetArguments),
    /// Answer in Discord.
    Bot,
    /// Check the set-up.
    Doctor(DoctorArguments),
    /// Print a completion script.
    Completions(CompletionsArguments),
    /// List the settings.
    Config,
}

impl Command {
    /// Whether it is about one folder of notes.
    pub(super) fn needs_notes(&self) -> bool {
        !matches!(self, Self::Bot | Self::Doctor(_) | Self::Config | Self::Completions(_))
    }
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `kewen ask`
#[derive(Clone, Debug, Args)]
pub struct AskArguments {
    /// The question's words.
    #[arg(value_name = "QUESTION")]
    pub question: Vec<String>,
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: Format,
    /// A file of questions.
    #[arg(long, value_name = "FILE", conflicts_with = "question")]
    pub batch: Option<PathBuf>,
    /// Number of hits.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=50))]
    pub limit: Option<u16>,
    /// Says why.
    #[arg(long, conflicts_with = "batch")]
    pub explain: bool,
}

/// `kewen analyze`
#[derive(Clone, Debug, Args)]
pub struct AnalyzeArguments {
    /// The text's words.
    #[arg(value_name = "TEXT", required = true)]
    pub text: Vec<String>,
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: Format,
}

/// `kewen show`
#[derive(Clone, Debug, Args)]
pub struct ShowArguments {
    /// Note and anchor.
    #[arg(value_name = "NOTE#ANCHOR")]
    pub section: String,
}

/// `kewen index`
#[derive(Clone, Debug, Args)]
pub struct IndexArguments {
    /// Reads every note, unchanged or not, and checks the files of the index.
    #[arg(long)]
    pub verify: bool,
    /// Fetches the repository of the notes anew; the checkout before is kept under another name.
    #[arg(long)]
    pub refetch: bool,
    /// Goes on whenever notes change.
    #[arg(long)]
    pub watch: bool,
    /// `watch.poll`
    #[arg(long, value_name = "SECONDS", requires = "watch", value_parser = clap::value_parser!(u64).range(0..=86400))]
    pub poll: Option<u64>,
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: Format,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For code hosts and editors.
    Sarif,
}

/// `kewen check`
#[derive(Clone, Debug, Args)]
pub struct CheckArguments {
    /// Rules to leave out.
    #[arg(long, value_name = "RULE,RULE", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// A rule to explain; all of them without a name.
    #[arg(long, value_name = "RULE", num_args = 0..=1, default_missing_value = "")]
    pub explain: Option<String>,
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: CheckFormat,
}

/// `kewen status`
#[derive(Clone, Debug, Args)]
pub struct StatusArguments {
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: Format,
}

/// How gaps are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GapsFormat {
    /// For people.
    #[default]
    Text,
    /// For a page or an issue.
    Markdown,
    /// For a spreadsheet.
    Csv,
    /// For programs.
    Json,
}

/// `kewen gaps`
#[derive(Clone, Debug, Args)]
pub struct GapsArguments {
    /// The first day, or how long ago.
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// The last day, or how long ago.
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// Number of clusters.
    #[arg(long, value_name = "N", default_value_t = 20, hide_default_value = true, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: GapsFormat,
}

/// `kewen forget`
#[derive(Clone, Debug, Args)]
pub struct ForgetArguments {
    /// What to forget.
    #[command(flatten)]
    pub what: ForgetWhat,
    /// Does not ask before everything goes.
    #[arg(long)]
    pub yes: bool,
}

/// What `kewen forget` deletes.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
pub struct ForgetWhat {
    /// A member.
    #[arg(long, value_name = "ID")]
    pub member: Option<u64>,
    /// What is older.
    #[arg(long, value_name = "WHEN")]
    pub before: Option<String>,
    /// The chat.
    #[arg(long)]
    pub chat: bool,
    /// Everything.
    #[arg(long)]
    pub all: bool,
}

/// `kewen eval add`
#[derive(Clone, Debug, Args)]
pub struct EvalAddArguments {
    /// The question's number.
    #[arg(value_name = "NUMBER")]
    pub number: Option<i64>,
    /// The expected sections.
    #[arg(long, value_name = "NOTE#ANCHOR")]
    pub expect: Vec<String>,
    /// The notes do not answer it.
    #[arg(long, conflicts_with = "expect")]
    pub unanswerable: bool,
    /// The file of questions.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}

/// What else `kewen eval` does.
#[derive(Clone, Debug, Subcommand)]
pub enum EvalCommand {
    /// Add a logged question.
    Add(EvalAddArguments),
}

/// `kewen eval`
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct EvalArguments {
    /// What else to do.
    #[command(subcommand)]
    pub command: Option<EvalCommand>,
    /// Files of questions; those of the notes folder when there are none.
    #[arg(value_name = "FILES")]
    pub files: Vec<PathBuf>,
    /// Tags to leave out.
    #[arg(long, value_name = "TAG,TAG", value_delimiter = ',')]
    pub without: Vec<String>,
    /// Lists misses.
    #[arg(long)]
    pub misses: bool,
    /// Shows all tags.
    #[arg(long)]
    pub by_tag: bool,
    /// Where to save the report.
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// A saved report to compare with.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// How many questions more may be lost than won.
    #[arg(long, value_name = "N", requires = "baseline")]
    pub tolerance: Option<usize>,
    /// Where to write the run.
    #[arg(long, value_name = "FILE")]
    pub trec: Option<PathBuf>,
    /// Where to write the judgements.
    #[arg(long, value_name = "FILE")]
    pub qrels: Option<PathBuf>,
    /// Switches features off, one at a time.
    #[arg(long)]
    pub ablate: bool,
    /// The output.
    #[arg(long, value_enum, default_value_t, hide_default_value = true, hide_possible_values = true)]
    pub format: Format,
}

/// `kewen doctor`
#[derive(Clone, Debug, Args)]
pub struct DoctorArguments {
    /// Leaves Discord alone.
    #[arg(long)]
    pub offline: bool,
    /// Looks at a running bot only.
    #[arg(long, conflicts_with = "offline")]
    pub alive: bool,
}

/// `kewen completions`
#[derive(Clone, Debug, Args)]
pub struct CompletionsArguments {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum, hide_possible_values = true)]
    pub shell: clap_complete::Shell,
}
