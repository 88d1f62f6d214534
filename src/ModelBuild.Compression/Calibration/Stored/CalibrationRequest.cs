using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>What a calibration file keeps of a graph: whatever a static quantizer may ask for.</summary>
internal static class CalibrationRequest
{
    /// <summary>
    /// All inputs and node outputs of the main graph, with histograms; and by channel what layers read: the last axis of products, the second of
    /// convolutions.
    /// </summary>
    public static StatisticsRequest Of(OnnxModel model)
    {
        var graph = model.Proto.Graph;
        var axes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node.Input.Count > 0))
            if (node.OpType is "Conv" or "ConvTranspose")
                axes[node.Input[0]] = 1;
            else if (node.OpType is "MatMul" or "Gemm")
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
