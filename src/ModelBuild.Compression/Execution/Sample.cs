namespace ModelBuild.Compression.Execution;

/// <summary>The inputs of one call of a model, with one or more rows.</summary>
/// <param name="Inputs">The arrays by input name.</param>
/// <param name="Labels">The true class of each row; null when unknown.</param>
internal sealed record Sample(IReadOnlyDictionary<string, SampleArray> Inputs, long[]? Labels)
{
    /// <summary>The number of rows of the call. The default is the first dimension of the first input.</summary>
    public long Rows { get; init; } = Inputs.Values.FirstOrDefault()?.Shape.FirstOrDefault(1L) ?? 0;

    /// <summary>The file that the call was read from; null when there is none.</summary>
    public string? File { get; init; }

    /// <summary>The zero-based position of the call's first row in the file that the call was read from.</summary>
    public long FirstRow { get; init; }

    /// <summary>Returns the shapes of the arrays by input name.</summary>
    public Dictionary<string, long[]> Shapes() => Inputs.ToDictionary(input => input.Key, input => input.Value.Shape, StringComparer.Ordinal);
}
