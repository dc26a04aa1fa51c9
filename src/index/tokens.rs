//! Hands tantivy the tokens of a [`TokenList`](crate::text::TokenList).

use std::str::SplitTerminator;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::tokens_in;

/// Takes a text for [`TokenList::into_text`](crate::text::TokenList::into_text).
#[derive(Clone, Default)]
pub(super) struct Tokens {
    token: Token,
}

/// The tokens of one text.
pub(super) struct Stream<'t> {
    tokens: SplitTerminator<'t, char>,
    token: &'t mut Token,
}

impl Tokenizer for Tokens {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        self.token.reset();
        Stream { tokens: tokens_in(text), token: &mut self.token }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(text) = self.tokens.next() else { return false };
        text.clone_into(&mut self.token.text);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
