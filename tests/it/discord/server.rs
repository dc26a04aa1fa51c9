//! The fake's own runtime, its one port, and what is answered there.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::any;
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

use super::state::Fake;
use super::wire::{Cut, Door};
use super::{rest, socket};

pub(super) struct Server {
    /// Taken when it is shut down.
    runtime: Option<Runtime>,
    /// The port's socket until somebody listens. Until then the system refuses connections, and nobody else can
    /// get the port.
    reserved: Mutex<Option<TcpSocket>>,
    pub(super) port: u16,
}

impl Server {
    /// Takes a port that the system chooses, without listening there yet.
    pub(super) fn reserve() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let port = socket.local_addr().unwrap().port();
        Self { runtime: Some(runtime), reserved: Mutex::new(Some(socket)), port }
    }

    /// Listens from now on; once is enough.
    pub(super) fn listen(&self, fake: &Arc<Fake>) {
        let Some(socket) = self.reserved.lock().unwrap().take() else { return };
        let runtime = self.runtime.as_ref().unwrap();
        let _inside = runtime.enter();
        let door = Door { listener: socket.listen(1024).unwrap(), fake: Arc::clone(fake) };
        let router = Router::new().route("/", any(gateway)).fallback(api).with_state(Arc::clone(fake));
        let service = router.into_make_service_with_connect_info::<Cut>();
        runtime.spawn(async move { axum::serve(door, service).await });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn gateway(State(fake): State<Arc<Fake>>, uri: Uri, upgrade: WebSocketUpgrade) -> Response {
    if uri.query().is_none_or(|query| !query.split('&').any(|pair| pair == "v=10")) {
        fake.with(|state| state.complaints.push(format!("the gateway was asked for without v=10: {uri}")));
    }
    let mut releases = fake.releases();
    if fake.with(|state| state.gateway.is_mute) {
        let _ = releases.changed().await;
    }
    upgrade.on_upgrade(move |connection| socket::serve(fake, connection))
}

async fn api(State(fake): State<Arc<Fake>>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    rest::answer(&fake, &cut, request).await
}
