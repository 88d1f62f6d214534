namespace ModelBuild.Protocol;

/// <summary>Represents the answer that the process of <c>modelbuild serve</c> writes when it listens, or when it cannot start.</summary>
/// <param name="Address">The address of the HTTP server, with the port that the system chose.</param>
/// <param name="RpcAddress">The address of the gRPC service; null for none.</param>
/// <param name="Example">The body of a request for the first model; null if it would be long.</param>
/// <param name="Failure">The reason why the process does not serve; null if it serves.</param>
internal sealed record ServeAnswer(string? Address, string? RpcAddress, string? Example, ServeFailure? Failure);
