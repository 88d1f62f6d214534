using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Options of <c>smooth-quant</c>.</summary>
/// <param name="Alpha">
/// How much of the difficulty moves from activations to weights: 0 to 1; or <c>auto</c>, which chooses it for each activation by held-out samples, and
/// leaves out those that int8 answers more closely as they are.
/// </param>
/// <param name="Insert">Whether to insert a Mul where nothing in front of a layer can take the factors.</param>
/// <param name="Exclude">Names of nodes or weights to leave alone, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record SmoothQuantOptions(AutoNumber Alpha = default, bool Insert = false, string Exclude = "");
