using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// The step <c>low-rank</c>: factors MatMul, Gemm and Conv of the main graph into two layers each, if the two take fewer multiply-adds. The result is a layer
/// with few output channels followed by another one, or a (k × 1) convolution followed by a (1 × k) convolution. With calibration samples the fit is
/// reduced-rank regression on the activations; see <see cref="FactorTarget"/>, <see cref="ChannelForm"/> and <see cref="SpatialForm"/>.
/// </summary>
internal sealed class LowRankPass(LowRankOptions options) : IPass
{
    public void Run(PassContext context)
    {
        Check();
        if (options.Energy > 0)
            Run(context, (_, _) => new EnergyRule(options.Energy));
        else if (options.Sqnr > 0)
            Run(context, (reference, layers) => Shares(new FidelitySearch(context, options, Factor).Find(reference, layers)));
        else if (options.Spread == LowRankSpread.Model)
            Run(context, (reference, layers) => Shares(new ErrorCurves(context, reference, layers).Divide(options.Ratio)));
        else
            Run(context, (_, _) => new RatioRule(_ => options.Ratio));
    }

    // Factorizes the layers with a given share of the rank for each layer. The keys of the shares are the names of the layers' outputs.
    private void Factor(PassContext context, IReadOnlyDictionary<string, double> shares) => Run(context, (_, _) => Shares(shares));

    private static RatioRule? Shares(IReadOnlyDictionary<string, double>? shares) =>
        shares is null ? null : new RatioRule(layer => shares[layer.Node.Output[0]]);

    private void Run(PassContext context, Func<OnnxModel, IReadOnlyList<FactorableLayer>, IRankRule?> choose)
    {
        var reference = context.Model.Clone();
        var layers = new FactorableLayers(context, reference, options.Exclude).Find(Forms);
        if (choose(reference, layers) is { } rule)
            LayerFactorization.Run(context, reference, layers, rule);
    }

    private IReadOnlyList<FactorForm> Forms(FactorGeometry geometry)
    {
        var isSpatial = geometry.Kernel is [> 1, > 1];
        return options.Method switch
        {
            LowRankMethod.Spatial when isSpatial => [new SpatialForm(geometry)],
            LowRankMethod.Auto when isSpatial => [new SpatialForm(geometry), new ChannelForm(geometry)],
            _ => [new ChannelForm(geometry)],
        };
    }

    private void Check()
    {
        if (!(options.Ratio is > 0 and < 1))
            throw Wrong("ratio", options.Ratio, "between 0 and 1: the share of the multiply-adds that remains");
        if (!(options.Energy is >= 0 and < 1))
            throw Wrong("energy", options.Energy, "between 0 and 1: the share of the outputs' variance that remains");
        if (!(options.Sqnr is >= 0 and <= 200))
            throw Wrong("sqnr", options.Sqnr, "a number of dB");
        if (options.Energy > 0 && options.Sqnr > 0)
            throw new CompressionException(Codes.UnknownOption, "'low-rank' takes energy or sqnr, not both.");
    }

    private static CompressionException Wrong(string option, double value, string what) =>
        new(Codes.UnknownOption, FormattableString.Invariant($"'low-rank' cannot take {option}={value}: it must be {what}."));
}
