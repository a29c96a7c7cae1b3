//! `kill -9` during deployments by hand: at which moments, and what must be so after the next start.
//!
//! The same for either target; the suites say what is deployed and what shows that it runs. Deliberately not
//! here: runs (`tests/it/kill.rs`), which are not taken up.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Random, Served, eventually_async};

/// Longer than a rollout may take that never comes to an end.
const LIMIT: Duration = Duration::from_secs(180);
/// The longest that a kill waits after the phase that it is meant for was seen.
const LATER: Duration = Duration::from_millis(120);
const AT_ONCE: Duration = Duration::from_millis(1);

/// When it is killed.
#[derive(Clone, Copy)]
enum Moment {
    /// While it is asked to begin.
    Asked,
    /// As soon as it has begun.
    Begun,
    /// So long, at most, after a phase was seen.
    Upon(&'static str, Duration),
    /// Before the time that a whole one takes is over.
    Any,
}

/// What is deployed in turn: of two versions the one that does not run, now and then as one that never
/// becomes healthy.
pub struct Kills<'a> {
    /// Starts Slipway on the data folder.
    pub start: &'a dyn Fn() -> Served,
    pub project: Value,
    pub environment: &'a str,
    /// The phases that a deployment to it comes through, and a kill waits for.
    pub phases: &'a [&'static str],
    /// In which ten kills or more surely end some.
    pub reaches: &'a [&'static str],
    /// What either version is known by.
    pub digests: [Value; 2],
    /// The source of a version, and of it as one that never becomes healthy.
    pub source: &'a dyn Fn(usize, bool) -> Value,
}

/// What a kill led to.
pub struct Ended {
    /// The version that is said to run.
    pub runs: usize,
    /// The environment as it is shown.
    pub environment: Value,
    /// What the deployment said, its rollback included.
    pub log: String,
}

/// How often a suite kills, if nobody says otherwise.
pub fn kills(usual: u32) -> u32 {
    let said = std::env::var("SLIPWAY_KILLS").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

impl Kills<'_> {
    /// Kills so often and looks each time, with the suite's own look as well; answers what runs then.
    #[expect(clippy::print_stdout, reason = "what was reached is to be seen")]
    pub async fn run(
        &self,
        mut house: Served,
        count: u32,
        look: impl AsyncFn(&Served, &Ended),
    ) -> Served {
        let mut random = Random::seeded();
        let begun = Instant::now();
        let started = self.begin(&house, 0, false).await.expect("nothing kills the first one");
        let view = self.over(&house, &started).await;
        assert_eq!(view["result"], "succeeded", "an undisturbed one succeeds: {view}");
        // Some kills come after the end of a deployment.
        let whole = begun.elapsed().mul_f32(1.1);
        let (mut news, mut olds, mut bads) = (0, 0, 0_u32);
        let mut reached = BTreeMap::<String, u32>::new();
        for kill in 1..=count {
            let old = usize::from(self.current(&house).await["digest"] == self.digests[1]);
            let before = self.newest(&house).await;
            let is_bad = kill % 5 >= 3;
            let nth = if is_bad { bads } else { kill - 1 - bads };
            bads += u32::from(is_bad);
            let moment = self.moment(nth, is_bad);
            let started = match moment {
                Moment::Asked => {
                    let begin = self.begin(&house, 1 - old, is_bad);
                    let after = tokio::time::sleep(random.below(LATER / 2));
                    tokio::select! {
                        started = begin => started,
                        () = after => None,
                    }
                }
                Moment::Begun => self.begin(&house, 1 - old, is_bad).await,
                Moment::Upon(phase, later) => {
                    let started = self.begin(&house, 1 - old, is_bad).await;
                    self.reach(&house, started.as_ref(), phase).await;
                    tokio::time::sleep(random.below(later)).await;
                    started
                }
                Moment::Any => {
                    let started = self.begin(&house, 1 - old, is_bad).await;
                    tokio::time::sleep(random.below(whole)).await;
                    started
                }
            };
            house.kill();
            house = (self.start)();
            let newest = self.newest(&house).await;
            // It may have been kept without an answer; or it was killed before that.
            let id = match (started, newest["id"] == before["id"]) {
                (Some(id), _) => Some(id),
                (None, true) => None,
                (None, false) => Some(newest["id"].clone()),
            };
            let (is_new, said, log) = match &id {
                None => (false, "nothing was begun".to_owned(), String::new()),
                Some(id) => self.judge(&house, id, is_bad, &mut reached).await,
            };
            if is_new {
                news += 1
            } else {
                olds += 1
            }
            let runs = if is_new { 1 - old } else { old };
            let environment = self.environment(&house).await;
            let digest = &environment["current"]["digest"];
            assert_eq!(*digest, self.digests[runs], "kill {kill}: {said}: {environment}");
            look(&house, &Ended { runs, environment, log }).await;
            println!("kill {kill:2}: {said}");
        }
        println!("{news} fully new, {olds} fully old; killed in {reached:?}");
        assert!(news > 0 && olds > 0, "both ends were seen: {news} new, {olds} old");
        for phase in self.reaches {
            let is_reached = count < 10 || reached.contains_key(*phase);
            assert!(is_reached, "a kill reached the phase {phase}: {reached:?}");
        }
        house
    }

    /// How a deployment that was killed ended, and whether it runs; the app must say so itself.
    async fn judge(
        &self,
        house: &Served,
        id: &Value,
        is_bad: bool,
        reached: &mut BTreeMap<String, u32>,
    ) -> (bool, String, String) {
        let view = self.over(house, id).await;
        let mut log = self.log(house, id).await;
        let mut issue = view["issue"].as_str().unwrap_or_default().to_owned();
        let back = &view["rolledBackBy"];
        if !back.is_null() {
            let back = self.over(house, back).await;
            assert_eq!(back["result"], "succeeded", "what failed went back: {back}");
            assert_eq!(back["isCurrent"], true, "and that is what runs: {back}");
            log.push_str(&self.log(house, &back["id"]).await);
        }
        let mut phase = "the end";
        for known in ["planning", "applying", "watching", "proving", "rollingBack"] {
            if log.contains(&format!("during this deployment ({known})")) {
                phase = known;
            }
        }
        if log.contains("before this deployment had changed anything") {
            phase = "planning";
        }
        *reached.entry(phase.to_owned()).or_default() += 1;
        let is_new = view["result"] == "succeeded";
        assert!(!(is_new && is_bad), "what never becomes healthy does not succeed: {view}");
        assert_eq!(
            view["isCurrent"].as_bool(),
            Some(is_new),
            "what succeeded is what runs: {view}"
        );
        if !is_new {
            let says = ["Slipway ended", "Rolled back", "rolled back", "goes on with going back"];
            assert!(says.iter().any(|word| issue.contains(word)), "it says what happened: {view}");
        }
        issue.truncate(issue.find('\n').unwrap_or(issue.len()));
        (is_new, format!("in {phase}, {} {issue}", view["result"]), log)
    }

    async fn begin(&self, house: &Served, version: usize, is_bad: bool) -> Option<Value> {
        let request = json!({ "projectId": self.project, "environment": self.environment,
            "reason": "deploy", "source": (self.source)(version, is_bad),
            "isPruning": false, "hasRollback": true });
        let started = house.call("deployment_start", request).await;
        Some(started["deploymentId"].clone())
    }

    /// Waits for a phase, or the end of a deployment that was faster.
    async fn reach(&self, house: &Served, id: Option<&Value>, phase: &str) {
        let until = Instant::now() + LIMIT;
        while Instant::now() < until {
            let view = house.call("deployment_get", json!({ "deploymentId": id })).await;
            if view["phase"] == phase || view["state"] == "completed" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("the phase {phase} never came");
    }

    /// A deployment, once it does not go on and does not wait to be taken up.
    async fn over(&self, house: &Served, id: &Value) -> Value {
        eventually_async("the deployment's end", LIMIT, || async {
            let view = house.call("deployment_get", json!({ "deploymentId": id })).await;
            let is_open = view["result"] == "interrupted" && view["phase"] != "done";
            (view["state"] == "completed" && !is_open).then_some(view)
        })
        .await
    }

    async fn log(&self, house: &Served, id: &Value) -> String {
        house.call("deployment_log", json!({ "deploymentId": id })).await.to_string()
    }

    async fn newest(&self, house: &Served) -> Value {
        let request =
            json!({ "projectId": self.project, "environment": self.environment, "limit": 1 });
        house.call("deployment_list", request).await[0].clone()
    }

    async fn current(&self, house: &Served) -> Value {
        self.environment(house).await["current"].clone()
    }

    async fn environment(&self, house: &Served) -> Value {
        let all = house.call("environment_list", json!({ "projectId": self.project })).await;
        let mut all = all.as_array().unwrap().iter();
        all.find(|one| one["name"] == self.environment).unwrap().clone()
    }

    fn moment(&self, nth: u32, is_bad: bool) -> Moment {
        let mut moments = match is_bad {
            true => vec![
                Moment::Upon("rollingBack", AT_ONCE),
                Moment::Any,
                Moment::Upon("rollingBack", LATER),
            ],
            false => vec![Moment::Begun, Moment::Asked, Moment::Any],
        };
        moments.extend(self.phases.iter().map(|phase| Moment::Upon(phase, LATER)));
        moments[nth as usize % moments.len()]
    }
}
