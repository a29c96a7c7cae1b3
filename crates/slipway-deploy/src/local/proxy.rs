//! A Service's stable port: a TCP proxy from 127.0.0.1 to the ready pods' published ports.
//!
//! The target owns one for each Service port and gives it endpoints; exchanging them is one pointer
//! swap, so a connection goes either to the old pods or to the new ones. Connections that exist keep
//! going until they rest, then they are closed, so an old pod can stop without cutting an answer.
//! Deliberately not here: HTTP, UDP, names; containers find each other by the network's own DNS.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::record::ServicePort;

/// How long one pod may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// What flows to a pod, through all services.
#[derive(Debug)]
pub(crate) struct Traffic {
    connections: AtomicUsize,
    /// Connections that rested this long are closed; `None` closes none.
    rest: watch::Sender<Option<Duration>>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self { connections: AtomicUsize::new(0), rest: watch::Sender::new(None) }
    }
}

impl Traffic {
    /// Waits until no connection is left or the limit has passed. A connection whose last bytes came
    /// from the pod (an answer, not a question) is closed once it rested for a while.
    pub(crate) async fn drain(&self, limit: Duration) {
        const PATIENT: Duration = Duration::from_millis(500);
        const HASTY: Duration = Duration::from_millis(10);
        for (rest, limit) in [(PATIENT, limit), (HASTY, Duration::from_millis(500))] {
            self.rest.send_replace(Some(rest));
            let until = Instant::now() + limit;
            while self.connections.load(Ordering::SeqCst) > 0 && Instant::now() < until {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// A pod behind a service.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    pub(crate) traffic: Arc<Traffic>,
}

/// What the accept loop and the owner share.
#[derive(Debug, Default)]
struct Shared {
    endpoints: RwLock<Arc<Vec<Endpoint>>>,
    turn: AtomicUsize,
}

impl Shared {
    fn endpoints(&self) -> Arc<Vec<Endpoint>> {
        self.endpoints.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A listening Service port. Dropping it closes the port and its connections.
#[derive(Debug)]
pub(crate) struct ServiceProxy {
    /// With `listen` filled in.
    pub(crate) spec: ServicePort,
    shared: Arc<Shared>,
    _accepting: JoinSet<()>,
}

impl ServiceProxy {
    /// Listens: at `nodePort` or nowhere; else where it listened before, at `port`, or anywhere.
    pub(crate) async fn open(mut spec: ServicePort) -> Result<Self, (u16, io::Error)> {
        let listener = match spec.node_port {
            Some(port) => bind(port).await.map_err(|error| (port, error))?,
            None => {
                let mut listener = None;
                for port in [spec.listen, spec.port] {
                    if listener.is_none() && port >= 1024 {
                        listener = bind(port).await.ok();
                    }
                }
                match listener {
                    Some(listener) => listener,
                    None => bind(0).await.map_err(|error| (spec.port, error))?,
                }
            }
        };
        spec.listen = listener.local_addr().map_err(|error| (spec.port, error))?.port();
        let shared = Arc::new(Shared::default());
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { spec, shared, _accepting: accepting })
    }

    /// Sends new connections to these pods from now on.
    pub(crate) fn switch(&self, endpoints: Vec<Endpoint>) {
        *self.shared.endpoints.write().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(endpoints);
    }

    /// How many pods are behind it.
    pub(crate) fn endpoint_count(&self) -> usize {
        self.shared.endpoints().len()
    }
}

async fn bind(port: u16) -> io::Result<TcpListener> {
    // A target that was just dropped frees its ports a moment later.
    let until = Instant::now() + Duration::from_millis(300);
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            other => return other,
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    let shared = Arc::clone(&shared);
                    connections.spawn(async move { serve(client, &shared).await });
                }
                Err(error) => {
                    // Out of file handles, most likely; some will be free in a moment.
                    tracing::warn!(%error, "a service port could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(client: TcpStream, shared: &Shared) {
    let Some((pod, traffic)) = connect(shared).await else {
        // As a cluster without endpoints: the client sees a reset, not an empty answer.
        client.set_zero_linger().ok();
        return;
    };
    for stream in [&client, &pod] {
        // Only costs latency if it fails.
        stream.set_nodelay(true).ok();
    }
    relay(client, pod, &traffic.0).await;
}

/// Counts a connection for as long as it lives.
struct Counted(Arc<Traffic>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Tries each endpoint once, beginning with the one whose turn it is.
async fn connect(shared: &Shared) -> Option<(TcpStream, Counted)> {
    let endpoints = shared.endpoints();
    let first = shared.turn.fetch_add(1, Ordering::Relaxed);
    for offset in 0..endpoints.len() {
        let endpoint = &endpoints[first.wrapping_add(offset) % endpoints.len()];
        // Counted before it connects, so that a pod is not stopped in between.
        endpoint.traffic.connections.fetch_add(1, Ordering::SeqCst);
        let counted = Counted(Arc::clone(&endpoint.traffic));
        let connecting = TcpStream::connect(endpoint.address);
        match tokio::time::timeout(CONNECT_LIMIT, connecting).await {
            Ok(Ok(stream)) => return Some((stream, counted)),
            Ok(Err(error)) => {
                tracing::debug!(address = %endpoint.address, %error, "a pod is skipped");
            }
            Err(_) => tracing::debug!(address = %endpoint.address, "a pod is skipped: too slow"),
        }
    }
    None
}

/// When and from where bytes last came.
struct Meter {
    begun: Instant,
    last_ms: AtomicU64,
    is_answered: AtomicBool,
}

impl Meter {
    fn note(&self, is_answer: bool) {
        let elapsed = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(elapsed, Ordering::Relaxed);
        self.is_answered.store(is_answer, Ordering::Relaxed);
    }

    fn has_rested(&self, rest: Duration) -> bool {
        let last = Duration::from_millis(self.last_ms.load(Ordering::Relaxed));
        self.is_answered.load(Ordering::Relaxed) && self.begun.elapsed() >= last + rest
    }
}

async fn relay(mut client: TcpStream, mut pod: TcpStream, traffic: &Traffic) {
    // Nothing asked yet counts as answered: such a connection may be closed.
    let meter = Meter {
        begun: Instant::now(),
        last_ms: AtomicU64::new(0),
        is_answered: AtomicBool::new(true),
    };
    let (client_in, client_out) = client.split();
    let (pod_in, pod_out) = pod.split();
    tokio::select! {
        _ = async {
            tokio::join!(
                pump(client_in, pod_out, &meter, false),
                pump(pod_in, client_out, &meter, true),
            )
        } => {}
        () = rested(&meter, traffic.rest.subscribe()) => {}
    }
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    meter: &Meter,
    is_answer: bool,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        meter.note(is_answer);
        if to.write_all(&buffer[..count]).await.is_err() {
            break;
        }
    }
    // The other side may have closed already; then there is nothing to tell it.
    to.shutdown().await.ok();
}

/// Ends when the pod drains and this connection rests.
async fn rested(meter: &Meter, mut rest: watch::Receiver<Option<Duration>>) {
    loop {
        let wanted = *rest.borrow_and_update();
        match wanted {
            Some(wanted) if meter.has_rested(wanted) => return,
            Some(_) => {
                let tick = Duration::from_millis(10);
                // Either the tick or a new wish; both lead to another look.
                let _ = tokio::time::timeout(tick, rest.changed()).await;
            }
            None => {
                if rest.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::record::TargetPort;

    fn spec() -> ServicePort {
        ServicePort {
            name: "web".into(),
            port: 80,
            node_port: None,
            target: TargetPort::Number(80),
            selector: Default::default(),
            listen: 0,
        }
    }

    /// A server that answers each line with its own name.
    async fn pod(name: &'static str) -> (Endpoint, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                open.spawn(async move {
                    let mut buffer = [0; 64];
                    while let Ok(1..) = stream.read(&mut buffer).await {
                        stream.write_all(name.as_bytes()).await.unwrap();
                    }
                });
            }
        });
        (Endpoint { address, traffic: Arc::default() }, tasks)
    }

    async fn ask(stream: &mut TcpStream) -> String {
        stream.write_all(b"?\n").await.unwrap();
        let mut buffer = [0; 16];
        let count = stream.read(&mut buffer).await.unwrap();
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    }

    async fn dial(proxy: &ServiceProxy) -> TcpStream {
        TcpStream::connect(("127.0.0.1", proxy.spec.listen)).await.unwrap()
    }

    #[tokio::test]
    async fn pods_take_turns_and_the_refusing_are_skipped() {
        let proxy = ServiceProxy::open(spec()).await.unwrap();
        let ((a, _a), (b, _b)) = (pod("a").await, pod("b").await);
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let dead = Endpoint { address: closed.local_addr().unwrap(), traffic: Arc::default() };
        drop(closed);
        proxy.switch(vec![a, dead, b]);
        let mut answers = Vec::new();
        for _ in 0..6 {
            answers.push(ask(&mut dial(&proxy).await).await);
        }
        assert!(answers.iter().all(|answer| answer == "a" || answer == "b"), "got {answers:?}");
        assert!(answers.contains(&"a".into()) && answers.contains(&"b".into()), "both are used");
    }

    #[tokio::test]
    async fn old_connections_stay_until_they_rest() {
        let proxy = ServiceProxy::open(spec()).await.unwrap();
        let ((old, _a), (new, _b)) = (pod("old").await, pod("new").await);
        proxy.switch(vec![old.clone()]);
        let mut held = dial(&proxy).await;
        assert_eq!(ask(&mut held).await, "old");
        proxy.switch(vec![new]);
        assert_eq!(ask(&mut dial(&proxy).await).await, "new", "new connections go to the new pod");
        assert_eq!(ask(&mut held).await, "old", "an existing one keeps its pod");
        old.traffic.drain(Duration::from_secs(5)).await;
        assert_eq!(old.traffic.connections.load(Ordering::SeqCst), 0, "a resting one was closed");
        let mut byte = [0; 1];
        assert_eq!(held.read(&mut byte).await.unwrap(), 0, "closed in order, not reset");
    }

    #[tokio::test]
    async fn without_endpoints_the_client_is_refused() {
        let proxy = ServiceProxy::open(spec()).await.unwrap();
        let mut stream = dial(&proxy).await;
        let mut byte = [0; 1];
        assert!(!matches!(stream.read(&mut byte).await, Ok(1..)), "no bytes come from nowhere");
    }

    #[tokio::test]
    async fn ports_are_given_by_the_rule() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let proxy = ServiceProxy::open(ServicePort { port, ..spec() }).await.unwrap();
        assert_ne!(proxy.spec.listen, port, "a taken port is replaced by a free one");
        let node = ServicePort { node_port: Some(port), ..spec() };
        let (named, _) = ServiceProxy::open(node).await.unwrap_err();
        assert_eq!(named, port, "a nodePort is a promise: no other port will do");
        drop(taken);
        let again = ServiceProxy::open(ServicePort { port, ..spec() }).await.unwrap();
        assert_eq!(again.spec.listen, port, "a free port above 1023 is taken as it is");
        let remembered = proxy.spec.clone();
        drop(proxy);
        let restored = ServiceProxy::open(remembered.clone()).await.unwrap();
        assert_eq!(restored.spec.listen, remembered.listen, "the port stays after a restart");
    }
}
