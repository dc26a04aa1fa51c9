//! Discord in trouble: every answer is posted exactly once, or given up and logged.

use std::time::Duration;

use super::{ANSWER, NOTES, QUESTION, Stage};
use crate::discord::{Discord, Fault, Request, Said, route};

/// One question while the requests to post its answer go wrong with `faults`, one after the other. Those requests are
/// answered with `statuses`, the answer is posted once, or not at all when the last status is an error, and the next
/// question is answered. Gives the requests.
#[track_caller]
fn check(faults: &[Fault], statuses: &[Option<u16>]) -> Vec<Request> {
    let stage = Stage::new();
    faults.iter().for_each(|fault| stage.discord.fault(route::POST, *fault));
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_requests(route::POST, statuses.len());
    let mut expected = Vec::new();
    if statuses.last() == Some(&Some(200)) {
        expected.push((asked, ANSWER));
        stage.discord.wait_for_shown(1);
    } else {
        stage.bot.wait_for_log("could not be sent");
    }
    expected.push(stage.still_answers(expected.len() + 1));
    let mut requests = stage.discord.requests(route::POST);
    stage.end_with(&expected);
    let question = asked.to_string();
    requests.retain(|request| request.body["message_reference"]["message_id"] == *question);
    assert_eq!(all_statuses(&requests), statuses);
    requests
}

fn all_statuses(requests: &[Request]) -> Vec<Option<u16>> {
    requests.iter().map(|request| request.status).collect()
}

#[test]
fn a_rate_limit_is_waited_for() {
    let after = Duration::from_secs(1);
    let requests = check(&[Fault::Limited { after, global: false }], &[Some(429), Some(200)]);
    assert!(requests[1].at - requests[0].at >= after, "{:?}", requests[1].at - requests[0].at);
}

#[test]
fn two_rate_limits_in_a_row_are_waited_for() {
    let limited = Fault::Limited { after: Duration::from_millis(400), global: false };
    check(&[limited, limited], &[Some(429), Some(429), Some(200)]);
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
    expected.sort_by_key(|(asked, _)| stage.discord.shown().iter().position(|shown| shown.answers == Some(*asked)));
    stage.end_with(&expected);
    let early: Vec<_> = requests[1..].iter().filter(|request| request.at - limited[0].at < after).collect();
    assert!(early.is_empty(), "{early:#?}");
}

#[test]
fn an_error_of_discords_is_tried_once_more() {
    check(&[Fault::Status(500)], &[Some(500), Some(200)]);
    check(&[Fault::BadGateway], &[Some(502), Some(200)]);
}

#[test]
fn a_second_error_of_discords_is_final_and_logged() {
    check(&[Fault::Status(500), Fault::Status(503)], &[Some(500), Some(503)]);
}

#[test]
fn a_refusal_is_final_and_logged() {
    check(&[Fault::Status(403)], &[Some(403)]);
}

#[test]
fn a_request_that_was_lost_is_sent_again() {
    check(&[Fault::ResetBefore], &[None, Some(200)]);
}

#[test]
fn a_request_whose_answer_was_lost_posts_once() {
    let requests = check(&[Fault::ResetAfter], &[None, Some(200)]);
    assert_eq!(requests[0].body, requests[1].body);
}

#[test]
fn an_answer_that_is_no_json_counts_as_done() {
    check(&[Fault::NoJson], &[Some(200)]);
}

/// `/ask` while its acknowledgement goes wrong once; there is one answer, and nothing is logged.
#[track_caller]
fn check_command(fault: Fault, statuses: &[Option<u16>]) {
    let stage = Stage::new();
    stage.discord.fault(route::CALLBACK, fault);
    let asked = stage.discord.ask(QUESTION);
    stage.discord.wait_for_requests(route::CALLBACK, statuses.len());
    let next = stage.still_answers(2);
    assert!(!stage.bot.log().contains("could not be sent"), "{}", stage.bot.log());
    assert_eq!(all_statuses(&stage.discord.requests(route::CALLBACK)), statuses);
    stage.end_with(&[(asked, ANSWER), next]);
}

#[test]
fn an_acknowledgement_is_tried_once_more() {
    check_command(Fault::Status(500), &[Some(500), Some(204)]);
    check_command(Fault::ResetBefore, &[None, Some(204)]);
}

#[test]
fn an_acknowledgement_that_is_rate_limited_still_comes_in_time() {
    check_command(Fault::Limited { after: Duration::from_secs(1), global: false }, &[Some(429), Some(204)]);
}

#[test]
fn an_acknowledgement_that_arrived_already_counts_as_done() {
    check_command(Fault::ResetAfter, &[None, Some(400)]);
}

#[test]
fn commands_that_could_not_be_registered_do_not_keep_the_bot_from_answering() {
    let discord = Discord::open();
    discord.fault(route::COMMANDS, Fault::Status(403));
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_until_ready(1);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}
