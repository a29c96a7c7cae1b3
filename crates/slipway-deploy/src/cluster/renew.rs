//! A client that signs in again, once, when the cluster no longer accepts who it is.
//!
//! Credentials may end before they said they would, and a kubeconfig may be written anew by a sign-in
//! elsewhere: it is read again, its plugin asked again and the request sent again. A second refusal is
//! the answer. Deliberately not here: signing in, which only a person can do; keeping it (`kept`).

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use kube::client::Body;
use kube::{Client, Error};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower::service_fn;

use super::connect::{KubeSource, Source};
use crate::DeployError;

/// Many requests may be refused at once; all of them get what the first one renewed.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The client at present, and what it was made of.
struct Present {
    client: Client,
    since: Instant,
    number: u64,
    stamp: u64,
}

/// A client that renews itself; all its copies do at once.
pub(crate) struct Renewing {
    source: Source,
    present: Mutex<Present>,
}

impl Renewing {
    /// Signs in for the first time.
    pub(super) async fn of(source: Source) -> Result<Arc<Self>, DeployError> {
        let stamp = source.stamp();
        let client = source.sign_in(false).await?;
        let present = Mutex::new(Present { client, since: Instant::now(), number: 0, stamp });
        Ok(Arc::new(Self { source, present }))
    }

    /// A client that is sent through this one.
    pub(crate) fn client(self: &Arc<Self>) -> Client {
        let renewing = Arc::clone(self);
        let service = service_fn(move |request: Request<Body>| Arc::clone(&renewing).send(request));
        Client::new(service, "default")
    }

    /// Whether it would sign in with what is at this place.
    pub(super) fn is_of(&self, kubeconfig: &KubeSource) -> bool {
        self.source.kubeconfig.is_same(kubeconfig)
    }

    /// Takes up a kubeconfig that was written anew since.
    pub(super) async fn refresh(&self) -> Result<(), DeployError> {
        let stamp = self.source.stamp();
        let mut present = self.present.lock().await;
        if present.stamp == stamp {
            return Ok(());
        }
        let client = self.source.sign_in(false).await?;
        tracing::info!(context = %self.source.context, "the kubeconfig was written anew");
        let number = present.number + 1;
        *present = Present { client, since: Instant::now(), number, stamp };
        Ok(())
    }

    async fn send(self: Arc<Self>, request: Request<Body>) -> Result<Response<Body>, Error> {
        let (client, number) = {
            let present = self.present.lock().await;
            (present.client.clone(), present.number)
        };
        let again = copied(&request);
        let answer = client.send(request).await?;
        let Some(again) = again.filter(|_| answer.status() == StatusCode::UNAUTHORIZED) else {
            return Ok(answer);
        };
        let client = {
            let mut present = self.present.lock().await;
            let is_renewed = present.number != number;
            if !is_renewed && (number > 0 && present.since.elapsed() < AGAIN_AFTER) {
                return Ok(answer);
            }
            if !is_renewed {
                let stamp = self.source.stamp();
                // That it cannot be renewed is no more than the refusal says.
                let Ok(client) = self.source.sign_in(true).await else { return Ok(answer) };
                tracing::info!(context = %self.source.context, "signed in to the cluster again");
                *present = Present { client, since: Instant::now(), number: number + 1, stamp };
            }
            present.client.clone()
        };
        client.send(again).await
    }
}

/// `None` for a body that comes as a stream and cannot be sent twice.
fn copied(request: &Request<Body>) -> Option<Request<Body>> {
    let mut copy = Request::new(request.body().try_clone()?);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.version_mut() = request.version();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    Some(copy)
}
