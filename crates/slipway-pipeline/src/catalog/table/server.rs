//! Tasks that the server runs, in jobs with `pool: server`.

use super::{TaskSpec, connection, is, lines, number, off, on, pick, text};

/// Waits.
#[rustfmt::skip]
pub static DELAY_1: TaskSpec = TaskSpec::new("Delay", 1,
    "Delays the job for a number of minutes.", &[
    number("delayForMinutes", "Minutes; parts of one are fine.").or("0"),
]).agentless();

/// Asks a person.
#[rustfmt::skip]
pub static MANUAL_VALIDATION_1: TaskSpec = TaskSpec::new("ManualValidation", 1,
    "Waits until a person resumes or rejects the run.", &[
    lines("notifyUsers", "Who is told: people and groups, one a line.").required(),
    lines("approvers", "Who may answer; everybody who may queue a run if left out."),
    on("allowApproversToApproveTheirOwnRuns", "Whoever started the run may answer."),
    lines("instructions", "What the person should look at."),
    pick("onTimeout", &["reject", "resume"], "What happens when nobody answers in time.").or("reject"),
]).agentless();

/// Asks a person, the first version.
#[rustfmt::skip]
pub static MANUAL_VALIDATION_0: TaskSpec = TaskSpec::new("ManualValidation", 0,
    "Waits until a person resumes or rejects the run.", &[
    lines("notifyUsers", "Who is told: people and groups, one a line.").required(),
    lines("approvers", "Who may answer; everybody who may queue a run if left out."),
    on("allowApproversToApproveTheirOwnRuns", "Whoever started the run may answer."),
    lines("instructions", "What the person should look at."),
    pick("onTimeout", &["reject", "resume"], "What happens when nobody answers in time.").or("reject"),
]).agentless();

/// Calls an HTTP API.
#[rustfmt::skip]
pub static INVOKE_REST_API_1: TaskSpec = TaskSpec::new("InvokeRESTAPI", 1,
    "Calls an HTTP API and goes on when it answers as expected.", &[
    pick("connectionType", &["connectedServiceName", "connectedServiceNameARM"], "A plain connection or one of Azure.").or("connectedServiceName").also(&["connectedServiceNameSelector"]),
    connection("serviceConnection", "The connection with the base address.").required().also(&["connectedServiceName", "genericService"]).when(&[is("connectionType", &["connectedServiceName"])]),
    connection("azureServiceConnection", "The connection of Azure.").required().also(&["connectedServiceNameARM", "azureSubscription"]).when(&[is("connectionType", &["connectedServiceNameARM"])]),
    pick("method", &["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "PATCH"], "The HTTP method.").or("POST"),
    lines("headers", "Headers, as JSON."),
    lines("body", "The body.").when(&[super::is_not("method", &["GET", "HEAD"])]),
    text("urlSuffix", "What is put behind the base address."),
    pick("waitForCompletion", &["true", "false"], "Wait for a callback rather than for the answer.").or("false").under("Advanced"),
    text("successCriteria", "An expression over root (the answer's JSON) that says when it succeeded.").under("Advanced").when(&[is("waitForCompletion", &["false"])]),
]).agentless();

/// Calls an Azure function.
#[rustfmt::skip]
pub static AZURE_FUNCTION_1: TaskSpec = TaskSpec::new("AzureFunction", 1,
    "Calls an Azure function and goes on when it answers as expected.", &[
    text("function", "The address of the function.").required(),
    text("key", "The key of the function.").required(),
    pick("method", &["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "PATCH"], "The HTTP method.").or("POST"),
    lines("headers", "Headers, as JSON."),
    text("queryParameters", "Parameters behind the address."),
    lines("body", "The body."),
    pick("waitForCompletion", &["true", "false"], "Wait for a callback rather than for the answer.").or("false").under("Advanced"),
    text("successCriteria", "An expression over root (the answer's JSON) that says when it succeeded.").under("Advanced"),
]).agentless();

/// Sends a message.
#[rustfmt::skip]
pub static PUBLISH_TO_AZURE_SERVICE_BUS_1: TaskSpec = TaskSpec::new("PublishToAzureServiceBus", 1,
    "Sends a message to a queue or topic of Azure Service Bus.", &[
    connection("azureSubscription", "The connection of the service bus.").required().also(&["connectedServiceName"]),
    lines("messageBody", "The message, as JSON."),
    off("waitForCompletion", "Wait until the receiver answers.").under("Advanced"),
    off("useDataContractSerializer", "Write the message as .NET does.").under("Advanced"),
]).agentless();
