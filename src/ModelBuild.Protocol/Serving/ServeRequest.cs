namespace ModelBuild.Protocol;

/// <summary>Represents the request to the process of <c>modelbuild serve</c>: its models, addresses and limits.</summary>
internal sealed record ServeRequest
{
    /// <summary>Gets the models to serve.</summary>
    public required IReadOnlyList<ServeModel> Models { get; init; }

    /// <summary>Gets the IP address and the port of the HTTP server, such as <c>127.0.0.1:5000</c>. With the port 0 the system chooses a free port.</summary>
    public required string Address { get; init; }

    /// <summary>Gets the IP address and the port of the gRPC service; null for none.</summary>
    public required string? RpcAddress { get; init; }

    /// <summary>Gets the short name of the execution provider that runs the models.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the number of threads of a run; null for the default of ONNX Runtime.</summary>
    public required int? Threads { get; init; }

    /// <summary>Gets the largest number of rows of a run; 1 to run each request alone.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>Gets the largest number of inference requests at the same time.</summary>
    public required int MaxRequests { get; init; }

    /// <summary>Gets the largest number of bytes of a request; null for the default of the server.</summary>
    public required int? MaxRequestBytes { get; init; }

    /// <summary>Gets the path of <c>Microsoft.ML.OnnxRuntime.dll</c>.</summary>
    public required string OnnxRuntimeManaged { get; init; }

    /// <summary>Gets the folder of the native library of ONNX Runtime.</summary>
    public required string OnnxRuntimeNative { get; init; }
}
