using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// A convolution as a (k × 1) convolution along the first axis and a (1 × k) convolution along the second, with some channels between them (Jaderberg et al.
/// 2014, Speeding up Convolutional Neural Networks with Low Rank Expansions, scheme 2). Without data the fit is the singular value decomposition of the
/// weights as a matrix [C k, N k]; with data alternating least squares improves that fit.
/// </summary>
internal sealed class SpatialForm(FactorGeometry geometry) : FactorForm(geometry), IAlternating
{
    private int Height => Geometry.Kernel[0];

    private int Width => Geometry.Kernel[1];

    private int Side => Geometry.Channels * Height;

    /// <inheritdoc/>
    public override string Name => "spatial";

    /// <inheritdoc/>
    public override int FullRank => Math.Min(Side, Geometry.Outputs * Width);

    /// <inheritdoc/>
    public override double WorkOfRank => Side * Geometry.Widening + Geometry.Outputs * Width;

    /// <inheritdoc/>
    public override Factors Fit(FactorTarget target, int rank, CancellationToken cancellationToken)
    {
        var (a, first) = MatrixFit.Fit(Rearranged(target), rank, cancellationToken);
        var second = new double[a.Length];
        for (var output = 0; output < Geometry.Outputs; output++)
        for (var j = 0; j < Width; j++)
        for (var r = 0; r < rank; r++)
            second[(output * rank + r) * Width + j] = a[(output * Width + j) * rank + r];
        return AlternatingLeastSquares.Refine(this, target, new Factors(rank, first, second), cancellationToken);
    }

    /// <inheritdoc/>
    public override double[] Energies(FactorTarget target, CancellationToken cancellationToken) => MatrixFit.Energies(Rearranged(target), cancellationToken);

    /// <inheritdoc/>
    public override double[] Spread(double[] first, int rank)
    {
        // Spreads the filters over whole patches: the feature with the indices (r, j) is the product of filter r with column j of the patch.
        var spread = new double[rank * Width * Geometry.Inputs];
        for (var r = 0; r < rank; r++)
        for (var j = 0; j < Width; j++)
        for (var side = 0; side < Side; side++)
            spread[((r * Width) + j) * Geometry.Inputs + side * Width + j] = first[r * Side + side];
        return spread;
    }

    /// <inheritdoc/>
    public override double[] Gather(double[] spread, int rank)
    {
        var first = new double[rank * Side];
        for (var r = 0; r < rank; r++)
        for (var j = 0; j < Width; j++)
        for (var side = 0; side < Side; side++)
            first[r * Side + side] += spread[((r * Width) + j) * Geometry.Inputs + side * Width + j];
        return first;
    }

    /// <inheritdoc/>
    public Func<double[], double[]> Preconditioner(double[] metric, double[] second, int rank, CancellationToken cancellationToken)
    {
        // The preconditioner ignores products between different columns of the patch. It is the Kronecker product of Σⱼ Sⱼᵀ Sⱼ and the metric of one column.
        var turned = new double[rank * Geometry.Outputs * Width];
        for (var output = 0; output < Geometry.Outputs; output++)
        for (var r = 0; r < rank; r++)
        for (var j = 0; j < Width; j++)
            turned[(r * Geometry.Outputs + output) * Width + j] = second[(output * rank + r) * Width + j];
        var left = AlternatingLeastSquares.Factor(Products.Transposed(turned, turned, Geometry.Outputs * Width), rank, cancellationToken);
        var right = Cholesky.Factor(ColumnMetric(metric), Side, damping: 0, cancellationToken);
        return gradient =>
        {
            var step = (double[])gradient.Clone();
            right.Solve(step, cancellationToken);
            step = Matrix.Transpose<double>(step, Side);
            left.Solve(step, cancellationToken);
            return Matrix.Transpose<double>(step, rank);
        };
    }

    /// <inheritdoc/>
    protected override NodeProto FirstNode(NodeProto node)
    {
        var first = ConvParts.Like(node);
        ConvParts.KeepAxis(first, 0, Height);
        return first;
    }

    /// <inheritdoc/>
    protected override void PrepareSecond(NodeProto second) => ConvParts.KeepAxis(second, 1, Width);

    /// <inheritdoc/>
    protected override long[] FirstShape(NodeProto node, int rank) => [rank, Geometry.Channels, Height, 1];

    /// <inheritdoc/>
    protected override long[] SecondShape(NodeProto node, int rank) => [Geometry.Outputs, rank, 1, Width];

    // Rearranges the weights so that each row has the weights of one output for one column of the patch.
    private FactorTarget Rearranged(FactorTarget target)
    {
        var weights = new double[target.Weights.Length];
        for (var output = 0; output < Geometry.Outputs; output++)
        for (var side = 0; side < Side; side++)
        for (var j = 0; j < Width; j++)
            weights[(output * Width + j) * Side + side] = target.Weights[(output * Side + side) * Width + j];
        return new FactorTarget(Geometry.Outputs * Width, Side, weights, target.Metric is null ? null : ColumnMetric(target.Metric));
    }

    // Returns the metric of one column of a patch: the mean of the metric over the columns.
    private double[] ColumnMetric(double[] metric)
    {
        var mean = new double[Side * Side];
        for (var row = 0; row < Side; row++)
        for (var column = 0; column < Side; column++)
        for (var j = 0; j < Width; j++)
            mean[row * Side + column] += metric[(row * Width + j) * Geometry.Inputs + column * Width + j] / Width;
        return mean;
    }
}
