//! A small project that builds, pushes and deploys a real image in a few seconds: busybox that serves
//! a folder. Tests change its files to bring it into the state they need.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Sandbox;

/// What the pipeline takes to be the results of its tests.
pub const JUNIT_ONE_PASSED: &str = "\
<?xml version=\"1.0\"?>
<testsuites><testsuite name=\"harbour\" tests=\"1\" failures=\"0\">
<testcase classname=\"harbour\" name=\"lights are on\" time=\"0.01\"/>
</testsuite></testsuites>
";

/// Build, test, push, deploy.
pub const PIPELINE: &str = "\
trigger:
- main
stages:
- stage: Build
  jobs:
  - job: Image
    steps:
    - bash: |
        cp /bin/busybox busybox
        if [ -f big ]; then head -c $(cat big) /dev/urandom > cargo; else : > cargo; fi
        echo '# Quay' > quay.md
        echo '##vso[task.uploadsummary]'$PWD/quay.md
      displayName: Take what goes in
    - task: PublishTestResults@2
      displayName: Publish test results
      inputs:
        testResultsFormat: JUnit
        testResultsFiles: results.xml
        failTaskOnFailedTests: true
    - task: Docker@2
      displayName: Build and push
      inputs:
        command: buildAndPush
        containerRegistry: local
        repository: harbour
        Dockerfile: Dockerfile
        tags: $(Build.BuildId)
    - publish: manifests
      artifact: manifests
- stage: Deploy
  dependsOn: Build
  jobs:
  - deployment: Local
    environment: local
    strategy:
      runOnce:
        deploy:
          steps:
          - task: KubernetesManifest@1
            displayName: Deploy
            inputs:
              action: deploy
              manifests: $(Pipeline.Workspace)/manifests/*.yml
              containers: harbour:$(Build.BuildId)
              rolloutStatusTimeout: '20'
";

const DOCKERFILE: &str = "\
FROM scratch
COPY busybox /bin/busybox
COPY start.sh /start.sh
COPY cargo /cargo
COPY www /www
ENTRYPOINT [\"/bin/busybox\", \"sh\", \"/start.sh\"]
";

const START: &str = "\
echo harbour starts with \"$(/bin/busybox cat /www/index.html)\"
exec /bin/busybox httpd -f -v -p 8080 -h /www
";

const MANIFEST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: harbour
spec:
  replicas: 1
  progressDeadlineSeconds: 8
  selector:
    matchLabels:
      app: harbour
  template:
    metadata:
      labels:
        app: harbour
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: harbour
        image: harbour
        ports:
        - containerPort: 8080
        readinessProbe:
          httpGet:
            path: /ready.html
            port: 8080
          periodSeconds: 1
          failureThreshold: 3
---
apiVersion: v1
kind: Service
metadata:
  name: harbour
spec:
  type: LoadBalancer
  selector:
    app: harbour
  ports:
  - port: 8080
";

/// The project's repository.
pub struct Harbour {
    path: PathBuf,
    home: PathBuf,
}

impl Harbour {
    /// Makes the repository, with one commit.
    pub fn make(sandbox: &Sandbox) -> Self {
        let harbour = Self { path: sandbox.path("harbour"), home: sandbox.path("home") };
        std::fs::create_dir_all(&harbour.path).unwrap();
        for (name, text) in [
            ("azure-pipelines.yml", PIPELINE),
            ("Dockerfile", DOCKERFILE),
            ("start.sh", START),
            ("results.xml", JUNIT_ONE_PASSED),
            ("www/index.html", "one\n"),
            ("www/ready.html", "yes\n"),
            ("manifests/harbour.yml", MANIFEST),
        ] {
            harbour.write(name, text);
        }
        harbour.git(&["init", "--quiet", "--initial-branch", "main"]);
        harbour.git(&["config", "user.name", "Harbour Master"]);
        harbour.git(&["config", "user.email", "harbour@slipway.invalid"]);
        harbour.git(&["add", "--all"]);
        harbour.git(&["commit", "--quiet", "--message", "Open the harbour"]);
        harbour
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file of the working tree.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Replaces a part of a file, which must be there.
    #[track_caller]
    pub fn replace(&self, name: &str, part: &str, with: &str) {
        let text = std::fs::read_to_string(self.path.join(name)).unwrap();
        assert!(text.contains(part), "{name} holds '{part}'");
        self.write(name, &text.replace(part, with));
    }

    /// Removes a file of the working tree.
    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path.join(name)).unwrap();
    }

    /// Runs git in the repository, without anybody's configuration.
    #[track_caller]
    pub fn git(&self, words: &[&str]) -> String {
        let output = Command::new("git")
            .args(words)
            .current_dir(&self.path)
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("XDG_CONFIG_HOME")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {} succeeds: {said}", words.join(" "));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A record of a run by its shown name.
    #[track_caller]
    pub fn record<'a>(view: &'a Value, display_name: &str) -> &'a Value {
        let mut all = view["records"].as_array().unwrap().iter();
        all.find(|record| record["displayName"] == display_name)
            .unwrap_or_else(|| panic!("the run has a record '{display_name}': {}", view["records"]))
    }
}
