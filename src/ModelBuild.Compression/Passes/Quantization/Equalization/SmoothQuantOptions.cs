using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The options of the step <c>smooth-quant</c>.</summary>
/// <param name="Alpha">
/// The share of the range that moves from activations to weights: 0 to 1; or <c>auto</c>, which chooses the share of each activation on held-out samples, and
/// skips activations whose products have a smaller error without it.
/// </param>
/// <param name="Insert">Whether to insert a Mul if no node before a layer can absorb the factors. After a GELU it is inserted in any case.</param>
/// <param name="Exclude">Names of nodes or weights that the step skips, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record SmoothQuantOptions(AutoNumber Alpha = default, bool Insert = false, string Exclude = "");
