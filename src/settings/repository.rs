//! Where a repository is: which addresses and branches may be handed to git, and what of an address may be shown.

/// How addresses may begin; with others git would run further programs.
const SCHEMES: [&str; 5] = ["https", "http", "ssh", "git", "file"];

/// Whether git may be given this address: empty, `scheme://…`, `host:path` or an absolute path. What begins with a dash would be
/// an option, and `name::…` a program.
pub(super) fn is_address(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    if text.starts_with('-') || text.chars().any(|c| c.is_control() || c == ' ') {
        return false;
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return SCHEMES.contains(&scheme) && !rest.is_empty() && !rest.starts_with('-');
    }
    if text.starts_with('/') || is_drive(text) {
        return true;
    }
    match text.split_once(':') {
        Some((host, path)) => {
            !host.is_empty() && !host.contains(['/', '\\']) && !host.contains("@-") && !path.starts_with(':')
        }
        None => false,
    }
}

/// `C:\…`
fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// Whether it can name a branch, or is empty.
pub(super) fn is_branch(text: &str) -> bool {
    let odd = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let parts_fit = text.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock"));
    text.is_empty()
        || (parts_fit
            && !text.starts_with('-')
            && !text.ends_with('.')
            && !text.contains(odd)
            && !text.contains("..")
            && !text.contains("@{"))
}

/// Whether it is a relative path that leads out of nothing, or is empty.
pub(super) fn is_inside(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != ".." && part != ".git";
    text.is_empty() || (!is_drive(text) && text.trim_end_matches('/').split(['/', '\\']).all(is_part))
}

/// User and password of an address of the form `user:password@host:path`, and what stands behind them; `git@…`, by which hosts know
/// everybody, is none.
fn scp_secrets(address: &str) -> Option<(&str, &str)> {
    if address.contains("://") || address.starts_with('/') || is_drive(address) {
        return None;
    }
    address.rsplit_once('@').filter(|(known, rest)| *known != "git" && rest.contains(':'))
}

/// An address without what may be a secret in it: user and password, and what stands behind a `?`.
#[must_use]
pub fn shown_address(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return scp_secrets(address).map_or(address, |(_, shown)| shown).to_owned();
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// A text of another program's about an address, without the secrets of any address.
#[must_use]
pub fn without_secrets(text: &str, address: &str) -> String {
    let mut text = text.replace(address, &shown_address(address));
    let (known, query) = match address.split_once("://") {
        Some((_, rest)) => {
            let authority = rest.split('/').next().unwrap_or_default();
            let known = authority.rsplit_once('@').map_or("", |(known, _)| known);
            (known, rest.split_once('?').map_or("", |(_, query)| query))
        }
        None => (scp_secrets(address).map_or("", |(known, _)| known), ""),
    };
    let (user, password) = known.split_once(':').unwrap_or((known, ""));
    for secret in [known, password, query, user] {
        // A short one would tear words apart; alone it is no token.
        if secret.len() > 3 && secret != "git" {
            text = text.replace(secret, "…");
        }
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once("://") {
        clean.push_str(before);
        clean.push_str("://");
        let end = behind.find(|c: char| c == '/' || c.is_whitespace() || c == '\'').unwrap_or(behind.len());
        let (authority, after) = behind.split_at(end);
        clean.push_str(authority.rsplit_once('@').map_or(authority, |(_, host)| host));
        rest = after;
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_would_be_options_or_programs_are_refused() {
        for address in [
            "",
            "https://example.org/course.git",
            "http://example.org:8080/course.git",
            "https://user:token@example.org/course",
            "ssh://git@example.org:22/course.git",
            "ssh://git@[::1]/course.git",
            "git@example.org:course/notes.git",
            "example.org:notes.git",
            "/srv/git/notes.git",
            "file:///srv/git/notes.git",
            "C:\\git\\notes.git",
        ] {
            assert!(is_address(address), "{address}");
        }
        for address in [
            "-u/tmp/x",
            "--upload-pack=touch /tmp/x",
            "ext::sh -c touch% /tmp/x",
            "ext::x",
            "fd::17",
            "ssh://-oProxyCommand=x/y",
            "git@-oProxyCommand=x:y",
            "ftp://example.org/x",
            "../notes.git",
            "notes",
            "https://",
            "https://example.org/a b",
            "https://example.org/a\nb",
        ] {
            assert!(!is_address(address), "{address}");
        }
    }

    #[test]
    fn branches_are_names_and_nothing_else() {
        assert!(["", "main", "release/2.0", "课程", "a-b"].into_iter().all(is_branch));
        for branch in ["-d", "a b", "a:b", "+a:b", "a..b", "a/", "/a", "a//b", "a.lock", ".a", "a*", "@{1}", "a\\b"] {
            assert!(!is_branch(branch), "{branch}");
        }
    }

    #[test]
    fn folders_lead_out_of_nothing() {
        assert!(["", "notes", "docs/notes", "docs/notes/", "课程"].into_iter().all(is_inside));
        for folder in ["/etc", "..", "a/../..", "./a", "a//b", ".git", "C:\\x", "a\\..\\.."] {
            assert!(!is_inside(folder), "{folder}");
        }
    }

    #[test]
    fn what_is_shown_of_an_address_holds_no_secret() {
        assert_eq!(shown_address("https://u:secret@example.org/a.git?token=x"), "https://example.org/a.git");
        assert_eq!(shown_address("https://secret@example.org"), "https://example.org");
        assert_eq!(shown_address("git@example.org:a.git"), "git@example.org:a.git");
        assert_eq!(shown_address("someone:s3cret@example.org:a/b.git"), "example.org:a/b.git");
        assert_eq!(shown_address("someone:s3/cret@example.org:a/b.git"), "example.org:a/b.git");
        assert_eq!(shown_address("s3cret@example.org:a.git"), "example.org:a.git");
        assert_eq!(shown_address("/srv/a@b:c.git"), "/srv/a@b:c.git");
        assert_eq!(shown_address("/srv/a.git"), "/srv/a.git");
    }

    #[test]
    fn what_git_says_holds_no_secret() {
        let address = "https://someone:s3cret@example.org/a.git";
        for said in [
            "fatal: unable to access 'https://someone:s3cret@example.org/a.git/': refused",
            "fatal: Authentication failed for 'https://someone@example.org/a.git/'",
            "remote: the token s3cret has expired",
            "redirected to https://someone:s3cret@other.example/",
        ] {
            let clean = without_secrets(said, address);
            assert!(!clean.contains("s3cret") && !clean.contains("someone"), "{clean}");
        }
        for (said, address) in [
            ("ssh: s3cret@example.org: Permission denied", "s3cret@example.org:a.git"),
            ("fatal: 'someone:s3cret@example.org:a.git' is no repository", "someone:s3cret@example.org:a.git"),
            ("fatal: 's3cret@example.org:a.git' is no repository of someone", "someone:s3cret@example.org:a.git"),
        ] {
            let clean = without_secrets(said, address);
            assert!(!clean.contains("s3cret") && !clean.contains("someone"), "{clean}");
        }
        assert_eq!(without_secrets("git@example.org: no", "git@example.org:a.git"), "git@example.org: no");
        assert_eq!(without_secrets("fatal: x 'https://h/p'", "https://h/p"), "fatal: x 'https://h/p'");
        assert!(!without_secrets("went to https://x:elsewhere@h/p", address).contains("elsewhere"));
    }
}
