using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;

namespace ModelBuild.Compression.Training.Normalizations;

/// <summary>The <c>BatchNormalization</c> nodes of a model.</summary>
/// <param name="Estimated">The nodes whose statistics can be estimated again, in the order of the graph.</param>
/// <param name="Left">The other nodes, each with the reason.</param>
internal sealed record NormalizationLayers(IReadOnlyList<NormalizationLayer> Estimated, IReadOnlyList<Skipped> Left)
{
    /// <summary>The statistics of all nodes that can be estimated again.</summary>
    public IReadOnlyList<TrainedValue> Statistics => [.. Estimated.SelectMany(layer => layer.Statistics)];

    /// <summary>The statistics as inputs of a training graph.</summary>
    public IEnumerable<Parameter> Parameters => Statistics.Select(value => value.Input);
}
