using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>The options of the step <c>prune-channels</c>.</summary>
/// <param name="Ratio">The share of the model's work that is removed, 0…1.</param>
/// <param name="Of">The measure of work.</param>
/// <param name="Importance">The measure of a channel's importance; by default second-order elimination with calibration data, magnitude without.</param>
/// <param name="Multiple">The number of remaining channels is a multiple of this number, in groups of at least four times as many.</param>
/// <param name="Layers">
/// Ratios by layer instead of the ratio for the whole model: <c>pattern:ratio|…</c>, where a pattern is a node's name or operator type with <c>*</c>; other
/// layers keep their channels.
/// </param>
/// <param name="Exclude">Names or operator types of nodes whose channels are not removed, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="Gradients">The file of gradients for the importance <c>taylor</c>: an <c>.npz</c> with arrays named as the weights.</param>
internal sealed record PruneChannelsOptions(
    double Ratio = 0.3,
    PrunedWork Of = PrunedWork.MultiplyAdds,
    ChannelImportance Importance = ChannelImportance.Auto,
    int Multiple = 4,
    string Layers = "",
    string Exclude = "",
    DataFile? Gradients = null
);
