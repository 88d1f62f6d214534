namespace ModelBuild.Compression.Execution;

/// <summary>The inputs of one call of the model, of one or more rows.</summary>
/// <param name="Inputs">The arrays by input name.</param>
/// <param name="Labels">The true class of each row; null when unknown.</param>
internal sealed record Sample(IReadOnlyDictionary<string, SampleArray> Inputs, long[]? Labels)
{
    /// <summary>How many samples the call has: the rows of a batch; the first dimension of the first input where nothing else is known.</summary>
    public long Rows { get; init; } = Inputs.Values.FirstOrDefault()?.Shape.FirstOrDefault(1L) ?? 0;

    /// <summary>The file that the call comes from; null where it comes from none.</summary>
    public string? File { get; init; }

    /// <summary>The position in the file of its first row.</summary>
    public long FirstRow { get; init; }

    /// <summary>The arrays' shapes by input name.</summary>
    public Dictionary<string, long[]> Shapes() => Inputs.ToDictionary(input => input.Key, input => input.Value.Shape, StringComparer.Ordinal);
}
