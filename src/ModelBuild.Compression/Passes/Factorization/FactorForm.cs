using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// A method to replace one layer by two layers. The features that the first layer computes are linear in the input, z = T x, where T [F, K] is built from the
/// weights of the first layer. The composed weights are Ŵ = S T, where S [N, F] are the weights of the second layer.
/// </summary>
internal abstract class FactorForm(FactorGeometry geometry)
{
    /// <summary>The name of this form of factorization in receipts.</summary>
    public abstract string Name { get; }

    /// <summary>The smallest rank with which the form represents every weight exactly.</summary>
    public abstract int FullRank { get; }

    /// <summary>The multiply-adds of both layers for each position of the output and each rank.</summary>
    public abstract double WorkOfRank { get; }

    /// <summary>The sizes of the layer that is factorized.</summary>
    protected FactorGeometry Geometry { get; } = geometry;

    /// <summary>Returns the greatest rank that leaves at most <paramref name="share"/> of the multiply-adds; 0 if there is none.</summary>
    public int RankOfShare(double share) => (int)Math.Min(FullRank, Math.Floor(share * Geometry.Work / WorkOfRank));

    /// <summary>Returns the share of the layer's multiply-adds that remains with a rank.</summary>
    public double Share(int rank) => rank * WorkOfRank / Geometry.Work;

    /// <summary>Returns the factors of the best fit of a rank, or a good approximation of it.</summary>
    public abstract Factors Fit(FactorTarget target, int rank, CancellationToken cancellationToken);

    /// <summary>Returns an upper bound of the energy of the target that each rank holds: squares that add up to the energy, greatest first.</summary>
    public abstract double[] Energies(FactorTarget target, CancellationToken cancellationToken);

    /// <summary>Returns the matrix T [F, K], which maps inputs to features, built from the weights of the first layer.</summary>
    public abstract double[] Spread(double[] first, int rank);

    /// <summary>
    /// Returns the gradient with respect to the weights of the first layer for a gradient with respect to T: the transpose of <see cref="Spread"/>.
    /// </summary>
    public abstract double[] Gather(double[] spread, int rank);

    /// <summary>Returns the composed weights Ŵ = S T [N, K] of both layers.</summary>
    public double[] Compose(Factors factors) => Products.Of(factors.Second, Spread(factors.First, factors.Rank), factors.Second.Length / Geometry.Outputs);

    /// <summary>Creates the two nodes that replace the layer.</summary>
    /// <param name="graph">The graph of the layer; the weights are added to it.</param>
    /// <param name="node">The layer.</param>
    /// <param name="factors">The weights of the two layers.</param>
    public (NodeProto First, NodeProto Second) Emit(Graph graph, NodeProto node, Factors factors)
    {
        var between = graph.FreshName($"{node.Output[0]}_factor");
        var name = node.Name.Length > 0 ? graph.FreshName($"{node.Name}_factor") : "";
        var (first, second) = (FirstNode(node), node.Clone());
        var found = WeightedOperator.Of(node);
        (first.Name, second.Input[found.ActivationInput]) = (name, between);
        first.Input.Add([node.Input[found.ActivationInput], AddWeights(graph, node, "first", FirstShape(node, factors.Rank), FirstElements(node, factors))]);
        first.Output.Add(between);
        second.Input[found.WeightInput] = AddWeights(graph, node, "second", SecondShape(node, factors.Rank), SecondElements(node, factors));
        PrepareSecond(second);
        return (first, second);
    }

    /// <summary>Creates the node of the first layer without name, inputs and outputs.</summary>
    protected abstract NodeProto FirstNode(NodeProto node);

    /// <summary>Changes the attributes of a copy of the layer to those of the second layer.</summary>
    protected abstract void PrepareSecond(NodeProto second);

    protected abstract long[] FirstShape(NodeProto node, int rank);

    protected abstract long[] SecondShape(NodeProto node, int rank);

    protected virtual double[] FirstElements(NodeProto node, Factors factors) => factors.First;

    protected virtual double[] SecondElements(NodeProto node, Factors factors) => factors.Second;

    private static string AddWeights(Graph graph, NodeProto node, string which, long[] shape, double[] values)
    {
        var name = graph.FreshName($"{node.Input[WeightedOperator.Of(node).WeightInput]}_{which}");
        graph.AddInitializer(Tensors.Create(name, shape, Array.ConvertAll(values, value => (float)value)));
        return name;
    }
}
