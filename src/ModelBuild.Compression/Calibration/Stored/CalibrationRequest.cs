using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>Builds the request for the statistics of a calibration file, which covers the requests of all static quantizers.</summary>
internal static class CalibrationRequest
{
    /// <summary>
    /// Requests all inputs and node outputs of the main graph with histograms, and the channel extremes of the inputs of layers: along the last axis for
    /// products, and along the second axis for convolutions.
    /// </summary>
    public static StatisticsRequest Of(OnnxModel model)
    {
        var graph = model.Proto.Graph;
        var axes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node.Input.Count > 0))
            if (WeightedOperator.FindLinear(node) is { IsConvolution: true })
                axes[node.Input[0]] = 1;
            else if (WeightedOperator.IsLinearProduct(node))
                axes.TryAdd(node.Input[0], -1);
        return new StatisticsRequest(
            [
                .. graph
                    .Input.Select(input => input.Name)
                    .Concat(graph.Node.SelectMany(node => node.Output))
                    .Where(value => value.Length > 0)
                    .Distinct(StringComparer.Ordinal),
            ],
            Histograms: true,
            axes
        );
    }
}
