namespace ModelBuild.Cli.Training.Launch;

/// <summary>Represents the parameters that the first worker of a machine writes to the standard input of the other worker processes.</summary>
/// <param name="Arguments">The arguments of the program.</param>
/// <param name="Connection">The place of the process among the workers, and the way to the others.</param>
internal sealed record WorkerRequest(IReadOnlyList<string> Arguments, WorkerConnection Connection);
