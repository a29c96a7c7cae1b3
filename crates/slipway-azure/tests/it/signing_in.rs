//! The ways to sign in that need no other program.

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};
use slipway_azure::{Account, AzureError, Cloud, DeviceCode, SignIn};
use slipway_core::Explain as _;

use crate::double::{APPLICATION, Asked, Double, Said, TENANT, token};

const CODE: &str = r#"{"device_code":"long-code","user_code":"ABCD1234","verification_uri":"https://login.test/device",
    "expires_in":900,"interval":0,"message":"To sign in, use a web browser."}"#;

fn refused(word: &str) -> Said {
    (400, "", format!(r#"{{"error":"{word}","error_description":"AADSTS70016: {word}."}}"#))
}

async fn code_of(answers: &'static [&'static str]) -> (Double, DeviceCode) {
    let double = Double::of(move |asked: &Asked, before| {
        if asked.path.ends_with("/devicecode") {
            return (200, "", CODE.to_owned());
        }
        match answers.get(before - 1) {
            Some(word) => refused(word),
            None => token(before),
        }
    })
    .await;
    let code = DeviceCode::begin(&double.cloud(), TENANT, APPLICATION).await.unwrap();
    (double, code)
}

#[tokio::test]
async fn a_device_code_waits_until_it_is_entered_and_asks_slower_when_told() {
    let (double, code) = code_of(&["authorization_pending", "slow_down"]).await;
    assert_eq!(
        (code.user_code.as_str(), code.verification_url.as_str()),
        ("ABCD1234", "https://login.test/device")
    );
    let begun = Instant::now();
    let done = code.wait().await.unwrap();
    assert_eq!(done.refresh_token.expose_secret(), "refresh-5");
    assert!(begun.elapsed() >= Duration::from_secs(5), "slow_down adds five seconds");
    let asked = double.asked();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0].path, format!("/{TENANT}/oauth2/v2.0/devicecode"));
    assert!(
        asked[0].body.contains("offline_access"),
        "else there is no refresh token: {}",
        asked[0].body
    );
    assert!(asked[3].body.contains("device_code=long-code"), "{}", asked[3].body);
}

#[tokio::test]
async fn a_code_that_is_declined_or_too_old_says_so() {
    let (_double, code) = code_of(&["authorization_declined"]).await;
    assert_eq!(code.wait().await.unwrap_err().code(), "azure_code_declined");
    let (_double, code) = code_of(&["expired_token"]).await;
    let error = code.wait().await.unwrap_err();
    assert!(error.to_string().contains("within 15 minutes"), "{error}");
}

#[tokio::test]
async fn a_refresh_token_gives_one_token_a_scope_and_is_replaced_by_its_successor() {
    let double = Double::of(|_, before| token(before)).await;
    let sign_in = SignIn::Device {
        tenant: TENANT.to_owned(),
        client: APPLICATION.to_owned(),
        refresh_token: SecretString::from("refresh-1"),
    };
    let account = Account::new(double.cloud(), sign_in, None).unwrap();
    let first = account.token("https://one.test/.default").await.unwrap();
    let again = account.token("https://one.test/.default").await.unwrap();
    assert_eq!(first.secret.expose_secret(), again.secret.expose_secret(), "it lasts an hour");
    account.token("https://two.test/.default").await.unwrap();
    let asked = double.asked();
    assert_eq!(asked.len(), 2, "one request a scope");
    assert!(asked[0].body.contains("refresh_token=refresh-1"), "{}", asked[0].body);
    assert!(asked[1].body.contains("refresh_token=refresh-2"), "the newer one: {}", asked[1].body);
    account.forget("https://one.test/.default").await;
    account.token("https://one.test/.default").await.unwrap();
    assert_eq!(double.asked().len(), 3, "what was refused is asked for anew");
}

#[tokio::test]
async fn a_client_secret_goes_to_entra_alone_and_its_refusal_holds_no_secret() {
    let secret = "a-client-secret-Q~8";
    let answer = |asked: &Asked, _| {
        if asked.body.contains("scope=https%3A%2F%2Fgood") {
            return token(0);
        }
        let said = "AADSTS7000215: Invalid client secret provided.\\r\\nTrace ID: 1";
        (401, "", format!(r#"{{"error":"invalid_client","error_description":"{said}"}}"#))
    };
    let double = Double::of(answer).await;
    let cloud = Cloud { authority: "https://login.test".to_owned(), ..double.cloud() };
    let sign_in = SignIn::ClientSecret {
        tenant: TENANT.to_owned(),
        client: APPLICATION.to_owned(),
        secret: SecretString::from(secret),
    };
    let account = Account::new(cloud, sign_in, Some(double.transport())).unwrap();
    let got = account.token("https://good.test/.default").await.unwrap();
    assert_eq!(got.secret.expose_secret(), "token-0");
    assert!(double.asked()[0].body.contains("grant_type=client_credentials"));
    let error = account.token("https://bad.test/.default").await.unwrap_err();
    assert!(
        matches!(&error, AzureError::SignInRefused { code: Some(code), .. } if code == "AADSTS7000215"),
        "{error:?}"
    );
    assert!(error.to_string().ends_with("Invalid client secret provided."), "{error}");
    assert!(!format!("{error:?} {error} {account:?}").contains(secret));
}

#[tokio::test]
async fn a_federated_token_is_read_from_its_file_each_time() {
    let double = Double::of(|_, before| token(before)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "jwt-one").unwrap();
    let cloud = Cloud { authority: "https://login.test".to_owned(), ..double.cloud() };
    let sign_in = SignIn::WorkloadIdentity {
        tenant: TENANT.to_owned(),
        client: APPLICATION.to_owned(),
        token_file: file,
    };
    let account = Account::new(cloud, sign_in, Some(double.transport())).unwrap();
    account.token("https://one.test/.default").await.unwrap();
    assert!(
        double.asked()[0].body.contains("client_assertion=jwt-one"),
        "{}",
        double.asked()[0].body
    );
}
