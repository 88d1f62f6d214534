namespace ModelBuild.Cli.Training;

/// <summary>What the first worker of a machine tells the processes of the others.</summary>
/// <param name="Arguments">The arguments of the program.</param>
/// <param name="Place">The place of the process among the workers.</param>
internal sealed record WorkerRequest(IReadOnlyList<string> Arguments, WorkerPlace Place);
