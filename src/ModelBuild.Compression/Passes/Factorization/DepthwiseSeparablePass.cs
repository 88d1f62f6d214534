using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// The step <c>depthwise-separable</c>: replaces each convolution of the main graph whose kernel has several elements by a depthwise convolution with several
/// terms and a 1 × 1 convolution, if the two take fewer multiply-adds. See <see cref="DepthwiseForm"/>.
/// </summary>
internal sealed class DepthwiseSeparablePass(DepthwiseSeparableOptions options) : IPass
{
    public void Run(PassContext context)
    {
        if (options.Terms < 1)
            throw new CompressionException(
                Codes.UnknownOption,
                FormattableString.Invariant($"'depthwise-separable' cannot take terms={options.Terms}: it must be 1 or more.")
            );
        var reference = context.Model.Clone();
        var layers = new FactorableLayers(context, reference, options.Exclude).Find(Forms);
        LayerFactorization.Run(context, reference, layers, new TermsRule(options.Terms));
    }

    // Returns the depthwise-separable form of a convolution; none for a convolution of one input channel, which is already depthwise.
    private static IReadOnlyList<FactorForm> Forms(FactorGeometry geometry) => geometry is { Patch: > 1, Channels: > 1 } ? [new DepthwiseForm(geometry)] : [];
}
