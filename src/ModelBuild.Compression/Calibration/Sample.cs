namespace ModelBuild.Compression.Calibration;

/// <summary>The inputs of one call of the model, of one or more rows.</summary>
/// <param name="Inputs">The arrays by input name.</param>
/// <param name="Labels">The true class of each row; null when unknown.</param>
internal sealed record Sample(IReadOnlyDictionary<string, SampleArray> Inputs, long[]? Labels)
{
    /// <summary>The arrays' shapes by input name.</summary>
    public Dictionary<string, long[]> Shapes() => Inputs.ToDictionary(input => input.Key, input => input.Value.Shape, StringComparer.Ordinal);
}
