//! Text into tokens: the only place that knows how Chinese mixed with English is cut.
//!
//! ```text
//! source text -> normalise (NFKC, traditional -> simplified, offsets kept)
//!             -> segment   (Latin runs cut here, Han runs by the dictionary)
//!             -> analyzer  (tokens for the index, tokens for a question)
//! ```
//!
//! Nothing here does I/O, reads a clock or reads the environment. One [`Analyzer`] serves notes and
//! questions, so a text is cut alike on both sides.

mod analyzer;
mod cut;
mod dictionary;
mod fingerprint;
mod han;
mod han_words;
mod latin;
mod lexicon;
mod normalise;
pub mod pinyin;
mod segment;
mod span;
mod stopwords;
mod table;
mod token_list;

pub use analyzer::{ANALYZER_VERSION, Analysis, Analyzer, Token, TokenKind};
pub use cut::{cut, cut_for_search};
pub use fingerprint::Fingerprint;
pub use han::is_han;
pub(crate) use latin::is_connector;
pub use lexicon::{Lexicon, LexiconProblem, TermGroup, TermKind, alias_key};
pub use normalise::{Normalised, fold, fold_onto, normalise};
pub use span::Span;
pub use stopwords::{WordClass, listed as listed_stop_words, word_class};
pub(crate) use table::{WordTable, word_table};
pub use token_list::{TokenList, tokens_in};
