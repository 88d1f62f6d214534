namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The options of the step <c>equalize</c>.</summary>
/// <param name="By">The ranges that are made equal.</param>
/// <param name="Relu6">The handling of a Clip from 0 to a bound between two layers.</param>
/// <param name="Alpha">
/// For activations: with 1 all channels of an activation get equal ranges, with 0 all weights that read them; between, the difference is divided.
/// </param>
/// <param name="Absorb">
/// Whether a lower bound of channels before a Relu is moved from their biases to the biases of the next layer. The result is exact only for inputs like the
/// calibration data.
/// </param>
/// <param name="Exclude">Names of nodes or weights that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record EqualizeOptions(
    EqualizeBy By = EqualizeBy.Auto,
    Relu6Handling Relu6 = Relu6Handling.Keep,
    double Alpha = 0.5,
    bool Absorb = false,
    string Exclude = ""
);
