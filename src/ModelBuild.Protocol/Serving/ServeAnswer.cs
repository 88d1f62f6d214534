namespace ModelBuild.Protocol;

/// <summary>The answer that the process of <c>modelbuild serve</c> writes when it listens, or when it cannot start.</summary>
/// <param name="Address">The address of HTTP, with the port that the system chose.</param>
/// <param name="RpcAddress">The address of gRPC; null for none.</param>
/// <param name="Example">The body of a request for the first model; null if it would be long.</param>
/// <param name="Failure">Why it does not serve; null if it serves.</param>
internal sealed record ServeAnswer(string? Address, string? RpcAddress, string? Example, ServeFailure? Failure);
