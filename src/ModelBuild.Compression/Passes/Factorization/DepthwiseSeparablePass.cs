using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Makes a depthwise convolution with several terms and a 1 × 1 convolution of each convolution of the main graph with a kernel, where those two cost less arithmetic: see
/// <see cref="DepthwiseForm"/>.
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

    // With one channel there is nothing to be separated from.
    private static IReadOnlyList<FactorForm> Forms(FactorGeometry geometry) => geometry is { Patch: > 1, Channels: > 1 } ? [new DepthwiseForm(geometry)] : [];
}
