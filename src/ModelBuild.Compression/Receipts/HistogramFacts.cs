using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Receipts;

/// <summary>The distribution of the weights or of the outputs of a layer before and after compression.</summary>
/// <param name="Layer">The name of the layer.</param>
/// <param name="IsWeights">Whether the values are weights. Otherwise they are outputs of the layer on the measured calls.</param>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value.</param>
/// <param name="Before">The share of values of the original in each of the bins of equal width between these two, in thousandths.</param>
/// <param name="After">The same of the result; null if its values cannot be computed.</param>
internal sealed record HistogramFacts(string Layer, bool IsWeights, double Low, double High, IReadOnlyList<int> Before, IReadOnlyList<int>? After)
{
    /// <summary>The smallest and the largest value that the codes of the result represent; null where the values are not quantized.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? CodeRange { get; init; }
}
