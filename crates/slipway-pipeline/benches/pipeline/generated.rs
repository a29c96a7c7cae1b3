//! A pipeline file of any length, the same one each time, for benchmarks and tests.
//!
//! Its stages, jobs and steps are written the way people write them: comments, block scalars,
//! expressions, quotes, lists on one line, matrices. Nothing in it is wrong.

use std::fmt::Write;

/// A pipeline file of at least that many lines, at most one stage more.
pub(crate) fn pipeline(lines: usize) -> String {
    let mut writer = Writer { text: String::from(HEAD), lines: HEAD.lines().count(), seed: 7 };
    let mut stage = 0;
    while writer.lines < lines {
        writer.stage(stage, lines);
        stage += 1;
    }
    writer.text
}

const HEAD: &str = "\
# The nightly pipeline of the shop.
name: $(Date:yyyyMMdd)$(Rev:.r)

trigger:
  branches:
    include: [ main, release/* ]
    exclude:
    - wip/*
  paths:
    exclude: ['docs/*', \"*.md\"]

parameters:
- name: deploy
  type: boolean
  default: false
- name: image
  type: string
  default: ubuntu-latest
  values: [ubuntu-latest, ubuntu-22.04]

variables:
  configuration: Release # the tests want it
  dotnetVersion: 8.0.x
  greeting: 'it''s fine'
  isMain: ${{ eq(variables['Build.SourceBranch'], 'refs/heads/main') }}

stages:
";

struct Writer {
    text: String,
    lines: usize,
    seed: u64,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.lines += 1;
    }

    fn below(&mut self, limit: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        usize::try_from(self.seed >> 33).unwrap_or(0) % limit
    }

    fn stage(&mut self, number: usize, lines: usize) {
        self.line(&format!("# Part {number} of the shop"));
        self.line(&format!("- stage: Part{number}"));
        self.line(&format!("  displayName: 'Build and test part {number}'"));
        if number > 0 {
            self.line(&format!("  dependsOn: Part{}", (number - 1) / 2));
            self.line(
                "  condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))",
            );
        } else {
            self.line("  dependsOn: []");
        }
        self.line("  variables:");
        self.line(&format!("    part: part-{number}"));
        self.line("    ${{ if eq(parameters.deploy, true) }}:");
        self.line("      suffix: -live");
        self.line("    ${{ else }}:");
        self.line("      suffix: -test");
        self.line("");
        self.line("  jobs:");
        for job in 0..4 {
            if self.lines < lines {
                self.job(job);
            }
        }
    }

    fn job(&mut self, number: usize) {
        self.line(&format!("  - job: Job{number}"));
        self.line("    pool:");
        self.line("      vmImage: ${{ parameters.image }}");
        self.line("    timeoutInMinutes: 30");
        if number == 1 {
            self.line("    strategy:");
            self.line("      maxParallel: 2");
            self.line("      matrix:");
            self.line("        linux: { os: linux, shell: \"bash\" }");
            self.line("        alpine:");
            self.line("          os: alpine");
            self.line("          shell: sh");
        }
        self.line("    steps:");
        self.line("    - checkout: self");
        self.line("      fetchDepth: 1");
        for _ in 0..12 {
            self.step();
        }
    }

    fn step(&mut self) {
        let kind = self.below(8);
        let number = self.below(1000);
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = match kind {
            0 => write!(
                text,
                "    - script: |\n        set -e\n        echo \"part $(part) step {number}\"\n        if [ -d src ]; then # only there\n          make -C src all\n        fi\n\n        ls -l\n      displayName: Make {number}\n      workingDirectory: $(Build.SourcesDirectory)/src"
            ),
            1 => write!(
                text,
                "    - task: DotNetCoreCLI@2\n      displayName: 'Test the shop ({number})'\n      inputs:\n        command: test\n        projects: '**/*Tests/*.csproj'\n        arguments: --configuration $(configuration) --no-build"
            ),
            2 => write!(
                text,
                "    # Numbers are counted by the second script.\n    - bash: echo \"##vso[task.setvariable variable=count{number}]{number}\"\n      name: count{number}\n      env:\n        TOKEN: $(System.AccessToken)\n        LEVEL: {number}"
            ),
            3 => write!(
                text,
                "    - ${{{{ if eq(parameters.deploy, true) }}}}:\n      - script: ./deploy.sh --part $(part)\n        displayName: Deploy {number}\n        condition: succeeded()"
            ),
            4 => write!(
                text,
                "    - script: >-\n        dotnet build\n        --configuration $(configuration)\n        --verbosity minimal\n      displayName: Build {number}\n      continueOnError: true"
            ),
            5 => write!(
                text,
                "\n    - task: PublishBuildArtifacts@1\n      inputs:\n        PathtoPublish: \"$(Build.ArtifactStagingDirectory)\\\\part{number}\"\n        ArtifactName: drop-{number}\n      condition: eq(variables['count'], '{number}') # not each time"
            ),
            6 => write!(
                text,
                "    - pwsh: |\n        Write-Host \"Größe: {number} kB\"\n        Get-ChildItem -Recurse | Select-Object -First {number}\n      errorActionPreference: stop"
            ),
            _ => write!(
                text,
                "    - script: echo a plain text that goes on\n        in the next line, {number} times\n      enabled: true\n      retryCountOnTaskFailure: 2"
            ),
        };
        self.lines += text.matches('\n').count();
        self.line(&text);
    }
}
