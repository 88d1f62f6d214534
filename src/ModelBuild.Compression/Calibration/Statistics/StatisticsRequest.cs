namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>The statistics of activations that a step requests from the calibration.</summary>
/// <param name="Tensors">Names of float32 values of the main graph (inputs, outputs or values in between).</param>
/// <param name="Histograms">Whether histograms are requested, which take a second pass over the data.</param>
/// <param name="ChannelAxes">The channel axis, negative from the end, of each tensor whose channel extremes are requested.</param>
internal sealed record StatisticsRequest(IReadOnlyCollection<string> Tensors, bool Histograms, IReadOnlyDictionary<string, int> ChannelAxes)
{
    /// <summary>Statistics that are known already, without histograms. When they cover all tensors, the pass for extremes is skipped.</summary>
    public IReadOnlyDictionary<string, TensorStatistics> Known { get; init; } = new Dictionary<string, TensorStatistics>();
}
