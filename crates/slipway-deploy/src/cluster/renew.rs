//! A client that signs in again, once, when the cluster no longer accepts who it is.
//!
//! Credentials may end before they said they would, and a kubeconfig may be written anew by a sign-in
//! elsewhere: it is read again, its plugin asked again and the request sent again. A second refusal is
//! the answer. Deliberately not here: signing in, which only a person can do.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use kube::client::Body;
use kube::{Client, Error};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower::service_fn;

use super::connect::Source;
use crate::DeployError;

/// Many requests may be refused at once; all of them get what the first one renewed.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The client at present, and when it was made.
struct Present {
    client: Client,
    since: Instant,
    number: u64,
}

/// A client of the source that renews itself.
pub(super) async fn renewing(source: Source) -> Result<Client, DeployError> {
    let client = source.sign_in(false).await?;
    let namespace = client.default_namespace().to_owned();
    let source = Arc::new(source);
    let present = Arc::new(Mutex::new(Present { client, since: Instant::now(), number: 0 }));
    let service = service_fn(move |request: Request<Body>| {
        send(Arc::clone(&source), Arc::clone(&present), request)
    });
    Ok(Client::new(service, namespace))
}

async fn send(
    source: Arc<Source>,
    present: Arc<Mutex<Present>>,
    request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let (client, number) = {
        let present = present.lock().await;
        (present.client.clone(), present.number)
    };
    let again = copied(&request);
    let answer = client.send(request).await?;
    let Some(again) = again.filter(|_| answer.status() == StatusCode::UNAUTHORIZED) else {
        return Ok(answer);
    };
    let client = {
        let mut present = present.lock().await;
        let is_renewed = present.number != number;
        if !is_renewed && (number > 0 && present.since.elapsed() < AGAIN_AFTER) {
            return Ok(answer);
        }
        if !is_renewed {
            // That it cannot be renewed is no more than the refusal says.
            let Ok(client) = source.sign_in(true).await else { return Ok(answer) };
            tracing::info!(context = %source.context, "signed in to the cluster again");
            *present = Present { client, since: Instant::now(), number: number + 1 };
        }
        present.client.clone()
    };
    client.send(again).await
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
