const path = require('path');
const tl = require('azure-pipelines-task-lib/task');

async function main() {
  tl.assertAgent('2.144.0');
  const say = (what, value) => console.log(`${what}: ${value}`);
  say('greeting', `${tl.getInput('greeting')} ${tl.getInput('name', true)}`);
  say('loud', tl.getBoolInput('isLoud'));
  say('lines', tl.getDelimitedInput('lines', '\n').join('+'));
  const here = tl.getVariable('System.DefaultWorkingDirectory');
  say('file', path.relative(here, tl.getPathInput('file', true, true)));
  say('other', tl.filePathSupplied('other'));
  say('plain', tl.getVariable('some.plain'));
  say('secret', tl.getVariable('token').length);
  const told = tl.getVariables().find((variable) => variable.name === 'token');
  say('told', told && told.secret);
  say('environment', Object.entries(process.env).some(([key, value]) => value && /^(SECRET_|INPUT_|ENDPOINT_AUTH)/.test(key)));
  const connection = tl.getInput('connection');
  if (connection) {
    const authorization = tl.getEndpointAuthorization(connection, false);
    say('url', tl.getEndpointUrl(connection, false));
    say('scheme', `${authorization.scheme} ${authorization.parameters.username}`);
    say('password', tl.getEndpointAuthorizationParameter(connection, 'password', false).length);
    say('data', tl.getEndpointDataParameter(connection, 'region', false));
  }
  say('system', tl.getEndpointAuthorizationScheme('SYSTEMVSSCONNECTION', false));
  const secure = tl.getInput('secure');
  if (secure) {
    say('secure', `${tl.getSecureFileName(secure)} ${!!tl.getSecureFileTicket(secure)}`);
  }
  const code = await tl.tool(tl.which('bash', true)).arg(['-c', 'echo from a tool; exit 3']).execAsync({ ignoreReturnCode: true });
  say('tool', code);
  tl.setVariable('made', 'by the probe');
  tl.setVariable('hidden', 'very-secret', true);
  tl.setVariable('out', 'gold', false, true);
  tl.setTaskVariable('kept', 'for after');
  tl.debug('seen only when asked for');
  switch (tl.getInput('then')) {
    case 'fail': tl.setResult(tl.TaskResult.Failed, 'It was told to fail.'); break;
    case 'warn': tl.warning('Careful.'); tl.setResult(tl.TaskResult.SucceededWithIssues, 'Careful.'); break;
    default: tl.setResult(tl.TaskResult.Succeeded, 'Done.');
  }
}

main().catch((error) => tl.setResult(tl.TaskResult.Failed, error.message));
