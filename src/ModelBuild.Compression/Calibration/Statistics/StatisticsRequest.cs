namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Which statistics a step asks for.</summary>
/// <param name="Tensors">Names of float32 values of the main graph (inputs, outputs or values in between).</param>
/// <param name="Histograms">Whether it needs histograms, which take a second pass over the data.</param>
/// <param name="ChannelAxes">For the tensors whose channels are asked for: the axis, negative from the end.</param>
internal sealed record StatisticsRequest(IReadOnlyCollection<string> Tensors, bool Histograms, IReadOnlyDictionary<string, int> ChannelAxes)
{
    /// <summary>What is known already, without histograms: where it covers all tensors, no run looks for extremes.</summary>
    public IReadOnlyDictionary<string, TensorStatistics> Known { get; init; } = new Dictionary<string, TensorStatistics>();
}
