using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tuning.Allocation;

/// <summary>The form of each group of layers, with the predicted error.</summary>
/// <param name="Forms">The chosen forms, in the order of the groups, with the layers of the groups.</param>
/// <param name="Cost">The predicted cost of the model.</param>
/// <param name="Noise">The predicted sum of the error powers.</param>
internal sealed record LayerAllocation(IReadOnlyList<(LayerCode Code, IReadOnlyList<string> Layers)> Forms, double Cost, double Noise)
{
    /// <summary>The predicted SQNR of the model's output in dB.</summary>
    public double SqnrDb => Decibels.Of(signal: 1, Noise);

    /// <summary>Returns the names of the layers that have one of the given forms.</summary>
    public IEnumerable<string> Layers(params IReadOnlyCollection<LayerCode> codes) =>
        Forms.Where(form => codes.Contains(form.Code)).SelectMany(form => form.Layers);
}
