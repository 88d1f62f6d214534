namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Options of <c>equalize</c>.</summary>
/// <param name="By">What is made alike.</param>
/// <param name="Relu6">What happens to a Clip from 0 to a bound between two layers.</param>
/// <param name="Alpha">By activations: 1 makes all channels of an activation alike, 0 all weights behind it; between, the effort is divided.</param>
/// <param name="Absorb">Takes what channels in front of a Relu never fall below out of their biases, into those behind. Exact for inputs like the calibration data only.</param>
/// <param name="Exclude">Names of nodes or weights to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record EqualizeOptions(
    EqualizeBy By = EqualizeBy.Auto,
    Relu6Handling Relu6 = Relu6Handling.Keep,
    double Alpha = 0.5,
    bool Absorb = false,
    string Exclude = ""
);
