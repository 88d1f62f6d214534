using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Options of <c>prune-channels</c>.</summary>
/// <param name="Ratio">The share of the model's work that goes, 0…1.</param>
/// <param name="Of">What is counted as work.</param>
/// <param name="Importance">What makes a channel important; by default second-order elimination with calibration data, magnitude without.</param>
/// <param name="Multiple">What the number of channels that stay is a multiple of, in groups of at least four times as many.</param>
/// <param name="Layers">Ratios by layer in the place of the one for the whole model: <c>pattern:ratio|…</c>, where a pattern is a node's name or operator type with <c>*</c>; other layers keep their channels.</param>
/// <param name="Exclude">Names or operator types of nodes whose channels all stay, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
/// <param name="Gradients">Gradients for the importance <c>taylor</c>: an <c>.npz</c> with arrays named as the weights.</param>
internal sealed record PruneChannelsOptions(
    double Ratio = 0.3,
    PrunedWork Of = PrunedWork.MultiplyAdds,
    ChannelImportance Importance = ChannelImportance.Auto,
    int Multiple = 4,
    string Layers = "",
    string Exclude = "",
    DataFile? Gradients = null
);
