using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// A convolution as a sum of depthwise convolutions, each followed by a 1 × 1 convolution (Guo et al. 2018, Network Decoupling: From Regular to Depthwise
/// Separable Convolutions). All terms are computed by one depthwise convolution with several output channels for each input channel, and one 1 × 1
/// convolution, which also adds them up. The rank is the number of terms.
/// </summary>
internal sealed class DepthwiseForm(FactorGeometry geometry) : FactorForm(geometry), IAlternating
{
    private int Patch => Geometry.Patch;

    /// <inheritdoc/>
    public override string Name => "depthwise";

    /// <inheritdoc/>
    public override int FullRank => Math.Min(Patch, Geometry.Outputs);

    /// <inheritdoc/>
    public override double WorkOfRank => Geometry.Inputs + (double)Geometry.Outputs * Geometry.Channels;

    /// <inheritdoc/>
    public override Factors Fit(FactorTarget target, int rank, CancellationToken cancellationToken)
    {
        var (first, second) = (new double[Geometry.Inputs * rank], new double[Geometry.Outputs * Geometry.Channels * rank]);
        for (var channel = 0; channel < Geometry.Channels; channel++)
        {
            var (a, b) = MatrixFit.Fit(OfChannel(target, channel), rank, cancellationToken);
            b.CopyTo(first, channel * rank * Patch);
            for (var output = 0; output < Geometry.Outputs; output++)
                a.AsSpan(output * rank, rank).CopyTo(second.AsSpan((output * Geometry.Channels + channel) * rank));
        }

        return AlternatingLeastSquares.Refine(this, target, new Factors(rank, first, second), cancellationToken);
    }

    /// <inheritdoc/>
    public override double[] Energies(FactorTarget target, CancellationToken cancellationToken)
    {
        var energies = new double[FullRank];
        for (var channel = 0; channel < Geometry.Channels; channel++)
            Products.AddScaled(1, MatrixFit.Energies(OfChannel(target, channel), cancellationToken), energies);
        return energies;
    }

    /// <inheritdoc/>
    public override double[] Spread(double[] first, int rank)
    {
        var spread = new double[Geometry.Channels * rank * Geometry.Inputs];
        for (var feature = 0; feature < Geometry.Channels * rank; feature++)
            first.AsSpan(feature * Patch, Patch).CopyTo(spread.AsSpan(feature * Geometry.Inputs + feature / rank * Patch));
        return spread;
    }

    /// <inheritdoc/>
    public override double[] Gather(double[] spread, int rank)
    {
        var first = new double[Geometry.Channels * rank * Patch];
        for (var feature = 0; feature < Geometry.Channels * rank; feature++)
            spread.AsSpan(feature * Geometry.Inputs + feature / rank * Patch, Patch).CopyTo(first.AsSpan(feature * Patch));
        return first;
    }

    /// <inheritdoc/>
    public Func<double[], double[]> Preconditioner(double[] metric, double[] second, int rank, CancellationToken cancellationToken)
    {
        // The preconditioner ignores products between different channels: for each channel it is the Kronecker product of Sᵀ S and the channel's block of the
        // metric.
        var parts = Enumerable
            .Range(0, Geometry.Channels)
            .Select(channel =>
            {
                var own = new double[rank * Geometry.Outputs];
                for (var output = 0; output < Geometry.Outputs; output++)
                for (var term = 0; term < rank; term++)
                    own[term * Geometry.Outputs + output] = second[(output * Geometry.Channels + channel) * rank + term];
                return (
                    Terms: AlternatingLeastSquares.Factor(Products.Transposed(own, own, Geometry.Outputs), rank, cancellationToken),
                    Patch: Cholesky.Factor(ChannelMetric(metric, channel), Patch, damping: 0, cancellationToken)
                );
            })
            .ToArray();
        return gradient =>
        {
            var step = (double[])gradient.Clone();
            for (var channel = 0; channel < parts.Length; channel++)
            {
                var own = step.AsMemory(channel * rank * Patch, rank * Patch);
                parts[channel].Patch.Solve(own, cancellationToken);
                var turned = Matrix.Transpose<double>(own.Span, Patch);
                parts[channel].Terms.Solve(turned, cancellationToken);
                Matrix.Transpose<double>(turned, rank).CopyTo(own);
            }

            return step;
        };
    }

    /// <inheritdoc/>
    protected override NodeProto FirstNode(NodeProto node)
    {
        var first = ConvParts.Like(node);
        first.SetAttribute("group", Geometry.Channels);
        return first;
    }

    /// <inheritdoc/>
    protected override void PrepareSecond(NodeProto second) => ConvParts.MakePointwise(second, Geometry.Kernel.Length);

    /// <inheritdoc/>
    protected override long[] FirstShape(NodeProto node, int rank) => [Geometry.Channels * rank, 1, .. Geometry.Kernel.Select(size => (long)size)];

    /// <inheritdoc/>
    protected override long[] SecondShape(NodeProto node, int rank) => [Geometry.Outputs, Geometry.Channels * rank, .. Geometry.Kernel.Select(_ => 1L)];

    private FactorTarget OfChannel(FactorTarget target, int channel)
    {
        var weights = new double[Geometry.Outputs * Patch];
        for (var output = 0; output < Geometry.Outputs; output++)
            target.Weights.AsSpan(output * Geometry.Inputs + channel * Patch, Patch).CopyTo(weights.AsSpan(output * Patch));
        return new FactorTarget(Geometry.Outputs, Patch, weights, target.Metric is null ? null : ChannelMetric(target.Metric, channel));
    }

    private double[] ChannelMetric(double[] metric, int channel)
    {
        var own = new double[Patch * Patch];
        for (var row = 0; row < Patch; row++)
            metric.AsSpan((channel * Patch + row) * Geometry.Inputs + channel * Patch, Patch).CopyTo(own.AsSpan(row * Patch));
        return own;
    }
}
