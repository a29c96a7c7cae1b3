switch (process.env.INPUT_HOW) {
  case 'complete': console.log('##vso[task.complete result=Failed;]It did not work'); break;
  case 'issues': console.log('##vso[task.complete result=SucceededWithIssues;]'); break;
  case 'exit': console.log('##vso[task.complete result=Succeeded;]'); process.exitCode = 7; break;
  default: console.error('noise');
}
