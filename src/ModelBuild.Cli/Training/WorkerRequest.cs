namespace ModelBuild.Cli.Training;

/// <summary>The parameters that the first worker of a machine writes to the standard input of the other worker processes.</summary>
/// <param name="Arguments">The arguments of the program.</param>
/// <param name="Place">The place of the process among the workers.</param>
internal sealed record WorkerRequest(IReadOnlyList<string> Arguments, WorkerPlace Place);
