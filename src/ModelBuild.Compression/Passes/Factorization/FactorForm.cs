using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// A way to make two layers of one. The features that the first gives are linear in the input, z = T x with T [F, K] made of the first's weights, and Ŵ = S T with the
/// second's weights S [N, F].
/// </summary>
internal abstract class FactorForm(FactorGeometry geometry)
{
    /// <summary>What receipts call it.</summary>
    public abstract string Name { get; }

    /// <summary>The rank from which on nothing is lost.</summary>
    public abstract int FullRank { get; }

    /// <summary>The multiply-adds of both layers for each position of the output and each rank.</summary>
    public abstract double WorkOfRank { get; }

    /// <summary>The layer's sizes.</summary>
    protected FactorGeometry Geometry { get; } = geometry;

    /// <summary>The greatest rank that leaves at most <paramref name="share"/> of the multiply-adds; 0 when there is none.</summary>
    public int RankOfShare(double share) => (int)Math.Min(FullRank, Math.Floor(share * Geometry.Work / WorkOfRank));

    /// <summary>The share of the multiply-adds that a rank leaves.</summary>
    public double Share(int rank) => rank * WorkOfRank / Geometry.Work;

    /// <summary>The factors that fit best, or nearly so.</summary>
    public abstract Factors Fit(FactorTarget target, int rank, CancellationToken cancellationToken);

    /// <summary>How much of the target each rank holds at most: the squares that add up to it, greatest first.</summary>
    public abstract double[] Energies(FactorTarget target, CancellationToken cancellationToken);

    /// <summary>T [F, K] of the first's weights.</summary>
    public abstract double[] Spread(double[] first, int rank);

    /// <summary>Of a gradient with respect to T, the one with respect to the first's weights: the transpose of <see cref="Spread"/>.</summary>
    public abstract double[] Gather(double[] spread, int rank);

    /// <summary>Ŵ [N, K].</summary>
    public double[] Compose(Factors factors) => Products.Of(factors.Second, Spread(factors.First, factors.Rank), factors.Second.Length / Geometry.Outputs);

    /// <summary>The two layers, in the place of one.</summary>
    /// <param name="graph">The graph of the layer; the weights are added to it.</param>
    /// <param name="node">The layer.</param>
    /// <param name="factors">Their weights.</param>
    public (NodeProto First, NodeProto Second) Emit(Graph graph, NodeProto node, Factors factors)
    {
        var between = graph.FreshName($"{node.Output[0]}_factor");
        var name = node.Name.Length > 0 ? graph.FreshName($"{node.Name}_factor") : "";
        var (first, second) = (FirstNode(node), node.Clone());
        (first.Name, second.Input[0]) = (name, between);
        first.Input.Add([node.Input[0], AddWeights(graph, node, "first", FirstShape(node, factors.Rank), FirstElements(node, factors))]);
        first.Output.Add(between);
        second.Input[1] = AddWeights(graph, node, "second", SecondShape(node, factors.Rank), SecondElements(node, factors));
        PrepareSecond(second);
        return (first, second);
    }

    /// <summary>The first layer without name, inputs and outputs.</summary>
    protected abstract NodeProto FirstNode(NodeProto node);

    /// <summary>Gives a copy of the layer the attributes of the second.</summary>
    protected abstract void PrepareSecond(NodeProto second);

    protected abstract long[] FirstShape(NodeProto node, int rank);

    protected abstract long[] SecondShape(NodeProto node, int rank);

    protected virtual double[] FirstElements(NodeProto node, Factors factors) => factors.First;

    protected virtual double[] SecondElements(NodeProto node, Factors factors) => factors.Second;

    private static string AddWeights(Graph graph, NodeProto node, string which, long[] shape, double[] values)
    {
        var name = graph.FreshName($"{node.Input[1]}_{which}");
        graph.AddInitializer(Tensors.Create(name, shape, Array.ConvertAll(values, value => (float)value)));
        return name;
    }
}
