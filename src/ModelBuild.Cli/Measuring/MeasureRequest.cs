namespace ModelBuild.Cli.Measuring;

/// <summary>Represents the request for measurements that a child process reads from its standard input.</summary>
internal sealed record MeasureRequest
{
    /// <summary>Gets the paths of the models, which run in turns.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Gets the files with the inputs of the calls, as ONNX test data.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Gets the execution provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the number of threads of a run; 0 for the default of ONNX Runtime.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets the time of all timed calls in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets whether the time of each node of the first model is measured.</summary>
    public bool Profile { get; init; }
}
