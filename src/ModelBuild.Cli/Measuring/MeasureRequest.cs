namespace ModelBuild.Cli.Measuring;

/// <summary>The request for measurements that a child process reads from its standard input.</summary>
internal sealed record MeasureRequest
{
    /// <summary>The paths of the models, which run in turns.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The files with the inputs of the calls, as ONNX test data.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The execution provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The number of threads of a run; 0 for the default of ONNX Runtime.</summary>
    public required int Threads { get; init; }

    /// <summary>The time of all timed calls in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the time of each node of the first model is measured.</summary>
    public bool Profile { get; init; }
}
