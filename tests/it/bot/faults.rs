//! Discord in trouble: every answer is posted exactly once, or given up and logged.

use std::time::Duration;

use super::{ANSWER, QUESTION, Stage};
use crate::discord::{Fault, Request, Said, route};

/// One question while the requests to post its answer go wrong with `faults`, one after the other. The answer is
/// posted once, or not at all when `is_given_up`; the next question is answered. Gives the requests for the first.
#[track_caller]
fn check(faults: &[Fault], is_given_up: bool) -> Vec<Request> {
    let stage = Stage::new();
    faults.iter().for_each(|fault| stage.discord.fault(route::POST, *fault));
    let asked = stage.discord.say(Said::mention(QUESTION));
    let mut expected = Vec::new();
    if is_given_up {
        stage.bot.wait_for_log("could not be sent");
    } else {
        stage.discord.wait_for_shown(1);
        expected.push((asked, ANSWER));
    }
    let first = Request::clone(&stage.discord.wait_for_requests(route::POST, 1)[0]);
    // A second try may still be on its way behind one that took effect; what follows must not be taken for it.
    stage.discord.wait_for_requests(route::POST, faults.len());
    expected.push(stage.still_answers(expected.len() + 1));
    let requests = stage.discord.requests(route::POST);
    stage.end_with(&expected);
    requests.into_iter().filter(|request| request.body["nonce"] == first.body["nonce"]).collect()
}

fn statuses(requests: &[Request]) -> Vec<Option<u16>> {
    requests.iter().map(|request| request.status).collect()
}

#[test]
fn a_rate_limit_is_waited_for() {
    let after = Duration::from_secs(1);
    let requests = check(&[Fault::Limited { after, global: false }], false);
    assert_eq!(statuses(&requests), [Some(429), Some(200)]);
    assert!(requests[1].at - requests[0].at >= after, "{:?}", requests[1].at - requests[0].at);
}

#[test]
fn two_rate_limits_in_a_row_are_waited_for() {
    let limited = Fault::Limited { after: Duration::from_millis(400), global: false };
    let requests = check(&[limited, limited], false);
    assert_eq!(statuses(&requests), [Some(429), Some(429), Some(200)]);
}

#[test]
fn a_global_rate_limit_holds_for_every_request() {
    let stage = Stage::new();
    let after = Duration::from_secs(1);
    stage.discord.fault(route::POST, Fault::Limited { after, global: true });
    let first = stage.discord.say(Said::mention(QUESTION));
    let limited = stage.discord.wait_for_answered(route::POST, 1);
    let second = stage.discord.say(Said::direct(QUESTION));
    stage.discord.wait_for_shown(2);
    let requests = stage.discord.requests(route::POST);
    let mut expected = vec![(first, ANSWER), (second, ANSWER)];
    // Both wait for the same moment, and either may come first.
    if requests[1].line != requests[0].line {
        expected.reverse();
    }
    stage.end_with(&expected);
    let early = requests[1..].iter().filter(|request| request.at - limited[0].at < after).count();
    // The bot may have been about to send the second while the first was refused.
    assert!(early <= 1 && requests.len() <= 4, "{requests:#?}");
}

#[test]
fn an_error_of_discords_is_tried_once_more() {
    assert_eq!(statuses(&check(&[Fault::Status(500)], false)), [Some(500), Some(200)]);
    assert_eq!(statuses(&check(&[Fault::BadGateway], false)), [Some(502), Some(200)]);
}

#[test]
fn a_second_error_of_discords_is_final_and_logged() {
    assert_eq!(statuses(&check(&[Fault::Status(500), Fault::Status(503)], true)), [Some(500), Some(503)]);
}

#[test]
fn a_refusal_is_final_and_logged() {
    assert_eq!(statuses(&check(&[Fault::Status(403)], true)), [Some(403)]);
}

#[test]
fn a_request_that_was_lost_is_sent_again() {
    assert_eq!(statuses(&check(&[Fault::ResetBefore], false)), [None, Some(200)]);
}

#[test]
fn a_request_whose_answer_was_lost_posts_once() {
    let requests = check(&[Fault::ResetAfter], false);
    assert_eq!(statuses(&requests), [None, Some(200)]);
    assert_eq!(requests[0].body, requests[1].body);
}

#[test]
fn an_answer_that_is_no_json_counts_as_done() {
    assert_eq!(statuses(&check(&[Fault::NoJson], false)), [Some(200)]);
}

/// `/ask` while its acknowledgement goes wrong; there is one answer, and nothing is logged.
#[track_caller]
fn check_command(fault: Fault) -> Vec<Request> {
    let stage = Stage::new();
    stage.discord.fault(route::CALLBACK, fault);
    let asked = stage.discord.ask(QUESTION);
    stage.discord.wait_for_answered(route::CALLBACK, if matches!(fault, Fault::Status(_)) { 2 } else { 1 });
    let requests = stage.discord.requests(route::CALLBACK);
    let next = stage.still_answers(2);
    assert!(!stage.bot.log().contains("could not be sent"), "{}", stage.bot.log());
    stage.end_with(&[(asked, ANSWER), next]);
    requests
}

#[test]
fn an_acknowledgement_is_tried_once_more() {
    assert_eq!(statuses(&check_command(Fault::Status(500))), [Some(500), Some(204)]);
}

#[test]
fn an_acknowledgement_that_arrived_already_counts_as_done() {
    assert_eq!(statuses(&check_command(Fault::ResetAfter)), [None, Some(400)]);
}

#[test]
fn commands_that_could_not_be_registered_do_not_keep_the_bot_from_answering() {
    let discord = crate::discord::Discord::open();
    discord.fault(route::COMMANDS, Fault::Status(403));
    let stage = Stage::starting(super::NOTES, discord);
    stage.discord.wait_until_ready(1);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}
