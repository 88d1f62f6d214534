using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Two layers with fewer channels between them: a MatMul or Gemm becomes two products, and a convolution becomes a convolution with fewer outputs and a 1 × 1
/// convolution (Zhang et al. 2016, Accelerating Very Deep Convolutional Networks for Classification and Detection, section 3). The best fit has a closed
/// form.
/// </summary>
internal sealed class ChannelForm(FactorGeometry geometry) : FactorForm(geometry)
{
    /// <inheritdoc/>
    public override string Name => "channel";

    /// <inheritdoc/>
    public override int FullRank => Math.Min(Geometry.Outputs, Geometry.Inputs);

    /// <inheritdoc/>
    public override double WorkOfRank => Geometry.Inputs + Geometry.Outputs;

    /// <inheritdoc/>
    public override Factors Fit(FactorTarget target, int rank, CancellationToken cancellationToken)
    {
        var (a, b) = MatrixFit.Fit(target, rank, cancellationToken);
        return new Factors(rank, b, a);
    }

    /// <inheritdoc/>
    public override double[] Energies(FactorTarget target, CancellationToken cancellationToken) => MatrixFit.Energies(target, cancellationToken);

    /// <inheritdoc/>
    public override double[] Spread(double[] first, int rank) => first;

    /// <inheritdoc/>
    public override double[] Gather(double[] spread, int rank) => spread;

    /// <inheritdoc/>
    protected override NodeProto FirstNode(NodeProto node) => IsConvolution(node) ? ConvParts.Like(node) : new NodeProto { OpType = "MatMul" };

    /// <inheritdoc/>
    protected override void PrepareSecond(NodeProto second)
    {
        if (IsConvolution(second))
            ConvParts.MakePointwise(second, Geometry.Kernel.Length);
    }

    /// <inheritdoc/>
    protected override long[] FirstShape(NodeProto node, int rank) =>
        IsConvolution(node) ? [rank, Geometry.Channels, .. Geometry.Kernel.Select(size => (long)size)] : [Geometry.Inputs, rank];

    /// <inheritdoc/>
    protected override long[] SecondShape(NodeProto node, int rank) =>
        IsConvolution(node) ? [Geometry.Outputs, rank, .. Geometry.Kernel.Select(_ => 1L)]
        : IsTransposed(node) ? [rank, Geometry.Outputs]
        : [Geometry.Outputs, rank];

    /// <inheritdoc/>
    protected override double[] FirstElements(NodeProto node, Factors factors) =>
        IsConvolution(node) ? factors.First : Matrix.Transpose<double>(factors.First, Geometry.Inputs);

    /// <inheritdoc/>
    protected override double[] SecondElements(NodeProto node, Factors factors) =>
        IsTransposed(node) ? Matrix.Transpose<double>(factors.Second, factors.Rank) : factors.Second;

    private static bool IsConvolution(NodeProto node) => WeightedOperator.Of(node).IsConvolution;

    private static bool IsTransposed(NodeProto node) =>
        WeightedOperator.FindLinear(node) is { Kind: WeightedKind.Product } found && found.OutputAxis(node) == 1;
}
