package contracttest

// Run is Main without a process.
var Run = run
