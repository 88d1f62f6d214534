namespace ModelBuild.Runtime.Tests.Support;

/// <summary>
/// Tests of what the whole process shares: a listener of telemetry makes the calls of all models allocate. They run one after another, when no other test
/// runs.
/// </summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
