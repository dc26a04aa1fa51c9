//! One connection of the gateway: carries frames between the wire and the sessions.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use tokio::sync::mpsc;

use super::sessions::Frame;
use super::state::Fake;

/// Serves a connection until either side ends it.
pub(super) async fn serve(fake: Arc<Fake>, mut socket: WebSocket) {
    let (sender, mut frames) = mpsc::unbounded_channel();
    let connection = fake.with(|state| state.gateway.connect(sender));
    let mut closed_with = None;
    // What the bot closes with then is only the echo of our own code.
    let mut closing = false;
    loop {
        tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => fake.with(|state| state.hear(connection, &text)),
                // The library answers it; what ends the loop is the end of the connection.
                Some(Ok(Message::Close(frame))) if !closing => closed_with = frame.map(|frame| frame.code),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
            Some(frame) = frames.recv() => {
                closing |= matches!(frame, Frame::Close(_));
                if !carry(&mut socket, frame).await {
                    break;
                }
            }
        }
    }
    fake.with(|state| state.gateway.disconnect(connection, closed_with));
}

/// Whether the connection still stands.
async fn carry(socket: &mut WebSocket, frame: Frame) -> bool {
    let message = match frame {
        Frame::Payload(payload) => Message::Text(payload.to_string().into()),
        Frame::Close(code) => Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() })),
        Frame::Cut => return false,
    };
    socket.send(message).await.is_ok()
}
